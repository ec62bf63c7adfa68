"""What a rule gives for some data."""

from __future__ import annotations

from datetime import date
from typing import Any

from yakuba.kernel.expressions.rules.bounds import MOST_STEPS
from yakuba.kernel.expressions.rules.operators import OPERATIONS, operands_of
from yakuba.kernel.expressions.rules.shape import refuse_unsound
from yakuba.kernel.expressions.rules.values import Rule, Value, Work, given, taken


def evaluate(rule: Rule, data: Any, *, today: date) -> Value:
    """The value of a rule (JsonLogic) for `data` (JSON, usually the answers by name), as of `today`.

    Numbers of the result are `int` or `Decimal`. An absent name gives null, and so does arithmetic with it; see the
    README for the meaning of every operator. Raises `RuleFault` for a malformed rule, and for work, numbers, texts or
    lists beyond the bounds; never any other exception for JSON, whatever is in it.
    """
    refuse_unsound(rule)
    evaluation = _Evaluation(today)
    return given(evaluation.value(rule, data), evaluation.work)


class _Evaluation:
    __slots__ = ("today", "work")

    def __init__(self, today: date) -> None:
        self.today = today
        self.work = Work()

    def value(self, rule: Rule, scope: Any) -> Any:
        work = self.work
        work.steps += 1
        if work.steps > MOST_STEPS:
            work.spend(0)
        kind = type(rule)
        if kind is str or rule is None or kind is bool:
            return rule
        if kind is dict and len(rule) == 1:
            ((key, written),) = rule.items()
            operation = OPERATIONS[key]
            operands = operands_of(written)
            if operation.by_rule is not None:
                return operation.by_rule(operands, scope, self)
            return operation.by_value([self.value(operand, scope) for operand in operands], self)  # type: ignore[misc]
        if kind is list:
            return [self.value(each, scope) for each in rule]
        return taken(rule)
