"""`make bundle`: one signed archive that installs and upgrades a town hall with the network off.

`python scripts/bundle.py [--key FILE] [--out DIR] [--python 3.11 …] [--source DIR] [--reuse FOLDER] [--without-fonts]`

In `dist/`: `yakuba-VERSION-linux-x86_64.tar`, its detached Ed25519 signature (`.tar.sig`) and the public key
(`.pub`). Inside: the wheels of every dependency for each Python version, hash-locked; our own wheel with data and
compiled assets; the fonts as Debian packages; the installer; licences and bill of materials; `SHA256SUMS` over all of
it with a signature of its own, which the installer checks.

The signing key is `--key` (PKCS#8 PEM), else `YAKUBA_BUNDLE_KEY`, else one made in `var/bundle-signing.pem`; keep it
off the machines the bundle is installed on. `--reuse` takes wheels and fonts from an unpacked bundle.
"""

import argparse
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from packaging.markers import Marker

ROOT = Path(__file__).resolve().parent.parent
INSTALLER = ROOT / "scripts" / "installer"
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
FONTS = ("fonts-noto-cjk", "fonts-ipamj-mincho")
_WHEEL = re.compile(r"(?P<name>[^-]+)-(?P<version>[^-]+)-(?:\d[^-]*-)?[^-]+-[^-]+-[^-]+\.whl")


class CannotBundle(Exception):
    """The text tells the person what to do."""


def main() -> int:
    parser = argparse.ArgumentParser(description="ネットワークなしで入れるための一式を作る")
    parser.add_argument("--key", type=Path, default=_from_environment("YAKUBA_BUNDLE_KEY"))
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--python", nargs="+", default=list(PYTHONS), metavar="3.11")
    parser.add_argument("--source", type=Path, default=ROOT)
    parser.add_argument("--reuse", type=Path)
    parser.add_argument("--without-fonts", action="store_true")
    chosen = parser.parse_args()
    try:
        made = make_bundle(
            source=chosen.source.resolve(),
            out=chosen.out.resolve(),
            key=signing_key(chosen.key),
            pythons=chosen.python,
            reuse=chosen.reuse,
            with_fonts=not chosen.without_fonts,
        )
    except CannotBundle as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"できました: {made} （{made.stat().st_size / 1024**2:,.0f} MB）")
    return 0


def make_bundle(
    *, source: Path, out: Path, key: Ed25519PrivateKey, pythons: list[str], reuse: Path | None, with_fonts: bool
) -> Path:
    """Make the archive and its signature in `out`; returns the archive."""
    name = f"yakuba-{version_of(source)}-linux-x86_64"
    folder = out / name
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wheels").mkdir(parents=True)
    tell("役場のパッケージ（wheel）を作っています")
    build_own_wheel(source, folder / "wheels")
    if reuse is not None:
        take_over(reuse, folder)
    else:
        for python in pythons:
            tell(f"依存パッケージをそろえています（Python {python}）")
            download_wheels(source, folder / "wheels", python)
        if with_fonts:
            tell("フォント（Debian パッケージ）をそろえています")
            download_fonts(folder / "debs")
    (folder / "PYTHONS").write_text(" ".join(pythons) + "\n", encoding="utf-8")
    (folder / "VERSION").write_text(version_of(source) + "\n", encoding="utf-8")
    write_lock(source, folder)
    add_papers(source, folder)
    tell("署名しています")
    seal(folder, key)
    archive = pack(folder, out / f"{name}.tar")
    sign_archive(archive, key)
    shutil.rmtree(folder)
    print(f"署名の鍵の指紋: {fingerprint(key)}")
    return archive


