"""Public names of `kernel.expressions`: one bounded condition language for forms, cases, apps and automations."""

from yakuba.kernel.expressions.rules.check import check
from yakuba.kernel.expressions.rules.evaluate import evaluate
from yakuba.kernel.expressions.rules.faults import Fault, RuleFault, RuleProblem
from yakuba.kernel.expressions.rules.references import references
from yakuba.kernel.expressions.rules.table import OPERATORS, Operator, Use
from yakuba.kernel.expressions.rules.values import Rule, Value, ValueType, is_true
from yakuba.kernel.expressions.rules.words.claims import Named
from yakuba.kernel.expressions.rules.words.in_words import in_words

__all__ = [
    "OPERATORS",
    "Fault",
    "Named",
    "Operator",
    "Rule",
    "RuleFault",
    "RuleProblem",
    "Use",
    "Value",
    "ValueType",
    "check",
    "evaluate",
    "in_words",
    "is_true",
    "references",
]
