"""Public names of `kernel.expressions`: one bounded condition language for forms, cases, apps and automations."""

from yakuba.kernel.expressions.rules.check import check
from yakuba.kernel.expressions.rules.evaluate import evaluate
from yakuba.kernel.expressions.rules.faults import Fault, RuleFault, RuleProblem
from yakuba.kernel.expressions.rules.references import references
from yakuba.kernel.expressions.rules.table import OPERATORS, Operator, Use
from yakuba.kernel.expressions.rules.values import Rule, Value, ValueType, is_true
from yakuba.kernel.expressions.rules.words.claims import Named
from yakuba.kernel.expressions.rules.words.in_words import in_words
from yakuba.kernel.expressions.to_sql import NotCompilable, to_q

__all__ = [
    "OPERATORS",
    "Fault",
    "Named",
    "NotCompilable",
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
    "to_q",
]
