"""The data files of the catalogue, read once per process and again when one of them changes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yakuba.kernel.catalogue.rules.delivery import Delivery, LifeEvent, SectionRole, read_delivery

Stamp = tuple[tuple[str, int, int], ...]


def catalogue_folder() -> Path:
    """`data/procedures/`."""
    return Path(settings.YAKUBA_DATA) / "procedures"


def delivered_catalogue() -> Delivery:
    """The delivered catalogue with its vocabularies; faults are in it."""
    folder = catalogue_folder()
    return _read(str(folder), stamp_of(folder))


def life_events() -> tuple[LifeEvent, ...]:
    """The life events in the order in which they are shown."""
    return tuple(_vocabulary("events.toml").events)


def section_roles() -> dict[str, SectionRole]:
    """The roles sections may have."""
    return _vocabulary("sections.toml").roles


def stamp_of(folder: Path) -> Stamp:
    """Names, sizes and times of the files: equal stamps mean the same content."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        looked = path.stat()
        found.append((path.name, looked.st_size, looked.st_mtime_ns))
    return tuple(found)


def _vocabulary(name: str) -> Delivery:
    """One small file alone: a verb must not wait until the whole catalogue is read."""
    path = catalogue_folder() / name
    looked = path.stat()
    return _read_one(str(path), looked.st_size, looked.st_mtime_ns)


@lru_cache(maxsize=8)
def _read_one(path: str, size: int, changed_at: int) -> Delivery:
    return read_delivery({Path(path).name: Path(path).read_text(encoding="utf-8")})


@lru_cache(maxsize=4)
def _read(folder: str, stamp: Stamp) -> Delivery:
    return read_folder(Path(folder))


def read_folder(folder: Path) -> Delivery:
    """The catalogue of a folder, for checking files that are not the installed ones."""
    return read_delivery({path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))})
