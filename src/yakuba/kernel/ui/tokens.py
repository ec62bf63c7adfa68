"""The Digital Agency's colour tokens that server-made drawings need, by the names of the design system.

Drawings carry the literal values, because they also stand in PDF reports where no stylesheet is read.
`tests/system/test_assets_are_fresh.py` compares them with the token package.
"""

from __future__ import annotations

WHITE = "#ffffff"
BLACK = "#000000"
GRAY_50 = "#f2f2f2"
GRAY_100 = "#e6e6e6"
GRAY_200 = "#cccccc"
GRAY_420 = "#949494"
GRAY_600 = "#666666"
GRAY_700 = "#4d4d4d"
GRAY_800 = "#333333"
GRAY_900 = "#1a1a1a"
BLUE_50 = "#e8f1fe"
BLUE_100 = "#d9e6ff"
BLUE_200 = "#c5d7fb"
BLUE_300 = "#9db7f9"
BLUE_500 = "#4979f5"
BLUE_900 = "#0017c1"
GREEN_50 = "#e6f5ec"
GREEN_200 = "#9bd4b5"
GREEN_800 = "#197a4b"
GREEN_900 = "#115a36"
ORANGE_800 = "#c74700"
RED_900 = "#ce0000"

TOKEN_NAMES: dict[str, str] = {
    "WHITE": "--color-neutral-white",
    "BLACK": "--color-neutral-black",
    **{f"GRAY_{n}": f"--color-neutral-solid-gray-{n}" for n in (50, 100, 200, 420, 600, 700, 800, 900)},
    **{f"BLUE_{n}": f"--color-primitive-blue-{n}" for n in (50, 100, 200, 300, 500, 900)},
    **{f"GREEN_{n}": f"--color-primitive-green-{n}" for n in (50, 200, 800, 900)},
    "ORANGE_800": "--color-primitive-orange-800",
    "RED_900": "--color-primitive-red-900",
}
