"""Installs or upgrades Yakuba from this folder, without a network. Needs Python with venv, and openssl.

python3 install.py --to /opt/yakuba --home /var/lib/yakuba --publisher FINGERPRINT

Every version gets a folder of its own below `--to`; `current` points at the one in use, so going back is one link.
The fingerprint is asked for once: an upgrade is only taken from the publisher of the installation.
"""

import argparse
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Refused(Exception):
    """The text tells the person what to do."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, required=True, help="プログラムの場所")
    parser.add_argument("--home", type=Path, required=True, help="データの場所（YAKUBA_HOME）")
    parser.add_argument("--publisher", help="発行者の指紋（初回だけ）")
    chosen = parser.parse_args()
    try:
        check_publisher(chosen.to, chosen.publisher)
        check_files()
        install(chosen.to.resolve(), chosen.home.resolve())
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def check_publisher(place: Path, fingerprint: str | None) -> None:
    """The publisher is the one named, or the one of the installation that is upgraded."""
    found = _digest(HERE / "publisher.pem")
    known = place / "publisher.pem"
    expected = _digest(known) if known.exists() else fingerprint
    if not expected:
        raise Refused("発行者の指紋を --publisher で指定してください。発行者に電話などで確かめた値を使います。")
    if found != expected.strip().lower():
        raise Refused(
            f"発行者が違います。この一式の指紋は {found} です。入れてはいけません。発行者に確かめてください。"
        )


def check_files() -> None:
    """The checksums are signed by the publisher, and every file is listed and unchanged."""
    openssl = shutil.which("openssl")
    if not openssl:
        raise Refused("openssl がありません。入れてからもう一度実行してください。")
    verified = subprocess.run(
        [openssl, "pkeyutl", "-verify", "-pubin", "-inkey", "publisher.pem", "-rawin",
         "-in", "SHA256SUMS", "-sigfile", "SHA256SUMS.sig"],
        cwd=HERE, capture_output=True, check=False,
    )  # fmt: skip
    if verified.returncode:
        raise Refused("署名が正しくありません。一式が壊れているか、書き換えられています。入れてはいけません。")
    listed = {}
    for line in (HERE / "SHA256SUMS").read_text().splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
    present = {
        str(path.relative_to(HERE)) for path in HERE.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    strange = present - set(listed) - {"SHA256SUMS", "SHA256SUMS.sig"}
    if strange:
        raise Refused(f"一覧にないファイルがあります: {', '.join(sorted(strange)[:5])}。展開し直してください。")
    for name, digest in listed.items():
        if not (HERE / name).exists() or _digest(HERE / name) != digest:
            raise Refused(f"{name} が壊れているか、書き換えられています。もう一度受け取ってください。")


def install(place: Path, home: Path) -> None:
    """Put this version beside the others and point `current` at it; the town's data are brought along by `yakuba`."""
    version = (HERE / "VERSION").read_text().strip()
    target = place / version
    finished = target / ".installed"
    if not finished.exists():
        shutil.rmtree(target, ignore_errors=True)
        place.mkdir(parents=True, exist_ok=True)
        print(f"{version} を {target} に入れています…", flush=True)
        _run([sys.executable, "-m", "venv", str(target)], "python3-venv を入れてからもう一度実行してください。")
        pip = [
            str(target / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "-q",
            "--no-index",
            "--disable-pip-version-check",
        ]
        wheels = str(HERE / "wheels")
        _run([*pip, "--no-deps", "--require-hashes", "--find-links", wheels, "-r", str(HERE / "requirements.txt")])
        own = glob.glob(str(HERE / "wheels" / "yakuba-*.whl"))
        _run([*pip, "--no-deps", *own])
        finished.touch()
    shutil.copy(HERE / "publisher.pem", place / "publisher.pem")
    _fonts()
    _bring_data_along(target, home)
    _point(place / "current", target)
    print(
        f"入りました。起動: YAKUBA_HOME={home} {place}/current/bin/yakuba run\n"
        f"前の版に戻すには、{place}/current を前のフォルダーに向け直します。"
    )


def _bring_data_along(target: Path, home: Path) -> None:
    """A new home is made; an existing one is brought to the new version by `yakuba upgrade`, which keeps a backup."""
    yakuba, environment = str(target / "bin" / "yakuba"), os.environ | {"YAKUBA_HOME": str(home)}
    _run([yakuba, "upgrade" if home.exists() and any(home.iterdir()) else "init"], environment=environment)


def _fonts() -> None:
    """The fonts for screen and print, where this user may install them."""
    packages = sorted(glob.glob(str(HERE / "debs" / "*.deb")))
    if not packages or os.geteuid() != 0 or not shutil.which("dpkg"):
        return
    done = subprocess.run(["dpkg", "-i", "--skip-same-version", *packages], capture_output=True, check=False)
    if done.returncode:
        print("書体は入りませんでした。「yakuba doctor」で確かめてください。")


def _point(link: Path, target: Path) -> None:
    """Replace the link in one step: there is never a moment without a version."""
    with tempfile.TemporaryDirectory(dir=link.parent) as folder:
        fresh = Path(folder) / "current"
        fresh.symlink_to(target)
        fresh.replace(link)


def _run(command: list[str], advice: str = "", environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Refused(f"失敗しました: {' '.join(command)}\n{advice}")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
