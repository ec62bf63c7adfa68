"""Document numbers (文書番号): 「8坂総第1号」."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from yakuba.kernel.values.api import FiscalYear, Refusal

MOST_SYMBOL_LETTERS = 4
_LETTERS = re.compile(r"[一-鿿㐀-䶿々ぁ-ゖァ-ヺーA-Z]+")


def written_number(*, year: FiscalYear, town_symbol: str, section_symbol: str, number: int) -> str:
    """The number as documents carry it: era year of the fiscal year, symbols of town and section, number."""
    return f"{year.short[1:]}{town_symbol}{section_symbol}第{number}号"


def tidy_symbol(text: str) -> str:
    """The symbol of a section (文書記号) as it is stored. Raises ``Refusal`` for what is none.

    One to four kanji, kana or capital letters; digits and 第, 号 would run into the number beside it.
    """
    symbol = unicodedata.normalize("NFKC", text).strip()
    if not symbol:
        raise Refusal("文書記号が空です。", field="symbol", hint="「総」「税」のような1〜4文字を入れてください。")
    if len(symbol) > MOST_SYMBOL_LETTERS or not _LETTERS.fullmatch(symbol) or re.search("[第号]", symbol):
        raise Refusal(
            f"「{symbol[:20]}」は文書記号に使えません。",
            field="symbol",
            hint="漢字・かな・英大文字の1〜4文字にしてください。数字と「第」「号」は、番号と見分けが付かなくなります。",
        )
    return symbol


def propose_symbols(names: Sequence[str], taken: Sequence[str] = ()) -> list[str]:
    """A symbol for each section name: its first kanji nobody has yet, else two letters, else nothing."""
    used = set(taken)
    found: list[str] = []
    for name in names:
        kanji = [letter for letter in name if re.fullmatch("[一-鿿]", letter) and letter not in "課室局所町立第号"]
        wishes = [*kanji, *(a + b for a in kanji[:1] for b in kanji[1:])]
        wish = next((one for one in wishes if one not in used), "")
        used.add(wish)
        found.append(wish)
    return found


def check_day(*, on: date, today: date, last_on: date | None, symbol: str) -> None:
    """Raise ``Refusal`` for a day on which no number may be given.

    Numbers follow the days: none for a day to come, none of another fiscal year than today's, none before the day of
    the last number of the same year and section.
    """
    if on > today:
        raise Refusal("文書の日付が未来の日付です。", field="on", hint="今日の日付で番号を取ってください。")
    if FiscalYear.of(on) != FiscalYear.of(today):
        raise Refusal(
            f"{FiscalYear.of(on)}の文書番号は、もう取れません。",
            field="on",
            hint=f"番号は年度ごとに新しくなります。今日の日付（{FiscalYear.of(today)}）で番号を取ってください。",
        )
    if last_on is not None and on < last_on:
        raise Refusal(
            f"「{symbol}」では、{last_on:%Y-%m-%d}の番号がすでに出ています。",
            field="on",
            hint=f"番号は日付の順です。{last_on:%Y-%m-%d}以後の日付で番号を取ってください。",
        )
