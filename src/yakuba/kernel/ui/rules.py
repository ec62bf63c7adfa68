"""Decisions about colour: contrast as WCAG 2.2 measures it, and the town's colour made usable."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)

LEAST_FOR_LINES = 3.0
"""Least contrast of a line or mark against its surroundings (WCAG 2.2, 1.4.11)."""

LEAST_FOR_TEXT = 4.5
"""Least contrast of text against its ground (WCAG 2.2, 1.4.3)."""

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class TownColours:
    """What the town's colour becomes on the page.

    `colour` is a line or surface on white, `ink` the text upon it (black or white), both `#rrggbb`;
    `darkened` tells that the town's own value was too pale for a line on white and was darkened.
    """

    colour: str
    ink: str
    darkened: bool


def parse_hex(text: str) -> Rgb:
    """Read `#rgb` or `#rrggbb`. Raises `ValueError` on anything else."""
    found = _HEX.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a colour of the form #rrggbb")
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def to_hex(rgb: Rgb) -> str:
    """`#rrggbb` in small letters."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio from 1 (same) to 21 (black on white). Source: WCAG 2.2, definition of contrast ratio."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def town_colours(colour: str) -> TownColours:
    """Make the town's colour usable: dark enough for a line on white, with a readable ink upon it.

    Hue is kept; only the lightness sinks, in steps of 4 %. Raises `ValueError` if `colour` is no colour.
    """
    given = parse_hex(colour)
    usable = given
    while contrast(usable, (255, 255, 255)) < LEAST_FOR_LINES:
        usable = (int(usable[0] * 0.96), int(usable[1] * 0.96), int(usable[2] * 0.96))
    ink: Rgb = (255, 255, 255) if contrast(usable, (255, 255, 255)) >= LEAST_FOR_TEXT else (0, 0, 0)
    return TownColours(to_hex(usable), to_hex(ink), usable != given)


def _luminance(rgb: Rgb) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(part) for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