def signing_key(place: Path | None) -> Ed25519PrivateKey:
    """The key in `place`; without one, the key of this working copy, made on first use."""
    own = ROOT / "var" / "bundle-signing.pem"
    if place is None and not own.exists():
        own.parent.mkdir(parents=True, exist_ok=True)
        fresh = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(fresh)
        print(f"署名の鍵を作りました: {own}（インストールする機械には置かないでください）")
    try:
        key = load_pem_private_key((place or own).read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as fault:
        raise CannotBundle(
            f"署名の鍵 {place or own} を使えません（{type(fault).__name__}）。Ed25519 の PEM を指定してください: "
            "openssl genpkey -algorithm ed25519 -out bundle-signing.pem"
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise CannotBundle(f"署名の鍵 {place or own} は Ed25519 ではありません。")
    return key


def fingerprint(key: Ed25519PrivateKey) -> str:
    """SHA-256 of the public key (DER), as the installer shows it."""
    return hashlib.sha256(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def version_of(source: Path) -> str:
    return str(tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def build_own_wheel(source: Path, into: Path) -> None:
    constraints = ["--build-constraints", str(ROOT / "requirements" / "build.txt"), "--require-hashes"]
    run([tool("uv"), "build", "--wheel", "--quiet", *constraints, "--out-dir", str(into), str(source)])
    for stray in into.glob(".gitignore"):
        stray.unlink()


def download_wheels(source: Path, into: Path, python: str) -> None:
    """Download what the lock names for one Python version on 64-bit Linux, and `uv`, which installs it there."""
    digits = python.replace(".", "")
    target = ["--python-version", python, "--implementation", "cp"]
    for abi in (f"cp{digits}", "abi3", "none"):
        target += ["--abi", abi]
    for platform in PLATFORMS:
        target += ["--platform", platform]
    for lock in ("run.txt", "uv.txt"):
        wanted = into.parent / f".{lock}"
        wanted.write_text("".join(requirements_for(source / "requirements" / lock, python)), encoding="utf-8")
        run(
            [
                *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"),
                *("--require-hashes", "-r", str(wanted), *target, "-d", str(into)),
            ]
        )
        wanted.unlink()


def requirements_for(lock: Path, python: str) -> Iterator[str]:
    """The requirements of a lock whose marker holds for this Python on 64-bit Linux, each with its hashes."""
    surroundings = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "sys_platform": "linux",
        "os_name": "posix",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
    }
    for requirement, marker, hashes in locked(lock):
        if not marker or Marker(marker).evaluate(surroundings):
            yield f"{requirement} {' '.join(f'--hash={one}' for one in hashes)}\n"


def locked(lock: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Requirement (`name==version`), marker and hashes of each entry of a lock."""
    text = re.sub(r"\\\n", " ", lock.read_text(encoding="utf-8"))
    for line in text.splitlines():
        words = line.split("#")[0].strip()
        if words:
            head, *hashes = re.split(r"\s+--hash=", words)
            requirement, _, marker = head.partition(";")
            yield requirement.strip(), marker.strip(), [one.strip() for one in hashes]


def download_fonts(into: Path) -> None:
    """`apt-get download`; without apt the bundle has no fonts and says so."""
    into.mkdir()
    if not shutil.which("apt-get"):
        print("  apt-get がないため、フォントは入りません。")
        return
    done = subprocess.run(
        ["apt-get", "download", "-q", *FONTS], cwd=into, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        raise CannotBundle(
            f"フォントを取得できません:\n{done.stderr.strip()[-500:]}\n"
            "apt-get update をしてからやり直すか、--without-fonts を付けてください。"
        )


def take_over(reuse: Path, folder: Path) -> None:
    """Wheels of dependencies, and fonts, from an unpacked bundle."""
    for wheel in (reuse / "wheels").glob("*.whl"):
        if not wheel.name.startswith("yakuba-"):
            shutil.copy2(wheel, folder / "wheels")
    if (reuse / "debs").is_dir():
        shutil.copytree(reuse / "debs", folder / "debs")


def write_lock(source: Path, folder: Path) -> None:
    """`requirements.txt` of the bundle: the lock with the hashes of exactly the wheels that lie beside it."""
    hashes: dict[tuple[str, str], list[str]] = {}
    for wheel in sorted((folder / "wheels").glob("*.whl")):
        found = _WHEEL.fullmatch(wheel.name)
        if not found:
            raise CannotBundle(f"wheel の名前を読めません: {wheel.name}")
        key = (normal(found["name"]), found["version"])
        hashes.setdefault(key, []).append(hashlib.sha256(wheel.read_bytes()).hexdigest())
    lines = []
    for requirement, marker, _ in [
        *locked(source / "requirements" / "run.txt"),
        (f"yakuba=={version_of(source)}", "", []),
    ]:
        name, _, version = requirement.partition("==")
        here = hashes.get((normal(name), version))
        if here:
            condition = f" ; {marker}" if marker else ""
            lines.append(f"{requirement}{condition} " + " ".join(f"--hash=sha256:{one}" for one in here))
        elif "win32" not in marker and "pypy" not in marker:
            raise CannotBundle(f"{requirement} の wheel がありません。")
    (folder / "requirements.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def add_papers(source: Path, folder: Path) -> None:
    """Installer, service, instructions, licences, bill of materials."""
    for place in sorted(INSTALLER.iterdir()):
        shutil.copy2(place, folder / place.name)
    (folder / "install.sh").chmod(0o755)
    docs = folder / "docs"
    docs.mkdir()
    for name in ("operations.ja.md", "operations.md", "threat-model.md", "dependencies.md"):
        if (source / "docs" / name).exists():
            shutil.copy2(source / "docs" / name, docs)
    for name in ("LICENSE", "SECURITY.md", "README.md"):
        if (source / name).exists():
            shutil.copy2(source / name, docs)
    shutil.copy2(source / "scripts" / "apt-run.txt", docs / "system-packages.txt")
    run([sys.executable, str(ROOT / "scripts" / "dependencies.py"), "--sbom", str(docs / "sbom.cdx.json")])


def seal(folder: Path, key: Ed25519PrivateKey) -> None:
    """`SHA256SUMS` over every file, its signature, and the public key."""
    files = sorted(place for place in folder.rglob("*") if place.is_file())
    sums = "".join(
        f"{hashlib.sha256(place.read_bytes()).hexdigest()}  {place.relative_to(folder).as_posix()}\n" for place in files
    )
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
    (folder / "SHA256SUMS.sig").write_bytes(key.sign(sums.encode()))
    (folder / "yakuba-bundle.pub").write_bytes(public_pem(key))


def pack(folder: Path, archive: Path) -> Path:
    """A tar that is the same for the same content: sorted, without owners, dated like the sources."""
    moment = source_date()

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = moment
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as tar:
        tar.add(folder, arcname=folder.name, recursive=False, filter=plain)
        for place in sorted(folder.rglob("*")):
            tar.add(
                place, arcname=f"{folder.name}/{place.relative_to(folder).as_posix()}", recursive=False, filter=plain
            )
    return archive


def sign_archive(archive: Path, key: Ed25519PrivateKey) -> None:
    """A detached signature, checked before anything is unpacked."""
    archive.with_name(f"{archive.name}.sig").write_bytes(key.sign(archive.read_bytes()))
    archive.with_suffix(".pub").write_bytes(public_pem(key))


def public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def source_date() -> int:
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdigit():
        return int(given)
    said = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(said.stdout) if said.stdout.strip().isdigit() else 0


def tool(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else name


def run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        said = io.StringIO(done.stdout + done.stderr).read()[-2000:]
        raise CannotBundle(f"次のコマンドが失敗しました:\n  {' '.join(command[:6])} …\n{said}")


def tell(text: str) -> None:
    print(f"{text}…", flush=True)


def _from_environment(name: str) -> Path | None:
    return Path(os.environ[name]) if os.environ.get(name) else None


if __name__ == "__main__":
    sys.exit(main())
