"""Days and times of day."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.rules.faults import fault
from yakuba.kernel.forms.rules.kinds.kind import Kind, Parsed, Raw, narrow, single
from yakuba.kernel.japan.api import era_date, parse_date
from yakuba.kernel.values.api import Refusal

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"(?P<noon>午前|午後|AM|PM)?(?P<hour>[0-9]{1,2})(?:[:時](?P<minute>[0-9]{1,2})?分?|(?P<half>時半))")
_DIGITS = re.compile(r"(?P<hour>[0-9]{1,2})(?P<minute>[0-9]{2})")
_STORED = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def day_in_words(day: date, language: str) -> str:
    """A day as people read it; with its era in Japanese."""
    if language == "en":
        return f"{day:%B} {day.day}, {day.year}"
    try:
        return f"{era_date(day)}（{day.year}年）"
    except Refusal:
        return f"{day.year}年{day.month}月{day.day}日"


class DayKind(Kind):
    """A day, typed by era or by year, stored as ``2026-04-01``."""

    value_type: ClassVar[ValueType] = ValueType.DATE

    def parse(self, question: Any, raw: Raw) -> Parsed:
        text = narrow(single(raw)[:60])
        if not text:
            return Parsed()
        try:
            return Parsed(parse_date(text).isoformat())
        except Refusal:
            return Parsed(faults=(fault("date"),))

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return {"": value}

    def is_shaped(self, question: Any, value: Any) -> bool:
        return isinstance(value, str) and _ISO.fullmatch(value) is not None

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        return day_in_words(date.fromisoformat(value), language)

    def cells(self, question: Any, value: Any, other: str = "") -> tuple[str | int, ...]:
        return (value or "",)


class TimeKind(Kind):
    """A time of day, stored as ``09:30``."""

    value_type: ClassVar[ValueType] = ValueType.TIME

    def parse(self, question: Any, raw: Raw) -> Parsed:
        text = narrow(single(raw)[:40]).replace(" ", "").upper()
        if not text:
            return Parsed()
        found = _TIME.fullmatch(text) or _DIGITS.fullmatch(text)
        if found is None:
            return Parsed(faults=(fault("time"),))
        groups = found.groupdict()
        hour, minute = int(groups["hour"]), int(groups.get("minute") or (30 if groups.get("half") else 0))
        if groups.get("noon") and hour > 12:
            return Parsed(faults=(fault("time"),))
        if groups.get("noon") in ("午後", "PM") and hour < 12:
            hour += 12
        if groups.get("noon") == "AM" and hour == 12:
            hour = 0
        if hour > 23 or minute > 59:
            return Parsed(faults=(fault("time"),))
        value = f"{hour:02}:{minute:02}"
        if not question.earliest <= value <= question.latest:
            return Parsed(faults=(fault("time_range", earliest=question.earliest, latest=question.latest),))
        return Parsed(value)

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return {"": value}

    def is_shaped(self, question: Any, value: Any) -> bool:
        return isinstance(value, str) and _STORED.fullmatch(value) is not None

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        return str(value)
