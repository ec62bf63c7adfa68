"""The notation of a sheet: {{氏名}}, {{日付|西暦}}, {{#明細}} … {{/明細}}; braces and signs also in full width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from yakuba.kernel.japan.api import era_date, era_date_short, era_year
from yakuba.kernel.paper.sheets.fields import FieldKind, field_key
from yakuba.kernel.values.api import TOKYO, Refusal

_MARK = re.compile(r"(?:\{\{|｛｛)([^{}｛｝\n]{1,120})(?:\}\}|｝｝)")
_LOOSE = re.compile(r"\{\{|\}\}|｛｛|｝｝")
_FULL_WIDTH = str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")


class Role(StrEnum):
    """What a mark does: show a value, or begin and end the rows that repeat."""

    VALUE = "value"
    BEGIN = "begin"
    END = "end"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark in a text: `name` as written, `form` the asked-for form or "", the span it covers."""

    name: str
    role: Role
    form: str
    start: int
    end: int

    @property
    def key(self) -> str:
        return field_key(self.name)


def marks_in(text: str) -> Iterator[Mark]:
    """The marks of a text in order."""
    for found in _MARK.finditer(text):
        body = found.group(1).strip()
        role = Role.VALUE
        if body[:1] in ("#", "＃"):
            role, body = Role.BEGIN, body[1:]
        elif body[:1] in ("/", "／"):
            role, body = Role.END, body[1:]
        name, _, form = body.replace("｜", "|").partition("|")
        if name.strip():
            yield Mark(name.strip(), role, unicodedata.normalize("NFKC", form).strip(), *found.span())


def loose_braces(text: str) -> str:
    """The surroundings of a double brace that opens or closes nothing; "" if all fit."""
    rest = _MARK.sub(lambda found: "\0" * len(found.group()), text)
    found = _LOOSE.search(rest)
    if not found:
        return ""
    return text[max(0, found.start() - 10) : found.end() + 10].replace("\0", "").strip()


def replaced(texts: list[str], answer: Callable[[Mark], str | None]) -> list[str]:
    """Texts that belong together (the runs of a paragraph), with marks replaced wherever their characters are split.

    `answer` gives the replacement, or `None` to leave the mark as it stands. A replacement takes the place, and thereby
    the look, of the mark's first character.
    """
    whole = "".join(texts)
    starts: list[int] = []
    position = 0
    for text in texts:
        starts.append(position)
        position += len(text)
    result = list(texts)
    for mark in reversed(list(marks_in(whole))):
        replacement = answer(mark)
        if replacement is None:
            continue
        first = True
        for index, start in enumerate(starts):
            left, right = max(mark.start, start) - start, min(mark.end, start + len(texts[index])) - start
            if left >= right:
                continue
            # Marks are worked from the back, so everything before `left` still stands where it stood.
            result[index] = result[index][:left] + (replacement if first else "") + result[index][right:]
            first = False
    return result


FORMS: Mapping[FieldKind, Mapping[str, str]] = {
    FieldKind.DATE: {
        "和暦": "令和8年4月1日",
        "和暦曜日": "令和8年4月1日（水）",
        "短い和暦": "R8.4.1",
        "西暦": "2026年4月1日",
        "数字": "2026-04-01",
        "元号年": "令和8年",
        "年": "8",
        "月": "4",
        "日": "1",
    },
    FieldKind.NUMBER: {"桁区切り": "1,234", "数字": "1234", "全角": "１，２３４"},
    FieldKind.MONEY: {"桁区切り": "1,234", "円": "1,234円", "数字": "1234", "全角": "１，２３４", "金": "金1,234円"},
    FieldKind.YES_NO: {"チェック": "☑ または ☐", "丸": "○ または空欄", "有無": "有 または 無"},
    FieldKind.TEXT: {"全角": "ＡＢＣ１２", "様": "会津 太郎 様"},
    FieldKind.ROWS: {},
}
"""Forms a mark may ask for behind `|`, with an example each; the first is the usual one (text: as it is)."""


def is_form(kind: FieldKind, form: str) -> bool:
    """Whether a mark of this kind may ask for the form."""
    return not form or form in FORMS[kind]


def shown(value: Any, form: str = "") -> str:
    """A value as text in the asked-for form, in the usual one of its type otherwise."""
    match value:
        case None:
            return ""
        case bool():
            return {"丸": "○" if value else "", "有無": "有" if value else "無"}.get(form, "☑" if value else "☐")
        case datetime():
            return shown(value.astimezone(TOKYO).date() if value.tzinfo else value.date(), form)
        case date():
            return _date(value, form)
        case int() | float() | Decimal():
            return _number(value, form)
        case _:
            text = str(value)
            if form == "様":
                return f"{text} 様" if text else ""
            return _widened(text) if form == "全角" else text


def _date(day: date, form: str) -> str:
    try:
        match form:
            case "西暦":
                return f"{day.year}年{day.month}月{day.day}日"
            case "数字":
                return day.isoformat()
            case "和暦曜日":
                return era_date(day, weekday=True)
            case "短い和暦":
                return era_date_short(day)
            case "元号年":
                return era_year(day)
            case "年":
                return re.sub(r"\D", "", era_year(day)) or "元"
            case "月":
                return str(day.month)
            case "日":
                return str(day.day)
            case _:
                return era_date(day)
    except Refusal:  # before the solar calendar there is no era date
        return f"{day.year}年{day.month}月{day.day}日"


def _number(value: float | Decimal, form: str) -> str:
    digits = f"{value:,}"
    match form:
        case "数字":
            return f"{value}"
        case "円":
            return f"{digits}円"
        case "金":
            return f"金{digits}円"
        case "全角":
            return digits.translate(_FULL_WIDTH)
        case _:
            return digits


def _widened(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else "　" if one == " " else one for one in text)
