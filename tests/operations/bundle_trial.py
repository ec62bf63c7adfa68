"""The bundle tried where there is no network: installed, opened, upgraded, and refused when it is not what was signed.

`try_bundle(folder)` makes bundles (that needs the network) and then starts this module again in a network namespace
of its own, in which nothing but the loopback exists. Needs `unshare` and the rights to use it.
"""

import array
import contextlib
import fcntl
import http.client
import io
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("src", "data", "requirements", "scripts", "docs", "pyproject.toml", "README.md", "LICENSE", "SECURITY.md")
PORT = 8117
SECONDS_TO_OPEN = 120

GOOD_CHANGE = """
        migrations.RunSQL("CREATE TABLE bundle_trial (id integer)", "DROP TABLE bundle_trial"),
"""
BAD_CHANGE = """
        migrations.RunSQL("CREATE TABLE bundle_trial_half (id integer)", migrations.RunSQL.noop),
        migrations.RunSQL("INSERT INTO no_such_table VALUES (1)", migrations.RunSQL.noop),
"""


# --- outside: making the bundles --------------------------------------------------------------------------------------


def try_bundle(folder: Path, *, made: Path | None = None) -> dict[str, Any]:
    """Everything a town does with bundles; returns what was counted and measured. Raises ``AssertionError``.

    ``made`` is an unpacked bundle whose dependencies are used again; without it they are fetched, as `make bundle` does.
    """
    keys = {name: _key(folder / f"{name}.pem") for name in ("publisher", "stranger")}
    begun = time.monotonic()
    first = _bundle(ROOT, folder / "first", keys["publisher"], reuse=made)
    measured: dict[str, Any] = {
        "archive_mb": round(first.stat().st_size / 1024**2),
        "seconds_to_make": round(time.monotonic() - begun),
    }
    with tarfile.open(first) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    wheels = folder / "unpacked" / first.stem
    later = _later_version(folder / "source-next", of=ROOT, number=1, change=GOOD_CHANGE)
    broken = _later_version(folder / "source-broken", of=later, number=2, change=BAD_CHANGE)
    _bundle(later, folder / "next", keys["publisher"], reuse=wheels)
    _bundle(broken, folder / "broken", keys["publisher"], reuse=wheels)
    _bundle(later, folder / "foreign", keys["stranger"], reuse=wheels)
    shutil.rmtree(folder / "unpacked")
    command = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"]), "--"]
    inside = [sys.executable, "-m", "tests.operations.bundle_trial", str(folder)]
    done = subprocess.run([*command, *inside], cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return measured | json.loads(done.stdout.splitlines()[-1])


def _key(place: Path) -> Path:
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(place)], check=True, capture_output=True)
    return place


def _bundle(source: Path, out: Path, key: Path, *, reuse: Path | None) -> Path:
    command = [sys.executable, str(ROOT / "scripts" / "bundle.py"), "--source", str(source), "--out", str(out)]
    command += ["--key", str(key), *(["--reuse", str(reuse)] if reuse else [])]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.tar"))


