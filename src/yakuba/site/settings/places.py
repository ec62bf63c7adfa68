"""Where this installation keeps its things."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]


def home() -> Path:
    """``YAKUBA_HOME``: database, files, secrets, logs of this installation (default ``./var``)."""
    return Path(os.environ.get("YAKUBA_HOME", "var")).resolve()


def data() -> Path:
    """The ``data/`` folder: plans, town profiles, catalogues."""
    given = os.environ.get("YAKUBA_DATA")
    if given:
        return Path(given).resolve()
    inside_wheel = PACKAGE / "_data"
    return inside_wheel if inside_wheel.is_dir() else PACKAGE.parents[1] / "data"


def town_file() -> Path:
    """The profile in force: ``YAKUBA_HOME/town.toml``, else the profile of ``YAKUBA_TOWN`` (default 074217)."""
    own = home() / "town.toml"
    return own if own.exists() else data() / "towns" / os.environ.get("YAKUBA_TOWN", "074217") / "town.toml"


def secret(name: str) -> bytes:
    """A key of this installation from ``YAKUBA_HOME/secrets/<name>.key``, made on first use, readable by us only."""
    path = home() / "secrets" / f"{name}.key"
    try:
        return path.read_bytes().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = secrets.token_hex(32).encode()
        unfinished = path.with_name(f".{name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(fresh)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(unfinished, path)  # fails if another process was first: then theirs counts
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
        return path.read_bytes().strip()
