"""The fonts prints are set in, and which characters they can draw."""

from __future__ import annotations

import re
from functools import cache

import typst
from fontTools.ttLib import TTFont

from yakuba.kernel.values.api import Refusal

SANS = "Noto Sans CJK JP"
SERIF = "Noto Serif CJK JP"
NAMES = "IPAmjMincho"
"""Draws the variation sequences of the Moji Joho collection, i.e. names as the family register writes them."""

_PACKAGES = {SANS: "fonts-noto-cjk", SERIF: "fonts-noto-cjk", NAMES: "fonts-ipamj-mincho"}
_SEQUENCE = re.compile("(.)([\ufe00-\ufe0f\U000e0100-\U000e01ef])", re.DOTALL)


class FontMissing(Refusal):
    """A font of the prints is not installed on this machine."""

    def __init__(self, families: list[str]) -> None:
        packages = sorted({_PACKAGES.get(family, family) for family in families})
        super().__init__(
            f"印刷に必要なフォント（{'、'.join(families)}）が、このサーバーに入っていません。",
            hint=f"サーバーの管理者が {'、'.join(packages)} を入れて、yakuba を再起動してください。",
        )
        self.families = families


@cache
def installed() -> typst.Fonts:
    """The fonts of this machine, searched once per process (60 to 200 ms)."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)


def require(families: tuple[str, ...] = (SANS, SERIF, NAMES)) -> None:
    """Raises `FontMissing` naming every family of the prints that is not installed."""
    present = set(installed().families())
    if missing := [family for family in families if family not in present]:
        raise FontMissing(missing)


def undrawable(text: str) -> tuple[str, ...]:
    """The characters of a text that no font of the prints can draw, each once, in order of appearance.

    A variation sequence counts as one character, and one of the fonts must know exactly that sequence: showing the
    ordinary shape instead would print another name.
    """
    found: dict[str, None] = {}
    sequences = {match.group() for match in _SEQUENCE.finditer(text)}
    for sequence in sequences:
        if not _draws_sequence(sequence):
            found[sequence] = None
    for one in _SEQUENCE.sub("", text):
        if one not in "\t\n\r" and not any(ord(one) in _characters(family) for family in (SANS, NAMES)):
            found[one] = None
    return tuple(sorted(found, key=text.index))


def _draws_sequence(sequence: str) -> bool:
    pair = (ord(sequence[0]), ord(sequence[1]))
    return pair in _sequences(NAMES) or pair in _sequences(SERIF)


def sequences_for_serif(text: str) -> tuple[str, ...]:
    """The variation sequences of a text that only the serif font knows (Adobe-Japan1, what Word and Mac type)."""
    found = {match.group() for match in _SEQUENCE.finditer(text)}
    return tuple(
        sorted(
            one
            for one in found
            if (pair := (ord(one[0]), ord(one[1]))) not in _sequences(NAMES) and pair in _sequences(SERIF)
        )
    )


@cache
def _characters(family: str) -> frozenset[int]:
    return frozenset(_font(family).getBestCmap())


@cache
def _sequences(family: str) -> frozenset[tuple[int, int]]:
    tables = (table for table in _font(family)["cmap"].tables if table.format == 14)
    return frozenset(
        (base, selector) for table in tables for selector, pairs in table.uvsDict.items() for base, _glyph in pairs
    )


def _font(family: str) -> TTFont:
    for one in installed().fonts():
        if one.family == family and one.path:
            return TTFont(one.path, fontNumber=one.index, lazy=True)
    raise FontMissing([family])
