"""Numbers and amounts of money. Whole numbers are stored as such, others as text (``"12.5"``): no binary fractions."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, ClassVar

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.rules.faults import fault
from yakuba.kernel.forms.rules.kinds.kind import Kind, Parsed, Raw, narrow, single

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def _read(text: str) -> Decimal | None:
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _write(number: Decimal) -> str:
    return f"{number:,f}"


class NumberKind(Kind):
    """A number with at most ``decimals`` places between ``least`` and ``most``."""

    value_type: ClassVar[ValueType] = ValueType.NUMBER

    def parse(self, question: Any, raw: Raw) -> Parsed:
        text = narrow(single(raw)[:60]).replace("−", "-").replace(" ", "")
        if not text:
            return Parsed()
        number = _read(text)
        if number is None:
            return Parsed(faults=(fault("number"),))
        number = Decimal(int(number)) if number == number.to_integral_value() else number.normalize()
        exponent = number.as_tuple().exponent
        places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        if places > question.decimals:
            code = "decimals" if question.decimals else "whole_number"
            return Parsed(faults=(fault(code, most=question.decimals),))
        if question.least is not None and number < question.least:
            return Parsed(faults=(fault("least", least=_write(question.least)),))
        if question.most is not None and number > question.most:
            return Parsed(faults=(fault("most", most=_write(question.most)),))
        return Parsed(f"{number:f}" if question.decimals else int(number))

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return {"": str(value)}

    def is_shaped(self, question: Any, value: Any) -> bool:
        if isinstance(value, bool):
            return False
        if isinstance(value, int):
            return abs(value) < 10**15
        return bool(question.decimals) and isinstance(value, str) and _NUMBER.fullmatch(value) is not None

    def for_rules(self, question: Any, value: Any) -> Any:
        return Decimal(value) if isinstance(value, str) else value

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        words = _write(Decimal(value))
        return f"{words} {question.unit.in_language(language)}" if question.unit else words

    def cells(self, question: Any, value: Any, other: str = "") -> tuple[str | int, ...]:
        return ("" if value is None else value,)


class YenKind(Kind):
    """Whole yen."""

    value_type: ClassVar[ValueType] = ValueType.YEN

    def parse(self, question: Any, raw: Raw) -> Parsed:
        text = (
            narrow(single(raw)[:60])
            .replace("−", "-")
            .replace(" ", "")
            .removesuffix("円")
            .removeprefix("¥")
            .removeprefix("\\")
        )
        if not text:
            return Parsed()
        number = _read(text)
        if number is None:
            return Parsed(faults=(fault("yen"),))
        if number != number.to_integral_value():
            return Parsed(faults=(fault("whole_number"),))
        if number < question.least:
            return Parsed(faults=(fault("least", least=f"{question.least:,}円"),))
        if number > question.most:
            return Parsed(faults=(fault("most", most=f"{question.most:,}円"),))
        return Parsed(int(number))

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return {"": str(value)}

    def is_shaped(self, question: Any, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**13

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        return yen_in_words(value, language)

    def cells(self, question: Any, value: Any, other: str = "") -> tuple[str | int, ...]:
        return ("" if value is None else value,)


def yen_in_words(amount: int, language: str) -> str:
    """An amount as people read it."""
    return f"{amount:,} yen" if language == "en" else f"{amount:,}円"
