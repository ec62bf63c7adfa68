"""Makes the Python environment that `make` needs, and does nothing when it is there already.

`python3 scripts/environment.py run|test|assets` — needs Python 3.11 or later and nothing else. What was installed is
remembered in `.venv` under a digest of the locks and of `pyproject.toml`, so a second start costs no time and no
network. Everything is installed from `requirements/*.txt` with hashes; where packages come from is left to the
machine's own settings (a mirror, or the wheels of the offline bundle in `YAKUBA_WHEELS`).
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import system_packages

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
LOCKS = {"run": "run.txt", "test": "test.txt"}
OLDEST_NODE = 20


class CannotGoOn(Exception):
    """The text tells the person what to do."""


def main() -> int:
    purpose = sys.argv[1] if len(sys.argv) == 2 else ""
    if purpose not in ("run", "test", "assets"):
        print(__doc__)
        return 2
    try:
        make_environment("run" if purpose == "run" else "test")
        if purpose in ("test", "assets"):
            make_node_modules()
    except CannotGoOn as problem:
        print(problem, file=sys.stderr)
        return 1
    if purpose != "assets":
        system_packages.complete(purpose)
    return 0


def make_environment(purpose: str) -> None:
    """Bring `.venv` to the state of the lock for "run" or "test"; the latter contains the former."""
    wanted = _digest(purpose)
    if _remembered("test") == _digest("test") or _remembered(purpose) == wanted:
        return
    if not _works(PYTHON):
        _create_venv()
    _install_uv()
    print("Python のパッケージをそろえています（初回は 1 分ほど）…", flush=True)
    # Compiled once here: every later start reads bytecode, also where Python may not write it itself.
    _uv("install", "--quiet", "--compile-bytecode", "--require-hashes", "-r", f"requirements/{LOCKS[purpose]}")
    if not os.environ.get("YAKUBA_WHEELS"):
        _uv("install", "--quiet", "--no-deps", "--build-constraints", "requirements/build.txt", "--editable", ".")
    else:
        _uv("install", "--quiet", "--no-deps", "yakuba")
    _run([str(PYTHON), "-m", "compileall", "-q", "src"])
    _stamp(purpose).write_text(wanted)


def make_node_modules() -> None:
    """The browser checks need axe-core, and rebuilt assets need their compilers: what `package-lock.json` names."""
    lock = ROOT / "package-lock.json"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = ROOT / "node_modules" / ".installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    _make_node()
    print("アセットの道具をそろえています…", flush=True)
    environment = os.environ | {"PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    npm = shutil.which("npm", path=environment["PATH"]) or "npm"
    # Not `npm ci`: it refuses a lock that leaves out the builds of a package for other systems.
    _run([npm, "install", "--no-save", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"], environment)
    stamp.write_text(wanted)


def _make_node() -> None:
    if shutil.which("npm") and _node_is_new_enough(shutil.which("node")):
        return
    if _node_is_new_enough(str(VENV / "bin" / "node")):
        return
    print("Node を .venv に入れています…", flush=True)
    _uv("install", "--quiet", "--require-hashes", "-r", "requirements/node.txt")


def _node_is_new_enough(node: str | None) -> bool:
    if node is None or not Path(node).exists():
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return said[:1] == "v" and said[1:].partition(".")[0].isdigit() and int(said[1:].partition(".")[0]) >= OLDEST_NODE


def _create_venv() -> None:
    print("Python の環境を作っています（.venv）…", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    if _venv_command():
        return
    package = f"python3.{sys.version_info.minor}-venv" if shutil.which("apt-get") else "venv"
    for name in (package, "python3-venv"):
        if system_packages.may_install() and system_packages.install([name]):
            shutil.rmtree(VENV, ignore_errors=True)
            if _venv_command():
                return
    shutil.rmtree(VENV, ignore_errors=True)
    raise CannotGoOn(
        "Python の仮想環境を作れません。次のパッケージを入れてから、もう一度実行してください:\n"
        "  sudo apt-get install python3-venv\n"
        "The Python package for virtual environments (python3-venv) is missing."
    )


def _venv_command() -> bool:
    return subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, check=False).returncode == 0


def _install_uv() -> None:
    if _works(VENV / "bin" / "uv"):
        return
    _run([str(PYTHON), "-m", "pip", "install", "-qq", *_wheels(), "--require-hashes", "-r", "requirements/uv.txt"])


def _uv(*arguments: str) -> None:
    action, *rest = arguments
    environment = os.environ | {"VIRTUAL_ENV": str(VENV)}
    _run([str(VENV / "bin" / "uv"), "pip", action, "--python", str(PYTHON), *_wheels(), *rest], environment)


def _wheels() -> list[str]:
    folder = os.environ.get("YAKUBA_WHEELS")
    return ["--no-index", "--find-links", folder] if folder else []


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise CannotGoOn(
            f"次のコマンドが失敗しました（上の出力が理由です）:\n  {' '.join(command)}\n"
            "ネットワークにつながっているか確かめて、もう一度実行してください。\n"
            "The command above failed; check the network and try again."
        )


def _works(program: Path) -> bool:
    try:
        return subprocess.run([str(program), "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _digest(purpose: str) -> str:
    """What the environment depends on; the folder counts too, because a moved environment has broken scripts."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {VENV}".encode())
    for path in (REQUIREMENTS / LOCKS[purpose], ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamp(purpose: str) -> Path:
    return VENV / f".installed-{purpose}"


def _remembered(purpose: str) -> str:
    try:
        return _stamp(purpose).read_text() if PYTHON.exists() else ""
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
