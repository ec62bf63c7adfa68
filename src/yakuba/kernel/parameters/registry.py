"""Which dated values the house knows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from yakuba.kernel.values.api import Refusal

Value = int | Decimal | str | bool


class ValueKind(StrEnum):
    """What a value looks like."""

    WHOLE = "whole"  # whole number: days, persons
    YEN = "yen"
    RATE = "rate"  # decimal number: 1.25 for 125/100
    WORDS = "words"
    YES_NO = "yes_no"

    @property
    def label(self) -> str:
        return {"whole": "整数", "yen": "円", "rate": "率", "words": "文字", "yes_no": "はい・いいえ"}[self.value]


@dataclass(frozen=True)
class Parameter:
    """A value that an ordinance, rule or decision fixes: what it is, its unit, and what holds until the town decides.

    ``standard`` with ``standard_source`` counts from the beginning of time; it is what the house proposes.
    """

    key: str
    title: str
    meaning: str
    kind: ValueKind
    unit: str
    standard: Value
    standard_source: str
    least: int | Decimal | None = None
    most: int | Decimal | None = None


_parameters: dict[str, Parameter] = {}


def parameter(wanted: Parameter) -> Parameter:
    """Declare a dated value; called from an app's ``parameters.py``. Two different declarations of a key are a fault."""
    known = _parameters.get(wanted.key)
    if known is not None and known != wanted:
        raise ValueError(f"parameter {wanted.key!r} is declared twice")
    _parameters[wanted.key] = wanted
    return wanted


def known_parameters() -> tuple[Parameter, ...]:
    return tuple(_parameters[key] for key in sorted(_parameters))


def find_parameter(key: str) -> Parameter | None:
    return _parameters.get(key)


def read_value(wanted: Parameter, written: str) -> Value:
    """A typed value from what a person wrote (full-width digits and commas are fine); raises ``Refusal``."""
    text = written.strip()
    if wanted.kind is ValueKind.WORDS:
        if not text:
            raise Refusal("値が空です。", field="value", hint="値を入れてください。")
        return text[:400]
    if wanted.kind is ValueKind.YES_NO:
        if text not in ("はい", "いいえ"):
            raise Refusal("「はい」か「いいえ」を選んでください。", field="value")
        return text == "はい"
    return _read_number(wanted, text)


def _read_number(wanted: Parameter, text: str) -> int | Decimal:
    plain = text.translate(str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")).replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation as fault:
        raise Refusal(
            f"「{text[:20]}」は数として読めません。", field="value", hint="数字だけを入れてください。"
        ) from fault
    if not number.is_finite() or (wanted.kind is not ValueKind.RATE and number != number.to_integral_value()):
        raise Refusal("整数で入れてください。", field="value", hint=f"単位は{wanted.unit}です。")
    if (wanted.least is not None and number < wanted.least) or (wanted.most is not None and number > wanted.most):
        low = wanted.least if wanted.least is not None else "…"
        high = wanted.most if wanted.most is not None else "…"
        raise Refusal(f"{low}から{high}までの値を入れてください。", field="value")
    return number if wanted.kind is ValueKind.RATE else int(number)


def stored_form(value: Value) -> str | int | bool:
    """The JSON form of a value; rates are kept as text, exactly."""
    return str(value) if isinstance(value, Decimal) else value


def from_stored(wanted: Parameter, stored: str | int | bool) -> Value:
    return Decimal(str(stored)) if wanted.kind is ValueKind.RATE else stored
