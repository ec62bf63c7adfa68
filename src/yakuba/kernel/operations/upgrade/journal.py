"""What is written down about the last upgrade: enough to take up a killed one, and to tell what happened."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from yakuba.kernel.operations.upgrade.rules import Phase


@dataclass(frozen=True)
class Journal:
    """``version``: the one reached or returned to. ``facts``: of the database before, while an upgrade is open."""

    phase: Phase
    version: str
    at: str
    backup: str = ""
    why: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def journal_file(home: Path) -> Path:
    return home / "upgrade" / "journal.json"


def read_journal(home: Path) -> Journal | None:
    """``None`` before the first upgrade."""
    try:
        written = json.loads(journal_file(home).read_text(encoding="utf-8"))
        return Journal(**{**written, "phase": Phase(written["phase"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_journal(home: Path, journal: Journal) -> None:
    """Replace the journal; it is on the disk when this returns."""
    place = journal_file(home)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = place.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(journal), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
