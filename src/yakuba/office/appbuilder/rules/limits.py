"""Limits of a field (範囲) and fields that are needed under a condition (条件つきの必須).

`AppField.least` and `AppField.most` are written as the field's values are: a number, a day (or `today`), a time; for words they
are numbers of characters, for what holds several values numbers of those. Looked at when a value is written; records that
lie outside stay as they are until somebody changes that field.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from yakuba.kernel.expressions.api import Named, RuleFault, in_words, references
from yakuba.kernel.japan.api import era_date
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType

TODAY = "today"
_NUMBERS = (FieldType.NUMBER, FieldType.YEN)
_WORDS = (FieldType.SHORT_TEXT, FieldType.LONG_TEXT, FieldType.ADDRESS)
_MANY = (FieldType.CHOICES, FieldType.FILES, FieldType.PHOTOS)
LIMITED = frozenset((*_NUMBERS, *_WORDS, *_MANY, FieldType.DATE, FieldType.TIME))
"""The types whose values may have limits."""
_NUMERAL = re.compile(r"-?[0-9]{1,13}(?:\.[0-9]{1,6})?")
_COUNT = re.compile(r"[0-9]{1,4}")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def is_limit(kind: FieldType, written: str) -> bool:
    """Whether a text is a limit of this type; an empty one is none at all."""
    if not written:
        return True
    if kind in _NUMBERS:
        return _NUMERAL.fullmatch(written) is not None
    if kind in _WORDS or kind in _MANY:
        return _COUNT.fullmatch(written) is not None
    if kind is FieldType.TIME:
        return _CLOCK.fullmatch(written) is not None
    return kind is FieldType.DATE and (written == TODAY or _is_day(written))


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def limit_problems(one: AppField) -> Iterator[tuple[str, str]]:
    """What is wrong with the limits of a field: message and way out."""
    if not (one.least or one.most):
        return
    if one.type not in LIMITED:
        yield f"「{one.type.label}」には範囲を決められません。", "範囲を消してください。"
    elif not (is_limit(one.type, one.least) and is_limit(one.type, one.most)):
        yield "範囲の書き方が正しくありません。", "種類に合う値にするか、消してください。"
    elif (
        one.least and one.most and TODAY not in (one.least, one.most) and _place(one, one.least) > _place(one, one.most)
    ):
        yield "範囲の下限が上限より大きくなっています。", "どちらかを直してください。"


def _place(one: AppField, written: str) -> Any:
    return written if one.type in (FieldType.DATE, FieldType.TIME) else Decimal(written)


def beyond(one: AppField, value: Any, *, today: date | None = None) -> str:
    """What is wrong with a value that lies outside its limits, as a sentence; "" for nothing.

    Without `today` limits that move with the calendar are not looked at.
    """
    if not (one.least or one.most) or one.type not in LIMITED:
        return ""
    if one.type in _WORDS or one.type in _MANY:
        measure: Any = Decimal(len(value))
    else:
        measure = value if one.type in (FieldType.DATE, FieldType.TIME) else Decimal(value)
    for written, is_low in ((one.least, True), (one.most, False)):
        if not written or not is_limit(one.type, written):
            continue
        if written == TODAY:
            if today is None:
                continue
            end: Any = today.isoformat()
        else:
            end = _place(one, written)
        if (measure < end) if is_low else (measure > end):
            return f"「{one.label}」は{_end_in_words(one, written, is_low)}にしてください。"
    return ""


def _end_in_words(one: AppField, written: str, is_low: bool) -> str:
    side = "以上" if is_low else "以下"
    if one.type in _WORDS:
        return f"{written}文字{side}"
    if one.type in _MANY:
        return f"{written}個{side}"
    if one.type is FieldType.DATE:
        when = "今日" if written == TODAY else _day_in_words(written)
        return f"{when}{'以後' if is_low else '以前'}"
    if one.type is FieldType.TIME:
        return f"{written}{'以後' if is_low else '以前'}"
    return f"{Decimal(written):,f}{one.unit or ('円' if one.type is FieldType.YEN else '')}{side}"


def _day_in_words(written: str) -> str:
    day = date.fromisoformat(written)
    try:
        return f"{era_date(day)}（{day.year}年）"
    except Refusal:
        return f"{day.year}年{day.month}月{day.day}日"


def limits_in_words(one: AppField) -> str:
    """The limits for people: 「1以上、10以下」; "" without any."""
    if one.type not in LIMITED:
        return ""
    ends = ((one.least, True), (one.most, False))
    said = [_end_in_words(one, written, low) for written, low in ends if written and is_limit(one.type, written)]
    return "、".join(said)


def reads_of(rule: Any) -> frozenset[str]:
    """The names a rule reads; none of a malformed one."""
    try:
        return references(rule)
    except RuleFault:
        return frozenset()


def needed_under_conditions(
    definition: AppDefinition, changed: Collection[str], *, writable: Collection[str], visible: Collection[str]
) -> frozenset[str]:
    """The fields whose condition must be asked when some fields are written by somebody.

    Only fields that person may write, under conditions that read nothing hidden from them: neither an order nobody can obey
    nor a word about what is hidden.
    """
    found = set()
    for one in definition.fields:
        if one.needed_when is None or one.key not in writable:
            continue
        reads = reads_of(one.needed_when)
        if reads <= set(visible) and (one.key in changed or reads & set(changed)):
            found.add(one.key)
    return frozenset(found)


def condition_in_words(rule: Any, definition: AppDefinition) -> str:
    """A condition as people read it: 「住まい」が「持ち家」のとき."""
    return in_words(rule, names=names_of(definition))


def names_of(definition: AppDefinition) -> dict[str, Named]:
    """What people call the fields a rule may read."""
    return {
        one.key: Named(one.label, {choice.key: choice.label for choice in one.choices}, one.value_type)
        for one in definition.stored
    }
