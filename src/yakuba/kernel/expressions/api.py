"""Public names of `kernel.expressions`: one bounded condition language for forms, cases, apps and automations."""

from yakuba.kernel.expressions.rules.check import check
from yakuba.kernel.expressions.rules.evaluate import evaluate
from yakuba.kernel.expressions.rules.faults import Fault, RuleFault, RuleProblem
from yakuba.kernel.expressions.rules.references import references
from yakuba.kernel.expressions.rules.values import Rule, Value, ValueType, is_true

__all__ = [
    "Fault",
    "Rule",
    "RuleFault",
    "RuleProblem",
    "Value",
    "ValueType",
    "check",
    "evaluate",
    "is_true",
    "references",
]