def _later_version(place: Path, *, of: Path, number: int, change: str) -> Path:
    """A copy of the sources with a later version and one more migration."""
    place.mkdir()
    for name in SOURCES:
        if (of / name).is_dir():
            shutil.copytree(of / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (of / name).exists():
            shutil.copy2(of / name, place)
    project = place / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    numbered = re.sub(r'^version = "(\d+\.\d+\.\d+)[^"]*"', rf'version = "\1.post{number}"', text, count=1, flags=re.M)
    project.write_text(numbered, encoding="utf-8")
    migrations = place / "src" / "yakuba" / "kernel" / "operations" / "migrations"
    newest = max(one.stem for one in migrations.glob("0*.py"))
    (migrations / f"{int(newest[:4]) + 1:04}_bundle_trial_{number}.py").write_text(
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    atomic = False\n"
        f'    dependencies = [("operations", "{newest}")]\n    operations = [{change}    ]\n',
        encoding="utf-8",
    )
    return place


# --- inside: a machine without a network ------------------------------------------------------------------------------


@dataclass
class Machine:
    """A machine with Debian's own Python, openssl and what the archive brings; nothing of this working copy."""

    folder: Path
    refusals: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8"}

    @property
    def prefix(self) -> Path:
        return self.folder / "opt"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def version(self) -> str:
        return (self.prefix / "current").readlink().name

    def run(self, *command: str | Path) -> tuple[int, str]:
        done = subprocess.run(
            [str(one) for one in command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def yakuba(self, *arguments: str) -> str:
        code, said = self.run(self.prefix / "bin" / "yakuba", *arguments)
        assert code == 0, f"yakuba {' '.join(arguments)}: {said}"
        return said

    def unpacked(self, name: str) -> Path:
        """Check the archive's signature as the instructions say, then unpack it."""
        archive = next((self.folder / name).glob("*.tar"))
        code, said = self.run(*_signature_check(archive, self.folder / "publisher.pub"))
        assert code == 0 or name == "foreign", said
        place = self.folder / f"unpacked-{name}"
        with tarfile.open(archive) as tar:
            tar.extractall(place, filter="data")
        return place / archive.stem

    def install(self, bundle: Path, *more: str) -> tuple[int, str]:
        places = ["--no-service", "--prefix", str(self.prefix), "--home", str(self.home), "--port", str(PORT)]
        return self.run(bundle / "install.sh", *places, *more)

    def installs(self, bundle: Path, *more: str) -> float:
        begun = time.monotonic()
        code, said = self.install(bundle, *more)
        assert code == 0, said
        return round(time.monotonic() - begun, 1)

    def refuses(self, what: str, bundle: Path, words: str, *more: str) -> None:
        before = self.version if (self.prefix / "current").is_symlink() else ""
        code, said = self.install(bundle, *more)
        assert code != 0, f"{what} was installed: {said}"
        assert words in said, f"{what}: {said}"
        assert "Traceback" not in said, said
        after = self.version if (self.prefix / "current").is_symlink() else ""
        assert before == after, f"{what} changed the version in use"
        self.refusals.append(what)

    @contextlib.contextmanager
    def open_town_hall(self) -> Iterator[float]:
        """The town hall as a person opens it; yields the seconds until its health page said ok."""
        begun = time.monotonic()
        said = (self.folder / "run.log").open("wb")
        command = [str(self.prefix / "bin" / "yakuba"), "run", "--port", str(PORT)]
        running = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=said, stderr=said)
        try:
            while ask("/healthz")[0] != 200:
                log = (self.folder / "run.log").read_text(errors="replace")
                assert running.poll() is None, log
                assert time.monotonic() - begun < SECONDS_TO_OPEN, log
                time.sleep(0.1)
            yield round(time.monotonic() - begun, 1)
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(60)
            said.close()
        assert running.returncode == 0, running.returncode
        assert ask("/healthz")[0] == 0, "something still answers"

    def tables(self) -> set[str]:
        return {row[0] for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def rows(self, sql: str) -> Sequence[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.home / "yakuba.sqlite3")) as database:
            return database.execute(sql).fetchall()


def ask(path: str) -> tuple[int, str]:
    """Status (0: nobody answers) and text of a page, as this machine itself asks for it."""
    asking = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    try:
        asking.request("GET", path, headers={"Host": "localhost"})
        answer = asking.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        asking.close()


def _signature_check(archive: Path, key: Path) -> list[str | Path]:
    signature = archive.with_name(f"{archive.name}.sig")
    return ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", archive, "-sigfile", signature]


def loopback_only() -> None:
    """Bring the loopback up and prove that there is nothing else."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        asked = array.array("b", struct.pack("16sh22x", b"lo", 0))
        fcntl.ioctl(control, 0x8913, asked)  # SIOCGIFFLAGS
        flags = struct.unpack("16sh22x", asked.tobytes())[1]
        fcntl.ioctl(control, 0x8914, struct.pack("16sh22x", b"lo", flags | 1))  # SIOCSIFFLAGS, IFF_UP
    names = [name for _, name in socket.if_nameindex()]
    assert names == ["lo"], names
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.settimeout(5)
        try:
            trial.connect(("192.0.2.1", 443))  # an address for examples (RFC 5737): no route may lead there
        except OSError:
            return
    raise AssertionError("there is a network")


def live_without_network(folder: Path) -> dict[str, Any]:
    loopback_only()
    machine = Machine(folder)
    measured: dict[str, Any] = {}
    fingerprint = _publisher(machine)
    _refuse_a_changed_archive(machine)

    first = machine.unpacked("first")
    machine.refuses("no fingerprint", first, "--fingerprint")
    machine.refuses("another fingerprint", first, "指紋が、指定されたものと違います", "--fingerprint", "0" * 64)
    _refuse_changed_folders(machine, first, fingerprint)
    assert not machine.home.exists(), "nothing is made before the signature is good"

    measured["seconds_to_install_with_sample_town"] = machine.installs(first, "--fingerprint", fingerprint, "--sample")
    begun = machine.version
    with machine.open_town_hall() as seconds:
        measured["seconds_to_open"] = seconds
        status, page = ask("/")
        assert status == 200, status
        assert "会津坂下町" in page
        machine.refuses("an open town hall", first, "役場が開いています")
    measured["installed_mb"] = round(_size(machine.prefix / "current" / "venv") / 1024**2)
    measured["seconds_to_install_the_same_again"] = machine.installs(first)
    assert machine.version == begun

    before = _counted(machine)
    measured["seconds_to_upgrade"] = machine.installs(machine.unpacked("next"))
    assert machine.version != begun
    assert "bundle_trial" in machine.tables()
    after = _counted(machine)
    assert {name: (rows, after[name]) for name, rows in before.items() if after[name] < rows} == {}
    measured["rows_kept"] = sum(before.values())
    assert machine.rows("SELECT count(*) FROM audit_auditevent WHERE verb = 'operations.upgrade'") == [(1,)]
    with machine.open_town_hall():
        assert ask("/")[0] == 200

    tables, counted, later = machine.tables(), _counted(machine), machine.version
    machine.refuses("a version whose change fails", machine.unpacked("broken"), "元の状態に戻しました")
    assert machine.tables() == tables
    assert _counted(machine) == counted
    machine.refuses("the version before", first, "より新しい版のものです")
    machine.refuses("another publisher", machine.unpacked("foreign"), "前に入れた版と署名の鍵が違います")
    assert machine.version == later
    with machine.open_town_hall():
        assert ask("/")[0] == 200
    assert json.loads(machine.yakuba("audit", "verify", "--json"))["faults"] == []
    return measured | {"refused": machine.refusals}


def _publisher(machine: Machine) -> str:
    """What a town gets from the publisher on another way: the public key, and its fingerprint."""
    place = machine.folder / "publisher.pub"
    shutil.copy2(next((machine.folder / "first").glob("*.pub")), place)
    der = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", str(place), "-outform", "DER"], capture_output=True, check=True
    ).stdout
    import hashlib

    return hashlib.sha256(der).hexdigest()


def _refuse_a_changed_archive(machine: Machine) -> None:
    archive = next((machine.folder / "first").glob("*.tar"))
    copy = machine.folder / "changed" / archive.name
    copy.parent.mkdir()
    shutil.copy2(archive, copy)
    shutil.copy2(archive.with_name(f"{archive.name}.sig"), copy.parent)
    with copy.open("r+b") as file:
        file.seek(copy.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, io.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    code, said = machine.run(*_signature_check(copy, machine.folder / "publisher.pub"))
    assert code != 0, said
    copy.unlink()
    machine.refusals.append("an archive with one bit changed")


def _refuse_changed_folders(machine: Machine, bundle: Path, fingerprint: str) -> None:
    known = ("--fingerprint", fingerprint)
    wheel = next((bundle / "wheels").glob("yakuba-*.whl"))
    content = wheel.read_bytes()
    wheel.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    machine.refuses("a changed file", bundle, "壊れたファイルがあります", *known)
    sums = (bundle / "SHA256SUMS").read_text()
    changed = subprocess.run(["sha256sum", str(wheel)], capture_output=True, text=True, check=True).stdout[:64]
    listed = re.sub(rf"^[0-9a-f]{{64}}  (wheels/{re.escape(wheel.name)})$", rf"{changed}  \1", sums, flags=re.M)
    assert listed != sums
    (bundle / "SHA256SUMS").write_text(listed)
    machine.refuses("a changed file with its sum", bundle, "署名が正しくありません", *known)
    wheel.write_bytes(content)
    (bundle / "SHA256SUMS").write_text(sums)
    (bundle / "wheels" / "zz_more-1-py3-none-any.whl").write_bytes(b"")
    machine.refuses("one file more", bundle, "署名されていないファイルがあります", *known)
    (bundle / "wheels" / "zz_more-1-py3-none-any.whl").unlink()


def _counted(machine: Machine) -> dict[str, int]:
    changing = {"django_migrations"}
    return {
        name: machine.rows(f'SELECT count(*) FROM "{name}"')[0][0]
        for name in machine.tables() - changing
        if not name.startswith("sqlite_")
    }


def _size(folder: Path) -> int:
    return sum(place.lstat().st_size for place in folder.rglob("*") if place.is_file() and not place.is_symlink())


if __name__ == "__main__":
    print(json.dumps(live_without_network(Path(sys.argv[1])), ensure_ascii=False))
