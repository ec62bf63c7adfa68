"""`make bundle`: one signed archive in `dist/` that installs and upgrades Yakuba where there is no network.

Inside: the wheels of every locked dependency and of Yakuba itself, the fonts' Debian packages where they can be
fetched, the installer, checksums of all files and a signature over them. Another folder than `dist/` may be named as
the argument. The private key (Ed25519) stays with whoever publishes: `YAKUBA_BUNDLE_KEY`, or `~/.config/yakuba/bundle-key.pem`, made on first use.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
INSTALLER = ROOT / "scripts" / "offline"
PYTHON_TAG = f"python{sys.version_info.major}.{sys.version_info.minor}"


def main() -> int:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    revision = _run(["git", "rev-parse", "--short=12", "HEAD"]).strip()
    if _run(["git", "status", "--porcelain", "--untracked-files=no"]).strip():
        revision += "-modified"
    name = f"yakuba-{version}-{revision}"
    archive = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "dist") / f"{name}-{PYTHON_TAG}.tar.gz"
    archive.parent.mkdir(exist_ok=True, parents=True)
    with tempfile.TemporaryDirectory(prefix="yakuba-bundle-") as work:
        folder = Path(work) / name
        folder.mkdir()
        (folder / "VERSION").write_text(f"{version}-{revision}\n")
        _wheels(folder)
        _fonts(folder / "debs")
        for each in INSTALLER.iterdir():
            if each.is_file():
                shutil.copy(each, folder / each.name)
        key = _key()
        public = key.public_key()
        (folder / "publisher.pem").write_bytes(
            public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        )
        sums = folder / "SHA256SUMS"
        sums.write_text("".join(f"{_digest(path)}  {path.relative_to(folder)}\n" for path in _files(folder)))
        (folder / "SHA256SUMS.sig").write_bytes(key.sign(sums.read_bytes()))
        with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
            tar.add(folder, arcname=name)
        fingerprint = _digest(folder / "publisher.pem")
    print(f"できました: {archive}（{archive.stat().st_size // 1_000_000} MB、{PYTHON_TAG} 用）")
    print(f"発行者の指紋: {fingerprint}")
    print("町では: 指紋を別の経路（電話など）で確かめ、展開したフォルダーで次を実行します")
    print("  python3 install.py --to /opt/yakuba --home /var/lib/yakuba --publisher 指紋")
    return 0


def _wheels(folder: Path) -> None:
    """Everything that `pip` must find on the other side: our wheel, the locked ones, and their list."""
    target = folder / "wheels"
    target.mkdir()
    shutil.copy(ROOT / "requirements" / "run.txt", folder / "requirements.txt")
    print("パッケージを集めています…", flush=True)
    _run([str(BIN / "python"), "-m", "pip", "download", "-qq", "--no-deps", "--require-hashes", "--only-binary", ":all:",
          "-r", "requirements/run.txt", "-d", str(target)])  # fmt: skip
    _run([str(BIN / "uv"), "build", "--quiet", "--wheel", "--build-constraints", "requirements/build.txt",
          "--out-dir", str(target)])  # fmt: skip
    (target / ".gitignore").unlink(missing_ok=True)


def _fonts(target: Path) -> None:
    """Debian packages of the fonts; elsewhere than on Debian the bundle goes without them and the doctor says so."""
    target.mkdir()
    packages = [
        line.split()[0]
        for line in (ROOT / "scripts" / "apt-run.txt").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    if not shutil.which("apt-get"):
        return
    target.chmod(0o777)  # apt fetches as a user of its own
    done = subprocess.run(["apt-get", "download", "-q", *packages], cwd=target, capture_output=True, check=False)
    if done.returncode:
        print(f"書体のパッケージは取り込めませんでした: {' '.join(packages)}")
    target.chmod(0o755)


def _key() -> Ed25519PrivateKey:
    place = Path(os.environ.get("YAKUBA_BUNDLE_KEY") or Path.home() / ".config" / "yakuba" / "bundle-key.pem")
    if place.exists():
        loaded = serialization.load_pem_private_key(place.read_bytes(), password=None)
        if not isinstance(loaded, Ed25519PrivateKey):
            raise SystemExit(f"{place} は Ed25519 の鍵ではありません")
        return loaded
    fresh = Ed25519PrivateKey.generate()
    place.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(
            fresh.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    print(f"署名の鍵を作りました: {place}（失うと次の版に署名できません。控えを取ってください）")
    return fresh


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"失敗しました: {' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
