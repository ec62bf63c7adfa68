"""Public names of ``kernel.approval``: asking for decisions, deciding, document numbers, remedies."""

from yakuba.kernel.approval.events import ActDone, DecisionMade, DecisionWithdrawn, TurnCame
from yakuba.kernel.approval.on_the_way import deciders_on
from yakuba.kernel.approval.queries import (
    decisions_on,
    is_current,
    remedy_notice,
    requests_on,
    returned_to,
    stamps_of,
    to_see_afterwards,
    turns_of,
    waiting_for,
)
from yakuba.kernel.approval.queries.way import first_in_turn
from yakuba.kernel.approval.rules.remedies import ActKind
from yakuba.kernel.approval.rules.states import Decider, Outcome
from yakuba.kernel.approval.services import (
    ask_decision,
    decide,
    dispose_content,
    issue_document_number,
    void_document_number,
    withdraw_request,
)
from yakuba.kernel.approval.services.amend_request import dropped_from
from yakuba.kernel.approval.services.preview import Preview, preview_route

__all__ = [
    "ActDone",
    "ActKind",
    "Decider",
    "DecisionMade",
    "DecisionWithdrawn",
    "Outcome",
    "Preview",
    "TurnCame",
    "ask_decision",
    "decide",
    "deciders_on",
    "decisions_on",
    "dispose_content",
    "dropped_from",
    "first_in_turn",
    "is_current",
    "issue_document_number",
    "preview_route",
    "remedy_notice",
    "requests_on",
    "returned_to",
    "stamps_of",
    "to_see_afterwards",
    "turns_of",
    "void_document_number",
    "waiting_for",
    "withdraw_request",
]
