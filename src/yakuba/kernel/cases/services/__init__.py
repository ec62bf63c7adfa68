"""The verbs of cases."""

from yakuba.kernel.cases.services.corrections import (
    answer_correction,
    ask_correction,
    mark_overdue,
    take_back_correction,
)
from yakuba.kernel.cases.services.submit_case import submit_case
from yakuba.kernel.cases.services.withdraw import withdraw_case

__all__ = [
    "answer_correction",
    "ask_correction",
    "mark_overdue",
    "submit_case",
    "take_back_correction",
    "withdraw_case",
]
