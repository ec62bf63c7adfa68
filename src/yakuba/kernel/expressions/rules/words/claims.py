"""What a rule claims, in the order a sentence says it, before any language is chosen.

A rule is turned until each claim begins with what it is about: `5 < 人数` becomes `人数 > 5`, and "not" moves inward to
the single claims, as people say it ("neither … nor").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from yakuba.kernel.expressions.rules.operators import operands_of
from yakuba.kernel.expressions.rules.values import Rule, ValueType


@dataclass(frozen=True)
class Named:
    """What people call an answer: its label, the labels of its choices by key, and its type, which gives the unit (円)."""

    label: str
    choices: Mapping[str, str] = field(default_factory=dict)
    type: ValueType = ValueType.ANY


@dataclass(frozen=True)
class Claim:
    """One statement: `key` says which, `parts` are the rules it speaks of, the first being what it is about."""

    key: str
    parts: tuple[Rule, ...]
    is_denied: bool = False


@dataclass(frozen=True)
class Joined:
    """Statements that hold together (`and`) or of which one holds (`or`)."""

    by: Literal["and", "or"]
    parts: tuple[Statement, ...]


@dataclass(frozen=True)
class Settled:
    """Always, or never."""

    holds: bool


Statement = Claim | Joined | Settled

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=", "===": "===", "!==": "!=="}


def statement_of(rule: Rule, *, is_denied: bool = False) -> Statement:
    """What a sound rule says when it is asked as a condition."""
    if rule is None or isinstance(rule, bool):
        return Settled(bool(rule) is not is_denied)
    key, operands = parted(rule)
    if key in ("and", "or"):
        by: Literal["and", "or"] = "and" if (key == "and") is not is_denied else "or"
        return _joined(by, [statement_of(operand, is_denied=is_denied) for operand in operands])
    if key in ("!", "!!"):
        return statement_of(operands[0], is_denied=is_denied is (key == "!!"))
    if key in ("if", "?:") and len(operands) in (2, 3):
        then = statement_of(operands[1], is_denied=is_denied)
        otherwise = statement_of(operands[2] if len(operands) == 3 else None, is_denied=is_denied)
        first = _joined("and", [statement_of(operands[0]), then])
        second = _joined("and", [statement_of(operands[0], is_denied=True), otherwise])
        return _joined("or", [first, second])
    if key in _MIRRORED:
        return _comparison(key, operands, is_denied)
    if key == "in" and type(operands[1]) is list:
        return Claim("one_of", tuple(operands), is_denied)
    if key in ("in", "contains"):
        return Claim("holds", tuple(operands if key == "contains" else reversed(operands)), is_denied)
    if key in ("is_empty", "all", "some", "none", "missing", "missing_some"):
        return Claim("empty" if key == "is_empty" else key, tuple(operands), is_denied)
    return Claim("true", (rule,), is_denied)


def parted(rule: Rule) -> tuple[str, Sequence[Rule]]:
    """Operator and operands; an empty key for a plain value."""
    if type(rule) is not dict or len(rule) != 1:
        return "", ()
    ((key, written),) = rule.items()
    return key, operands_of(written)


def _joined(by: Literal["and", "or"], statements: list[Statement]) -> Statement:
    """Statements in one row, without those that decide nothing."""
    parts: list[Statement] = []
    for statement in statements:
        if isinstance(statement, Settled):
            if statement.holds is (by == "or"):
                return statement
        elif isinstance(statement, Joined) and statement.by == by:
            parts.extend(statement.parts)
        else:
            parts.append(statement)
    if not parts:
        return Settled(by == "and")
    return parts[0] if len(parts) == 1 else Joined(by, tuple(parts))


def _comparison(key: str, operands: Sequence[Rule], is_denied: bool) -> Claim:
    if len(operands) == 3:
        low, middle, high = operands
        return Claim("between" if key == "<=" else "strictly_between", (middle, low, high), is_denied)
    one, other = operands
    if not isinstance(one, dict) and isinstance(other, dict):
        key, one, other = _MIRRORED[key], other, one
    if other is None and key in ("==", "===", "!=", "!=="):
        return Claim("absent", (one,), is_denied is not key.startswith("!"))
    return Claim({"===": "==", "!==": "!="}.get(key, key), (one, other), is_denied)
