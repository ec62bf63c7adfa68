"""A condition as rows a clerk can choose (条件の行): [question] [comparison] [value], joined by かつ or または.

`read_rows` tells whether a rule can be shown so; `write_rows` makes the rule. A rule outside is left to whoever shows
it in words: nothing is bent to fit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yakuba.kernel.expressions.api import OPERATORS, Named, Use, ValueType
from yakuba.kernel.forms.rules.kinds.kind import narrow
from yakuba.kernel.japan.api import parse_date
from yakuba.kernel.values.api import Refusal

MOST_ROWS = 12
TODAY_WORDS = "今日"
_NUMBERS = (ValueType.NUMBER, ValueType.YEN)
_OFFSET = re.compile(r"今日の?([0-9]{1,4})(日|か月|ヶ月|カ月|年)(前|後)")
_UNITS = {"日": "add_days", "か月": "add_months", "ヶ月": "add_months", "カ月": "add_months", "年": "add_years"}
_UNIT_WORDS = {"add_days": "日", "add_months": "か月", "add_years": "年"}
_NUMERAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


class ConditionFault(Refusal):
    """A row is not complete; ``row`` is its number from 0."""

    def __init__(self, row: int, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.row = row


@dataclass(frozen=True, slots=True)
class Subject:
    """Something a row can speak of: an answer, or what follows from one (``age birth``, ``count children``)."""

    id: str
    label: str
    type: ValueType
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def rule(self) -> Any:
        """The subject as a rule."""
        operator, blank, name = self.id.partition(" ")
        return {operator: [{"var": name}]} if blank else {"var": operator}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison a clerk chooses. ``takes``: no value, one, or several."""

    key: str
    words: str
    takes: str = "one"


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One row. ``value`` is as typed or chosen: a text, several texts, or nothing."""

    subject: str = ""
    comparison: str = ""
    value: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """Rows joined by ``and`` or ``or``."""

    joint: str = "and"
    rows: tuple[ConditionRow, ...] = ()


_WORDS = {one.key: one.words.ja for one in OPERATORS if one.use is Use.COMPARE}
_TYPES = {one.key: one.types for one in OPERATORS if one.use is Use.COMPARE and one.is_preferred}
_ORDER = ("==", "!=", "in", "contains", ">=", "<=", ">", "<")
_EMPTY = Comparison("is_empty", "が未入力", "none")
_FILLED = Comparison("filled", "が入力されている", "none")


def subjects_of(names: Mapping[str, Named]) -> tuple[Subject, ...]:
    """What rows can speak of, in the order of the form: answers, the age of a date, the number of rows."""
    found: list[Subject] = []
    for name, named in names.items():
        if "." in name and not name.startswith(("row.", "facts.")) and _is_column(name, names):
            continue
        found.append(Subject(name, named.label, named.type, tuple(named.choices.items())))
        if named.type is ValueType.DATE:
            found.append(Subject(f"age {name}", f"{named.label}（今日の満年齢）", ValueType.NUMBER))
        if named.type in (ValueType.ROWS, ValueType.CHOICES, ValueType.FILES):
            counted = "選んだ数" if named.type is ValueType.CHOICES else "件数"
            found.append(Subject(f"count {name}", f"{named.label}（{counted}）", ValueType.NUMBER))
    return tuple(found)


def _is_column(name: str, names: Mapping[str, Named]) -> bool:
    """A column of rows is no answer of its own; a part of an address is."""
    head = names.get(name.partition(".")[0])
    return head is not None and head.type is ValueType.ROWS


def comparisons_for(subject: Subject) -> tuple[Comparison, ...]:
    """The comparisons that make sense for a subject, in the order they are offered."""
    kind = subject.type
    if kind is ValueType.YES_NO:
        return (
            Comparison("yes", "が「はい」", "none"),
            Comparison("no", "が「いいえ」", "none"),
            Comparison("not yes", "が「はい」でない（未入力のときも）", "none"),
            _EMPTY,
            _FILLED,
        )
    found = [
        Comparison(key, _WORDS[key], "several" if key == "in" else "one")
        for key in _ORDER
        if kind in _TYPES.get(key, ()) and (key != "in" or subject.choices) and kind is not ValueType.ANY
    ]
    if subject.choices and kind is ValueType.CHOICE:
        found = [one for one in found if one.key != "contains"]
        found.insert(2, Comparison("not ==", "以外（未入力のときも）"))
        found.append(Comparison("not in", "のどれでもない（未入力のときも）", "several"))
    if kind is ValueType.CHOICES:
        found.append(Comparison("not contains", "を含まない"))
    if " " in subject.id:
        return tuple(found)
    return (*found, _EMPTY, _FILLED)


def read_rows(rule: Any, subjects: Sequence[Subject]) -> Condition | None:
    """The rows that say what a rule says; ``None`` when the rule says more than rows can."""
    if rule is None:
        return Condition()
    by_id = {one.id: one for one in subjects}
    operator, operands = _parted(rule)
    joint = operator if operator in ("and", "or") and len(operands) > 1 else ""
    rows = []
    for part in _flat(operands, joint) if joint else [rule]:
        row = _row(part, by_id)
        if row is None:
            return None
        rows.append(row)
    return Condition(joint or "and", tuple(rows)) if len(rows) <= MOST_ROWS else None


def _flat(parts: Sequence[Any], joint: str) -> list[Any]:
    """``a and (b and c)`` is ``a and b and c``."""
    found: list[Any] = []
    for part in parts:
        operator, operands = _parted(part)
        found += _flat(operands, joint) if operator == joint else [part]
    return found


def _row(rule: Any, by_id: Mapping[str, Subject]) -> ConditionRow | None:
    is_denied = False
    operator, operands = _parted(rule)
    while operator == "!" and len(operands) == 1:
        is_denied = not is_denied
        rule = operands[0]
        operator, operands = _parted(rule)
    subject = _subject(rule, by_id)
    if subject is not None:
        # A bare answer holds when it is yes; of other types it is rather read in words.
        return ConditionRow(subject.id, "not yes" if is_denied else "yes") if subject.type is ValueType.YES_NO else None
    if operator == "is_empty" and len(operands) == 1:
        subject = _subject(operands[0], by_id)
        return (
            ConditionRow(subject.id, "filled" if is_denied else "is_empty")
            if subject and " " not in subject.id
            else None
        )
    if len(operands) != 2:
        return None
    subject = _subject(operands[0], by_id)
    if subject is None and operator == "in":
        # 「選んだもの」に「値」が含まれる, said the other way round.
        subject = _subject(operands[1], by_id)
        if subject is None or subject.type is not ValueType.CHOICES:
            return None
        return _compared(subject, "contains", operands[0], is_denied, by_id)
    return _compared(subject, operator, operands[1], is_denied, by_id) if subject is not None else None


def _compared(
    subject: Subject, operator: str, value: Any, is_denied: bool, by_id: Mapping[str, Subject]
) -> ConditionRow | None:
    if subject.type is ValueType.YES_NO:
        if operator == "==" and isinstance(value, bool):
            key = ("not yes" if value else "") if is_denied else "yes" if value else "no"
            return ConditionRow(subject.id, key) if key else None
        return None
    key = f"not {operator}" if is_denied else operator
    known = {one.key: one for one in comparisons_for(subject)}
    if key not in known:
        return None
    if known[key].takes == "several":
        if not isinstance(value, list) or not all(isinstance(one, str) and _known(subject, one) for one in value):
            return None
        return ConditionRow(subject.id, key, values=tuple(value))
    text = value_in_words(value, subject.type, tuple(by_id.values())) if not subject.choices else value
    if not isinstance(text, str) or not text or not _known(subject, text):
        return None
    return ConditionRow(subject.id, key, text)


def _known(subject: Subject, value: str) -> bool:
    return not subject.choices or value in dict(subject.choices)


def value_in_words(value: Any, kind: ValueType, subjects: Sequence[Subject]) -> str | None:
    """What a clerk would type for a value or for another answer of the same type; ``None`` for anything else."""
    by_id = {one.id: one for one in subjects}
    other = _subject(value, by_id)
    if other is not None:
        return _quoted(other, kind, subjects)
    if kind in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return None
        return f"{Decimal(str(value)):f}"
    operator, operands = _parted(value)
    if kind is ValueType.DATE and operator == "today":
        return TODAY_WORDS
    if kind is ValueType.DATE and operator in _UNIT_WORDS and len(operands) == 2 and _parted(operands[0])[0] == "today":
        count = operands[1]
        if isinstance(count, int) and not isinstance(count, bool) and count and abs(count) < 10_000:
            return f"{TODAY_WORDS}の{abs(count)}{_UNIT_WORDS[operator]}{'後' if count > 0 else '前'}"
        return None
    return value if isinstance(value, str) and value and not value.startswith("「") else None


def _quoted(other: Subject, kind: ValueType, subjects: Sequence[Subject]) -> str | None:
    """Another answer by its label; ``None`` where two have the same label or it is of another type."""
    same = [one for one in subjects if one.label == other.label and _comparable(one.type, kind)]
    return f"「{other.label}」" if same == [other] and _comparable(other.type, kind) else None


def _comparable(one: ValueType, other: ValueType) -> bool:
    return one is other or (one in _NUMBERS and other in _NUMBERS)


def value_of_words(text: str, kind: ValueType, subjects: Sequence[Subject]) -> Any:
    """The value of what a clerk typed: a number, a day (「今日の14日後」 too), another answer in 「」. Raises `Refusal`."""
    text = text.strip()
    if text.startswith("「") and text.endswith("」") and kind in (*_NUMBERS, ValueType.DATE, ValueType.TIME):
        same = [one for one in subjects if one.label == text[1:-1] and _comparable(one.type, kind)]
        if len(same) != 1:
            raise Refusal(f"{text[:40]}という質問は、ここでは使えません。", hint="候補から選んでください。")
        return same[0].rule
    if kind in _NUMBERS:
        plain = narrow(text).replace(",", "").removesuffix("円").removesuffix("歳").strip()
        if not _NUMERAL.fullmatch(plain):
            raise Refusal(f"「{text[:20]}」は数ではありません。", hint="数字で入力してください。")
        return int(plain) if "." not in plain else float(plain)
    if kind is ValueType.DATE:
        return _day(text)
    if kind is ValueType.TIME:
        found = _TIME.fullmatch(narrow(text))
        if found is None:
            raise Refusal(f"「{text[:20]}」は時刻ではありません。", hint="9:30 のように入力してください。")
        return f"{int(found[1]):02}:{found[2]}"
    return text[:200]


def _day(text: str) -> Any:
    plain = narrow(text).replace(" ", "")
    if plain == TODAY_WORDS:
        return {"today": []}
    found = _OFFSET.fullmatch(plain)
    if found is not None:
        count = int(found[1]) * (1 if found[3] == "後" else -1)
        return {_UNITS[found[2]]: [{"today": []}, count]}
    try:
        return parse_date(plain[:40]).isoformat()
    except Refusal:
        raise Refusal(
            f"「{text[:20]}」は日付として読めません。",
            hint="令和8年4月1日、2026-04-01、今日、今日の14日後 のように入力してください。",
        ) from None


def _subject(rule: Any, by_id: Mapping[str, Subject]) -> Subject | None:
    operator, operands = _parted(rule)
    if operator == "var" and len(operands) == 1 and isinstance(operands[0], str):
        return by_id.get(operands[0])
    if operator in ("age", "count") and len(operands) == 1:
        inner, named = _parted(operands[0])
        if inner == "var" and len(named) == 1 and isinstance(named[0], str):
            return by_id.get(f"{operator} {named[0]}")
    return None


def write_rows(condition: Condition, subjects: Sequence[Subject]) -> Any:
    """The rule of the rows; rows without a question are passed over. ``None`` without any. Raises `ConditionFault`."""
    by_id = {one.id: one for one in subjects}
    rules = []
    for number, row in enumerate(condition.rows):
        if not row.subject:
            continue
        subject = by_id.get(row.subject)
        if subject is None:
            raise ConditionFault(
                number, "選んだ質問が、この場所より前にありません。", hint="質問を選び直してください。"
            )
        rules.append(_rule(number, row, subject, subjects))
    if not rules:
        return None
    return rules[0] if len(rules) == 1 else {condition.joint if condition.joint == "or" else "and": rules}


def _rule(number: int, row: ConditionRow, subject: Subject, subjects: Sequence[Subject]) -> Any:
    known = {one.key: one for one in comparisons_for(subject)}
    if row.comparison not in known:
        raise ConditionFault(number, f"「{subject.label}」の比べ方を選んでください。")
    about = subject.rule
    fixed: dict[str, Any] = {
        "yes": {"==": [about, True]},
        "no": {"==": [about, False]},
        "not yes": {"!": [about]},
        "is_empty": {"is_empty": [about]},
        "filled": {"!": [{"is_empty": [about]}]},
    }
    if row.comparison in fixed:
        return fixed[row.comparison]
    operator = row.comparison.removeprefix("not ")
    value: Any
    if known[row.comparison].takes == "several":
        values = [one for one in row.values if _known(subject, one)]
        if not values:
            raise ConditionFault(number, f"「{subject.label}」の値を、一つ以上選んでください。")
        value = values
    else:
        value = _value(number, row, subject, subjects)
    rule = {operator: [about, value]}
    return {"!": [rule]} if row.comparison.startswith("not ") else rule


def _value(number: int, row: ConditionRow, subject: Subject, subjects: Sequence[Subject]) -> Any:
    text = row.value.strip() or (row.values[0].strip() if row.values else "")
    if subject.choices:
        if not _known(subject, text) or not text:
            raise ConditionFault(number, f"「{subject.label}」の値を選んでください。")
        return text
    if not text:
        raise ConditionFault(number, f"「{subject.label}」と比べる値を入力してください。")
    try:
        return value_of_words(text, subject.type, subjects)
    except Refusal as refusal:
        raise ConditionFault(number, refusal.message, hint=refusal.hint or "") from None


def _parted(rule: Any) -> tuple[str, list[Any]]:
    if not isinstance(rule, dict) or len(rule) != 1:
        return "", []
    operator, operands = next(iter(rule.items()))
    return str(operator), operands if isinstance(operands, list) else [operands]
