"""Which rows of a clerk's sheet are records: not its sums, notes and signatures (合計、※、以上)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

_SUM = re.compile(r"(?:小|合|総合|総|累|年|月)?計(?:\(.*\))?|合計額|平均|件数")
_NOTE = re.compile(r"(?:[※*注]|\(注|【注|備考[:：]|以上$|作成|記入|出典)")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is taken for no record: its number, what stands in it, why."""

    number: int
    words: str
    why: str


def rows_left_out(rows: Sequence[tuple[int, Mapping[str, str]]]) -> tuple[LeftOut, ...]:
    """Sums anywhere, and the rows at the end that hold a note or far less than a row of the table.

    `rows` are numbers and cells as read, in order. A row is a sum when its first text is 合計, 小計, 計 and the like and it
    leaves many of its cells empty.
    """
    if not rows:
        return ()
    usual = median(_filled(cells) for _, cells in rows)
    found: dict[int, LeftOut] = {}
    for number, cells in rows:
        first = _first(cells)
        if _SUM.fullmatch(first.replace(" ", "")) and _filled(cells) <= max(2, usual * 0.6):
            found[number] = LeftOut(number, first, "合計の行")
    for number, cells in reversed(rows):
        if number in found:
            continue
        first = _first(cells)
        few = _filled(cells)
        if _NOTE.match(first) and few <= max(1, usual / 2):
            found[number] = LeftOut(number, first, "注などの行")
        elif few == 1 and usual >= 3 and len(first) > 12:
            found[number] = LeftOut(number, first, "表の下の文")
        else:
            break
    return tuple(found[number] for number in sorted(found))


def _filled(cells: Mapping[str, str]) -> int:
    return sum(1 for text in cells.values() if text.strip())


def _first(cells: Mapping[str, str]) -> str:
    text = next((text for text in cells.values() if text.strip()), "")
    return unicodedata.normalize("NFKC", text).strip()
