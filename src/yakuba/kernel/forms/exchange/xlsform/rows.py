"""Reading one row of the survey: from the cells of a foreign tool, or from our own column where the cells are ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.exchange.xlsform.columns import LANGUAGES, texts_in
from yakuba.kernel.forms.exchange.xlsform.xpath_read import REGEX

Json = dict[str, Any]

TYPES: dict[str, tuple[str, Json]] = {
    "text": ("short_text", {}),
    "string": ("short_text", {}),
    "integer": ("number", {}),
    "int": ("number", {}),
    "decimal": ("number", {"decimals": 2}),
    "date": ("date", {}),
    "time": ("time", {}),
    "note": ("text_block", {}),
    "calculate": ("computed", {"is_shown": False}),
    "image": ("files", {"kinds": ["image"], "most": 1}),
    "photo": ("files", {"kinds": ["image"], "most": 1}),
    "file": ("files", {"most": 1}),
    "geopoint": ("place", {"needs_point": True}),
    "acknowledge": ("consent", {}),
    "trigger": ("consent", {}),
}
"""Types of an XLSForm by kind of question and settings."""

META = frozenset({"start", "end", "today", "deviceid", "phonenumber", "username", "email", "audit", "simserial", "subscriberid", "start-geopoint"})  # fmt: skip
"""What a telephone notes by itself; a form of ours needs none of it."""

VALUE_TYPES = {
    "short_text": ValueType.TEXT,
    "long_text": ValueType.TEXT,
    "phone": ValueType.TEXT,
    "mail": ValueType.TEXT,
    "corporate_number": ValueType.TEXT,
    "signature": ValueType.TEXT,
    "number": ValueType.NUMBER,
    "yen": ValueType.YEN,
    "fee": ValueType.YEN,
    "date": ValueType.DATE,
    "time": ValueType.TIME,
    "choice": ValueType.CHOICE,
    "choices": ValueType.CHOICES,
    "yes_no": ValueType.YES_NO,
    "consent": ValueType.YES_NO,
    "name": ValueType.NAME,
    "address": ValueType.ADDRESS,
    "files": ValueType.FILES,
    "group": ValueType.ROWS,
    "computed": ValueType.NUMBER,
}
"""What rules see of a kind; others see anything."""

_TYPE = re.compile(r"(?P<head>\S+)(?:\s+(?P<list>\S+))?(?:\s+(?P<other>or_other|or_specify))?")


class Told(Exception):
    """Something in a cell that is not taken: column, message, way out."""

    def __init__(self, column: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.column, self.message, self.hint = column, message, hint


def parted_type(written: str) -> tuple[str, str, bool]:
    """``select_one yes_no or_other`` → (``select_one``, ``yes_no``, True). Old spellings are understood."""
    text = written.strip().lower().replace("begin group", "begin_group").replace("end group", "end_group")
    text = text.replace("begin repeat", "begin_repeat").replace("end repeat", "end_repeat")
    text = (
        text.replace("select one from", "select_one")
        .replace("select one", "select_one")
        .replace("select multiple", "select_multiple")
    )
    found = _TYPE.fullmatch(text)
    if found is None:
        return text, "", False
    # List names keep their case: they are compared with the other sheet.
    place = written.strip().split()
    names = [one for one in place if one.lower() == (found["list"] or "")]
    return found["head"], names[0] if names else "", found["other"] is not None


def text_of(row: Mapping[str, str], column: str, default: str) -> Json | None:
    """The texts of a column; words without a language are those of the default language, Japanese if nothing says so."""
    found = texts_in(row, column)
    if "" in found:
        found.setdefault(default or "ja", found[""])
        found.pop("")
    if not found:
        return None
    if "ja" not in found:
        first = found.get(default) or next(iter(found.values()))
        found = {"ja": first, **found}
    return {
        code: words
        for code, words in found.items()
        if code in LANGUAGES or re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", code)
    }


def required_of(cell: str, rule: Callable[[str], Any]) -> Any:
    """yes, no, or a rule."""
    plain = cell.strip().lower()
    if plain in ("yes", "true", "true()", "1", "required"):
        return True
    if plain in ("", "no", "false", "false()", "0"):
        return False
    return rule(cell)


def appearance_of(question: Json, cell: str) -> None:
    """What an appearance says of the kind. Raises `Told` for one that says nothing to us."""
    words = set(cell.split())
    kind = question["type"]
    if "multiline" in words and kind == "short_text":
        question["type"] = "long_text"
    if "numbers" in words and question["type"] == "short_text":
        question["characters"] = "digits"
    if "minimal" in words and kind == "choice":
        question["look"] = "select"
    known = {"multiline", "numbers", "minimal", "field-list", "no-calendar", "w1", "quick", "columns"}
    if words - known:
        raise Told("appearance", f"見た目「{' '.join(sorted(words - known))[:40]}」は使いません。")


def limits_of(question: Json, rule: Any, own: str, message: Json | None) -> None:
    """Make settings of what a constraint says of ``.`` alone, and checks of the rest. Raises `Told`."""
    rest = []
    for part in rule["and"] if isinstance(rule, dict) and set(rule) == {"and"} else [rule]:
        if not _limit(question, part, own):
            if REGEX in str(part):
                raise Told(
                    "constraint", "この形の確認（regex）は読めません。", "数字だけ・英数字だけの形だけが使えます。"
                )
            rest.append(part)
    if rest:
        words = message or {
            "ja": "入力を確かめてください。",
            "ja-easy": "もう一度 見て ください。",
            "en": "Check this answer.",
        }
        joined = rest[0] if len(rest) == 1 else {"and": rest}
        question["checks"] = [*question.get("checks", []), {"rule": joined, "message": words}]


_SIGNS = {"^[0-9]+$": "digits", r"^\d+$": "digits", "^[A-Za-z0-9]+$": "alphanumeric"}


def _limit(question: Json, part: Any, own: str) -> bool:
    """Whether a part is a limit this kind of question has; then it is set."""
    if not isinstance(part, dict) or len(part) != 1:
        return False
    operator, operands = next(iter(part.items()))
    if not isinstance(operands, list) or len(operands) != 2:
        return False
    asked, limit = operands
    kind = question["type"]
    if operator == REGEX and asked == {"var": own} and kind == "short_text" and limit in _SIGNS:
        question["characters"] = _SIGNS[limit]
        return True
    if operator not in ("<", "<=", ">", ">="):
        return False
    name = "most" if operator.startswith("<") else "least"
    if asked == {"var": own} and kind == "date" and operator in ("<=", ">="):
        question["latest" if name == "most" else "earliest"] = limit
        return True
    if not isinstance(limit, int | float) or isinstance(limit, bool):
        return False
    if asked == {"var": own} and kind in ("number", "yen"):
        return _number(question, name, operator, limit)
    whole = int(limit) + {"<": -1, ">": 1}.get(operator, 0)
    if asked == {"length": [{"var": own}]} and kind in ("short_text", "long_text"):
        if kind == "long_text" and name == "least":
            return False
        question[{"most": "max_length", "least": "min_length"}[name]] = whole
        return True
    if asked == {"count": [{"var": own}]} and kind == "choices":
        question[name] = whole
        return True
    return False


def _number(question: Json, name: str, operator: str, limit: float) -> bool:
    if operator in ("<=", ">="):
        question[name] = limit
        return True
    if question.get("decimals"):
        return False
    question[name] = int(limit) + (1 if operator == ">" else -1)
    return float(limit) == int(limit)
