"""The town's colour is made usable, whatever a profile says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.ui.rules import LEAST_FOR_LINES, LEAST_FOR_TEXT, contrast, parse_hex, to_hex, town_colours


def test_black_on_white_has_the_greatest_contrast() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21.0)
    assert contrast((10, 20, 30), (10, 20, 30)) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "rgb"), [("#0017c1", (0, 23, 193)), ("#FFF", (255, 255, 255)), (" #1a2b3c ", (26, 43, 60))]
)
def test_a_colour_is_read_in_short_and_long_form(text: str, rgb: tuple[int, int, int]) -> None:
    assert parse_hex(text) == rgb


@pytest.mark.parametrize("text", ["", "red", "#12345", "#gggggg", "#0017c1;}body{display:none", "rgb(0,0,0)"])
def test_anything_else_is_no_colour(text: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        parse_hex(text)


def test_a_dark_colour_stays_as_the_town_chose_it() -> None:
    colours = town_colours("#00629b")
    assert (colours.colour, colours.ink, colours.darkened) == ("#00629b", "#ffffff", False)


def test_a_pale_colour_is_darkened_until_a_line_can_be_seen() -> None:
    colours = town_colours("#ffe380")
    assert colours.darkened
    assert contrast(parse_hex(colours.colour), (255, 255, 255)) >= LEAST_FOR_LINES


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_every_colour_becomes_a_visible_line_with_a_readable_ink(rgb: tuple[int, int, int]) -> None:
    colours = town_colours(to_hex(rgb))
    colour, ink = parse_hex(colours.colour), parse_hex(colours.ink)
    assert contrast(colour, (255, 255, 255)) >= LEAST_FOR_LINES
    assert contrast(colour, ink) >= LEAST_FOR_TEXT
