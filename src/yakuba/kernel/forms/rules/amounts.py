"""Fees and computed values as clerks set them (金額の決め方): fixed, a price times a number, a price by choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.rules.conditions import Subject

_NUMBERS = (ValueType.NUMBER, ValueType.YEN)


@dataclass(frozen=True, slots=True)
class Amount:
    """``how``: fixed, times, table. ``price`` in yen; ``subject`` the question it depends on; ``table`` (value, yen)."""

    how: str
    price: int = 0
    subject: str = ""
    table: tuple[tuple[str, int], ...] = ()


def read_amount(rule: Any, subjects: Sequence[Subject]) -> Amount | None:
    """What a rule says, if it is one of the three; ``None`` otherwise."""
    if _is_price(rule):
        return Amount("fixed", rule)
    by_id = {one.id: one for one in subjects}
    operator, operands = _parted(rule)
    if operator == "*" and len(operands) == 2:
        for price, other in (operands, operands[::-1]):
            name = _name(other)
            if _is_price(price) and name in by_id and by_id[name].type in _NUMBERS:
                return Amount("times", price, name)
        return None
    if operator == "if" and len(operands) >= 3 and len(operands) % 2:
        return _table(operands, by_id)
    return None


def _table(operands: list[Any], by_id: Mapping[str, Subject]) -> Amount | None:
    if operands[-1] != 0:
        return None
    subject, table = "", []
    for condition, price in zip(operands[:-1:2], operands[1::2], strict=True):
        operator, parts = _parted(condition)
        name = _name(parts[0]) if operator == "==" and len(parts) == 2 else ""
        if name not in by_id or not by_id[name].choices or name != (subject or name) or not _is_price(price):
            return None
        if not isinstance(parts[1], str):
            return None
        subject = name
        table.append((parts[1], price))
    return Amount("table", 0, subject, tuple(table))


def write_amount(amount: Amount, subjects: Sequence[Subject]) -> Any:
    """The rule of an amount. Raises `KeyError` for a subject that is not there."""
    if amount.how == "fixed":
        return amount.price
    about = {one.id: one for one in subjects}[amount.subject].rule
    if amount.how == "times":
        return {"*": [about, amount.price]}
    parts: list[Any] = []
    for value, price in amount.table:
        parts += [{"==": [about, value]}, price]
    return {"if": [*parts, 0]}


def _is_price(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12


def _name(rule: Any) -> str:
    operator, operands = _parted(rule)
    if operator == "var" and len(operands) == 1 and isinstance(operands[0], str):
        return operands[0]
    if operator == "count" and len(operands) == 1 and _name(operands[0]):
        return f"count {_name(operands[0])}"
    return ""


def _parted(rule: Any) -> tuple[str, list[Any]]:
    if not isinstance(rule, dict) or len(rule) != 1:
        return "", []
    operator, operands = next(iter(rule.items()))
    return str(operator), operands if isinstance(operands, list) else [operands]
