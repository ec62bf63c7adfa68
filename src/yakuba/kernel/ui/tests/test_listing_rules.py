"""What a URL may ask of a listing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.ui.listing.rules import asked_page, neutralised, pages, search_words, without_control_characters


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        ("", 1),
        ("0", 1),
        ("-2", 1),
        ("abc", 1),
        ("9" * 5000, 1),
        ("３", 1),
        ("1e3", 1),
        ("2\x00", 1),
        ("9999999", 9999999),
    ],
)
def test_a_page_number_is_read_or_ignored(text: str, number: int) -> None:
    assert asked_page(text) == number


@given(total=st.integers(0, 100_000), size=st.integers(1, 200), asked=st.integers(-5, 10_000_000))
def test_pages_always_show_an_existing_part(total: int, size: int, asked: int) -> None:
    shown = pages(total=total, size=size, asked=asked, url=lambda number: f"?page={number}")
    assert 1 <= shown.number <= shown.count
    assert shown.last <= total
    assert shown.last - shown.first + 1 <= size or total == 0
    assert [link.number for link in shown.links if link.current] == [shown.number]
    assert len(shown.links) <= 11
    assert bool(shown.previous_url) == (shown.number > 1)
    assert bool(shown.next_url) == (shown.number < shown.count)


def test_left_out_page_numbers_are_one_gap_and_a_single_one_is_shown() -> None:
    numbers = [link.number for link in pages(total=1000, size=10, asked=5, url=str).links]
    assert numbers == [1, 2, 3, 4, 5, 6, 7, 0, 100]


def test_search_words_are_few_short_and_clean() -> None:
    assert search_words("会津　坂下\x00 町") == ["会津", "坂下", "町"]
    assert len(search_words(" ".join("abcdefgh"))) == 5
    assert sum(map(len, search_words("あ" * 5000))) == 100


@pytest.mark.parametrize(
    "text", ["=1+1", "+81-242", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x"]
)
def test_a_cell_that_would_run_gets_an_apostrophe(text: str) -> None:
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-", "会津", "1-2", "a=b", "'=1"])
def test_a_harmless_cell_stays_as_it_is(text: str) -> None:
    assert neutralised(text) == text


def test_control_characters_do_not_reach_a_file() -> None:
    assert without_control_characters("a\x00b\x1fc\nd\te\ud800") == "abc\nd\te"
