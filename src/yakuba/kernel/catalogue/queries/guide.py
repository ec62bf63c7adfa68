"""The guides of `data/procedures/guide.toml`, read once and again when the file changes."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from yakuba.kernel.catalogue.queries.delivery import Stamp, catalogue_folder, stamp_of
from yakuba.kernel.catalogue.rules.content import Fault
from yakuba.kernel.catalogue.rules.guide import Guide, read_guides, unknown_procedures

_FILE = "guide.toml"


def guides() -> dict[str, Guide]:
    """The sound guides by life event."""
    folder = catalogue_folder()
    found, _ = _read(str(folder), stamp_of(folder))
    return {guide.event: guide for guide in found}


def guide_faults(folder: Path, known: Collection[str]) -> tuple[Fault, ...]:
    """Everything wrong with the guides of a folder; `known` are the keys of its procedures."""
    found, faults = _read_folder(folder)
    return (*faults, *unknown_procedures(found, known))


@lru_cache(maxsize=4)
def _read(folder: str, stamp: Stamp) -> tuple[tuple[Guide, ...], tuple[Fault, ...]]:
    return _read_folder(Path(folder))


def _read_folder(folder: Path) -> tuple[tuple[Guide, ...], tuple[Fault, ...]]:
    path = folder / _FILE
    return read_guides(path.read_text(encoding="utf-8")) if path.is_file() else ((), ())
