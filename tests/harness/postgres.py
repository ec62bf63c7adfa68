"""A throw-away PostgreSQL cluster: own folder, unix socket only, no fsync, gone at the end of the run."""

import glob
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
SUPERUSER = "yakuba"


class NoPostgreSQL(Exception):
    """The server's programs are not installed."""


class Cluster:
    """One server over `folder`. As root its programs run as `postgres` or `nobody`, because they refuse root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = _programs()
        self._server: subprocess.Popen[bytes] | None = None
        self._user = _unprivileged_user() if os.geteuid() == 0 else None

    def start(self, *, durable: bool = False) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        if self._user:
            shutil.chown(self.folder, self._user)
        data = self.folder / "data"
        self._run(
            "initdb", "-D", str(data), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        self.launch(durable=durable)

    def launch(self, *, durable: bool = False) -> None:
        """Start the server over the existing data; `durable` keeps what it acknowledges, for trials that kill it."""
        options = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "max_connections": "100"}
        if not durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(self.programs / "postgres"), "-D", str(self.folder / "data")]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder.parent / "postgresql.log").open("ab") as log:
            self._server = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **self._as_user()
            )
        deadline = time.monotonic() + 30
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start; see {self.folder.parent / 'postgresql.log'}")
            time.sleep(0.05)

    def stop(self) -> None:
        if self._server and self._server.poll() is None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(20)

    def kill(self) -> None:
        """kill -9 of the whole server."""
        if self._server and self._server.poll() is None:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait(20)

    def url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self.folder), safe='')}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """Make a database and return its URL."""
        self._run("createdb", "-h", str(self.folder), "-U", SUPERUSER, "-T", template, database)
        return self.url(database)

    def drop(self, database: str) -> None:
        self._run("dropdb", "-h", str(self.folder), "-U", SUPERUSER, "--if-exists", "--force", database)

    def _answers(self) -> bool:
        ready = [str(self.programs / "pg_isready"), "-q", "-h", str(self.folder), "-U", SUPERUSER, "-d", "postgres"]
        return subprocess.run(ready, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            **self._as_user(),
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip()}")

    def _as_user(self) -> dict[str, object]:
        return {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []} if self._user else {}


def installed() -> bool:
    try:
        _programs()
    except NoPostgreSQL:
        return False
    return True


def _programs() -> Path:
    found = sorted(path for pattern in FOLDERS for path in glob.glob(f"{pattern}/initdb"))
    if not found:
        raise NoPostgreSQL("PostgreSQL がありません: sudo apt-get install postgresql")
    return Path(found[-1]).parent


def _unprivileged_user() -> str:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise RuntimeError("neither a user postgres nor nobody exists")
