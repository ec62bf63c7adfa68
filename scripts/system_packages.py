"""Debian packages the town hall or its tests need: which are missing, and installing them where that is allowed."""

import glob
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
LISTS = {"run": ("apt-run.txt",), "test": ("apt-run.txt", "apt-test.txt")}


@dataclass(frozen=True)
class SystemPackage:
    """One line of `apt-*.txt`: present when any of the `proofs` exists, whoever installed it."""

    name: str
    proofs: tuple[str, ...]
    purpose: str

    @property
    def present(self) -> bool:
        return any(glob.glob(proof) for proof in self.proofs)


def needed_for(purpose: str) -> list[SystemPackage]:
    """The packages for "run" or "test"."""
    packages = []
    for name in LISTS[purpose]:
        for line in (HERE / name).read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                package, *rest = line.split()
                proofs = tuple(word for word in rest if word.startswith("/"))
                packages.append(SystemPackage(package, proofs, purpose=" ".join(rest[len(proofs) :])))
    return packages


def missing_for(purpose: str) -> list[SystemPackage]:
    return [package for package in needed_for(purpose) if not package.present]


def may_install() -> bool:
    """Root, or a sudo that asks nothing; `YAKUBA_NO_APT=1` forbids it."""
    return bool(_apt_get())


def install(names: list[str]) -> bool:
    """Install the packages; returns whether apt-get said it worked."""
    apt_get = _apt_get()
    if not apt_get:
        return False
    command = [*apt_get, "install", "-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", *names]
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    if _quietly(command, quiet):
        return True
    return _quietly([*apt_get, "update", "-q"], quiet) and _quietly(command, quiet, show=True)


def complete(purpose: str) -> list[SystemPackage]:
    """Install what is missing if allowed; returns what is still missing, having told the person how to get it."""
    missing = missing_for(purpose)
    if not missing:
        return []
    names = [package.name for package in missing]
    if may_install():
        print(f"システムのパッケージを入れています: {' '.join(names)}", flush=True)
        install(names)
        missing = missing_for(purpose)
    if missing:
        print("次のシステムパッケージがありません:")
        for package in missing:
            print(f"  {package.name}（{package.purpose}）")
        print(f"管理者に頼んで入れてください: sudo apt-get install {' '.join(p.name for p in missing)}", flush=True)
    return missing


def _apt_get() -> list[str]:
    if os.environ.get("YAKUBA_NO_APT") or not shutil.which("apt-get"):
        return []
    if os.geteuid() == 0:
        return ["apt-get"]
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    return []


def _quietly(command: list[str], environment: dict[str, str], *, show: bool = False) -> bool:
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode and show:
        sys.stderr.write((done.stdout + done.stderr)[-2000:])
    return done.returncode == 0
