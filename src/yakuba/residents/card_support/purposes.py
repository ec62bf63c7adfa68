"""The purposes in force: the town's own file, else the delivered one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yakuba.residents.card_support.rules.purposes import Purpose, read_purposes

DELIVERED = Path("card_support") / "purposes.toml"
OWN = "card_purposes.toml"


def purposes_file() -> Path:
    """``YAKUBA_HOME/card_purposes.toml`` if the town keeps one, else ``data/card_support/purposes.toml``."""
    own = Path(settings.YAKUBA_HOME) / OWN
    return own if own.exists() else Path(settings.YAKUBA_DATA) / DELIVERED


def purposes() -> tuple[Purpose, ...]:
    """All purposes in the order of the file. Raises `Refusal` for a file that cannot be used (the doctor tells too)."""
    path = purposes_file()
    return _read(path, path.stat().st_mtime_ns)


def purpose_of(key: str) -> Purpose | None:
    """One purpose."""
    return next((one for one in purposes() if one.key == key), None)


def bookable() -> tuple[Purpose, ...]:
    """The purposes one books an appointment for."""
    return tuple(one for one in purposes() if one.is_booked)


def purpose_title(key: str, language: str = "ja") -> str:
    """What a stored purpose is called; its key if the file no longer has it."""
    found = purpose_of(key)
    return found.title.in_language(language) if found else key


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> tuple[Purpose, ...]:
    return read_purposes(path.read_text(encoding="utf-8"))
