"""Conditions of a stage as people choose them from a list, to and from the stored rule."""

from __future__ import annotations

from yakuba.kernel.expressions.api import Rule

ALWAYS, ABOVE, BELOW = "", "amount_above", "amount_upto"
FLAGS = ("spends_money", "needs_seal", "is_important", "is_extraordinary")

CHOICES: tuple[tuple[str, str], ...] = (
    (ALWAYS, "いつも"),
    ("spends_money", "支出を伴うとき"),
    ("needs_seal", "公印を押すとき"),
    ("is_important", "重要な案件のとき"),
    ("is_extraordinary", "異例な案件のとき"),
    (ABOVE, "金額が次の額を超えるとき"),
    (BELOW, "金額が次の額以下のとき"),
)


def rule_of(choice: str, amount: int | None) -> Rule:
    """The rule of a choice; ``amount`` in yen is for the two about amounts. Raises ``ValueError`` for what is none."""
    if choice == ALWAYS:
        return None
    if choice in FLAGS:
        return {"var": choice}
    if choice in (ABOVE, BELOW) and amount is not None:
        return {">" if choice == ABOVE else "<=": [{"var": "amount"}, amount]}
    raise ValueError(f"no condition {choice!r} with {amount!r}")


def choice_of(rule: Rule) -> tuple[str, int | None] | None:
    """The choice a stored rule stands for; ``None`` for one that the list cannot show."""
    if rule is None:
        return ALWAYS, None
    for flag in FLAGS:
        if rule == {"var": flag}:
            return flag, None
    if isinstance(rule, dict) and len(rule) == 1:
        operator, operands = next(iter(rule.items()))
        choice = {">": ABOVE, "<=": BELOW}.get(operator)
        if choice and isinstance(operands, list | tuple) and len(operands) == 2 and operands[0] == {"var": "amount"}:
            amount = operands[1]
            if type(amount) is int:
                return choice, amount
    return None
