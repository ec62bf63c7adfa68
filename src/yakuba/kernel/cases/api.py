"""Public names of `kernel.cases`: submissions and what becomes of them."""

from yakuba.kernel.cases.access import cases_of, contact_of, get_for, may_work_on, visible_to
from yakuba.kernel.cases.events import CaseMoved, CaseReceived
from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.queries.for_residents import case_states, history_for, open_actions
from yakuba.kernel.cases.queries.look_up import case_of_number
from yakuba.kernel.cases.rules.actions import Action
from yakuba.kernel.cases.rules.parties import Arrival, Party, PartyRole
from yakuba.kernel.cases.rules.proof import ProofMissing, Shown
from yakuba.kernel.cases.rules.states import CaseKind, GrantStage, Mover, Phase
from yakuba.kernel.cases.rules.words import StateWords
from yakuba.kernel.cases.services import submit_case

__all__ = [
    "Action",
    "Arrival",
    "Case",
    "CaseKind",
    "CaseMoved",
    "CaseReceived",
    "GrantStage",
    "Mover",
    "Party",
    "PartyRole",
    "Phase",
    "ProofMissing",
    "Shown",
    "StateWords",
    "case_of_number",
    "case_states",
    "cases_of",
    "contact_of",
    "get_for",
    "history_for",
    "may_work_on",
    "open_actions",
    "submit_case",
    "visible_to",
]
