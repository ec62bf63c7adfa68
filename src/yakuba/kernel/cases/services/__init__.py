"""The verbs of cases."""

from yakuba.kernel.cases.services.consent import confirm_cosigner, cosigner_of, invite_cosigner, record_consent
from yakuba.kernel.cases.services.corrections import (
    answer_correction,
    ask_correction,
    mark_overdue,
    take_back_correction,
)
from yakuba.kernel.cases.services.places import apply_draw, cancel_place, decide_place, draw_lots, move_up
from yakuba.kernel.cases.services.submit_case import submit_case
from yakuba.kernel.cases.services.withdraw import withdraw_case
from yakuba.kernel.cases.services.work import (
    complete_case,
    confirm_identity,
    confirm_mandate,
    confirm_paper,
    recount,
    return_case,
    start_work,
)

__all__ = [
    "answer_correction",
    "apply_draw",
    "ask_correction",
    "cancel_place",
    "complete_case",
    "confirm_cosigner",
    "confirm_identity",
    "confirm_mandate",
    "confirm_paper",
    "cosigner_of",
    "decide_place",
    "draw_lots",
    "invite_cosigner",
    "mark_overdue",
    "move_up",
    "record_consent",
    "recount",
    "return_case",
    "start_work",
    "submit_case",
    "take_back_correction",
    "withdraw_case",
]
