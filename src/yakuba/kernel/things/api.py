"""Public names of ``kernel.things``: pointing at anything, and what is stored about people."""

from yakuba.kernel.things.checkup import Finding, Level, all_checkups, checkup
from yakuba.kernel.things.personal import NO_PERSONAL_DATA, DataClass, PersonalData
from yakuba.kernel.things.refs import (
    Description,
    Ref,
    Shown,
    describe,
    described_kinds,
    description_of,
    load,
    ref_of,
    show,
)
from yakuba.kernel.things.zones import TownHallApp, Zone

__all__ = [
    "NO_PERSONAL_DATA",
    "DataClass",
    "Description",
    "Finding",
    "Level",
    "PersonalData",
    "Ref",
    "Shown",
    "TownHallApp",
    "Zone",
    "all_checkups",
    "checkup",
    "describe",
    "described_kinds",
    "description_of",
    "load",
    "ref_of",
    "show",
]
