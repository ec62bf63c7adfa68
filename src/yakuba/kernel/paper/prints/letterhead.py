"""What the head of a print says about the town."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Town and office as prints show them.

    `crest` is the town's crest (町章) as SVG or PNG bytes; without one the head is set in letters only.
    """

    town: str
    office: str = ""
    postal_code: str = ""
    address: str = ""
    phone: str = ""
    crest: bytes | None = None

    @property
    def crest_file(self) -> str:
        """The file name the crest is given to the typesetter under; empty without a crest."""
        if not self.crest:
            return ""
        return "/crest.png" if self.crest.startswith(b"\x89PNG") else "/crest.svg"


def town_letterhead() -> Letterhead:
    """The letterhead of this installation's town, crest included if the profile names one."""
    town = settings.TOWN
    place = finders.find(town.crest_path) if town.crest_path else None
    return Letterhead(
        town=town.name,
        office=town.office_name,
        postal_code=town.postal_code,
        address=town.address,
        phone=town.phone,
        crest=Path(place).read_bytes() if isinstance(place, str) else None,
    )
