"""The town on the page: name, crest and colour from the town profile, with answers for a profile that lacks them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.translation import get_language

from yakuba.kernel.ui.rules import TownColours, town_colours

DEFAULT_COLOUR = "#0017c1"


@dataclass(frozen=True, slots=True)
class TownLook:
    """What layouts show of the town. `crest` is the address of the picture or "", `mark` its stand-in: one letter.

    `name` is in the reader's language; `office` (役場の名), `postal_code`, `address` and `phone` stand in the footer,
    each "" if the profile has none.
    """

    name: str
    crest: str
    mark: str
    office: str
    postal_code: str
    address: str
    phone: str


def town_look() -> TownLook:
    """The town of `settings.TOWN`, named in English on English pages if the profile has that name."""
    town = getattr(settings, "TOWN", None)
    japanese = str(getattr(town, "name", "") or "役場")
    office = str(getattr(town, "office_name", "") or japanese)
    english = str(getattr(town, "name_en", "") or "") if get_language() == "en" else ""
    return TownLook(
        name=english or japanese,
        crest=_crest_address(getattr(town, "crest_path", "")),
        mark=japanese[:1],
        office=f"{english} Office" if english else office,
        postal_code=str(getattr(town, "postal_code", "") or ""),
        address=str(getattr(town, "address", "") or ""),
        phone=str(getattr(town, "phone", "") or ""),
    )


def colours_of_town() -> TownColours:
    """The usable colours of the town; the design system's blue if the profile names none or an unreadable one.

    The check `ui.W001` tells the operator about an unreadable one.
    """
    return _usable(str(getattr(getattr(settings, "TOWN", None), "colour", "") or DEFAULT_COLOUR))


def town_stylesheet() -> str:
    """The town's stylesheet: two custom properties, nothing a profile could inject anything through."""
    colours = colours_of_town()
    return f":root{{--town-colour:{colours.colour};--town-ink:{colours.ink}}}\n"


def stylesheet_version() -> str:
    """Short digest of the town's stylesheet, for its address."""
    return hashlib.sha256(town_stylesheet().encode()).hexdigest()[:8]


@cache
def _usable(colour: str) -> TownColours:
    try:
        return town_colours(colour)
    except ValueError:
        return town_colours(DEFAULT_COLOUR)


def _crest_address(path: object) -> str:
    text = str(path or "")
    if not text:
        return ""
    if text.startswith(("/", "https://")):
        return text if text.startswith(settings.STATIC_URL) else ""
    from django.templatetags.static import static

    try:
        return static(text)
    except ValueError:  # a hashed store that does not hold the picture: the letter stands in
        return ""
