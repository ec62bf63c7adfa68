"""Public names of `kernel.cases`: submissions and what becomes of them."""

from yakuba.kernel.cases.access import cases_of, contact_of, get_for, may_work_on, visible_to
from yakuba.kernel.cases.events import CaseMoved, CaseReceived, CorrectionAnswered, CorrectionAsked, CorrectionOverdue
from yakuba.kernel.cases.models import Case, Correction
from yakuba.kernel.cases.queries.answers import answers_for, compare_answers, correction_compared
from yakuba.kernel.cases.queries.corrections import correction_evaluation, open_correction
from yakuba.kernel.cases.queries.for_residents import case_states, history_for, open_actions
from yakuba.kernel.cases.queries.look_up import case_of_number
from yakuba.kernel.cases.rules.actions import Action
from yakuba.kernel.cases.rules.parties import Arrival, Party, PartyRole
from yakuba.kernel.cases.rules.proof import ProofMissing, Shown
from yakuba.kernel.cases.rules.states import CaseKind, GrantStage, Mover, Phase
from yakuba.kernel.cases.rules.words import StateWords
from yakuba.kernel.cases.services import (
    answer_correction,
    ask_correction,
    submit_case,
    take_back_correction,
    withdraw_case,
)

__all__ = [
    "Action",
    "Arrival",
    "Case",
    "CaseKind",
    "CaseMoved",
    "CaseReceived",
    "Correction",
    "CorrectionAnswered",
    "CorrectionAsked",
    "CorrectionOverdue",
    "GrantStage",
    "Mover",
    "Party",
    "PartyRole",
    "Phase",
    "ProofMissing",
    "Shown",
    "StateWords",
    "answer_correction",
    "answers_for",
    "ask_correction",
    "case_of_number",
    "case_states",
    "cases_of",
    "compare_answers",
    "contact_of",
    "correction_compared",
    "correction_evaluation",
    "get_for",
    "history_for",
    "may_work_on",
    "open_actions",
    "open_correction",
    "submit_case",
    "take_back_correction",
    "visible_to",
    "withdraw_case",
]
