"""Questions nobody answers: texts to read, computed values, fees."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.rules.kinds.dates import day_in_words
from yakuba.kernel.forms.rules.kinds.kind import Kind, Parsed, Raw
from yakuba.kernel.forms.rules.kinds.numbers import yen_in_words
from yakuba.kernel.values.api import Text

YES, NO = Text("はい", easy="はい", en="Yes"), Text("いいえ", easy="いいえ", en="No")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _Silent(Kind):
    is_answered: ClassVar[bool] = False
    value_type: ClassVar[ValueType] = ValueType.ANY

    def parts(self, question: Any) -> tuple[str, ...]:
        return ()

    def parse(self, question: Any, raw: Raw) -> Parsed:
        return Parsed()

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return {}

    def is_shaped(self, question: Any, value: Any) -> bool:
        return False

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        return ""


class TextBlockKind(_Silent):
    """Something to read."""

    def columns(self, question: Any) -> tuple[str, ...]:
        return ()

    def cells(self, question: Any, value: Any, other: str = "") -> tuple[str | int, ...]:
        return ()


class ComputedKind(_Silent):
    """A value that follows from the answers before it. Numbers with decimals are stored as text."""

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        if question.gives == "yes_no":
            return (YES if value else NO).in_language(language)
        if question.gives == "date":
            return day_in_words(date.fromisoformat(value), language)
        if question.gives == "yen":
            return yen_in_words(value, language)
        if question.gives == "number":
            return f"{Decimal(value):,f}"
        return str(value)

    def store(self, question: Any, value: Any) -> Any:
        """What a rule gave, as this question stores it; ``None`` if it is of another kind. Booleans are no numbers."""
        if question.gives == "yes_no":
            return value if isinstance(value, bool) else None
        if question.gives == "text":
            return value if isinstance(value, str) else None
        if question.gives == "date":
            return value if isinstance(value, str) and _is_day(value) else None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return None
        if value == int(value):
            return int(value)
        return None if question.gives == "yen" else f"{value:f}"

    def for_rules(self, question: Any, value: Any) -> Any:
        return Decimal(value) if question.gives == "number" and isinstance(value, str) else value

    def cells(self, question: Any, value: Any, other: str = "") -> tuple[str | int, ...]:
        if value is None:
            return ("",)
        return (value if isinstance(value, int) and not isinstance(value, bool) else self.show(question, value, "ja"),)


class FeeKind(_Silent):
    """A fee in whole yen, never below zero."""

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        return yen_in_words(value, language)

    def store(self, question: Any, value: Any) -> int | None:
        """What a rule gave as whole yen; ``None`` if it is none."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value) or value < 0:
            return None
        return int(value)

    def cells(self, question: Any, value: Any, other: str = "") -> tuple[str | int, ...]:
        return ("" if value is None else value,)


def _is_day(text: str) -> bool:
    if _ISO.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
