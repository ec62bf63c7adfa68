"""Kana: between its two scripts and its two widths."""

from __future__ import annotations

import re

import jaconv

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\u2501\uff0d"
"""Everything people type where a hyphen (ASCII) is meant; the prolonged sound mark is not among them."""

_DASH_AFTER_KANA = re.compile(rf"(?<=[\u3041-\u3096\u30a1-\u30faー])[-{DASHES}]")
_READING = re.compile(r"[\u30a1-\u30f6ー・\u3000 ]+")
_KATAKANA = re.compile(r"[\u30a1-\u30f6]")


def to_hiragana(text: str) -> str:
    """Katakana, also in half width, as hiragana; everything else stays."""
    return str(jaconv.kata2hira(to_full_width_kana(text)))


def to_katakana(text: str) -> str:
    """Hiragana and half-width katakana as full-width katakana; everything else stays."""
    return str(jaconv.hira2kata(to_full_width_kana(text)))


def to_full_width_kana(text: str) -> str:
    """Half-width kana (ｶﾞ) as full-width kana (ガ), marks joined; letters, digits and everything else stay."""
    return str(jaconv.h2z(text, kana=True, ascii=False, digit=False))


def enlarge_small_kana(text: str) -> str:
    """Small kana as large kana (ショウ → シヨウ), as registers and bank files without small kana write a reading."""
    return str(jaconv.enlarge_smallkana(text))


def join_prolonged_sound(text: str) -> str:
    """Hyphens and dashes behind kana as the prolonged sound mark (ピ-ル → ピール); other dashes stay."""
    return _DASH_AFTER_KANA.sub("ー", text)


def to_reading(text: str) -> str | None:
    """A typed reading (フリガナ) in the one form it is stored in: full-width katakana; `None` when it is no reading."""
    reading = join_prolonged_sound(to_katakana(text.strip()))
    return reading if _READING.fullmatch(reading) and _KATAKANA.search(reading) else None
