"""The verbs: asking, deciding, withdrawing, numbering."""

from yakuba.kernel.approval.services.ask_decision import ask_decision
from yakuba.kernel.approval.services.decide import decide
from yakuba.kernel.approval.services.dispose_content import dispose_content
from yakuba.kernel.approval.services.document_numbers import (
    issue_document_number,
    name_section_symbol,
    void_document_number,
)
from yakuba.kernel.approval.services.hand_over_request import hand_over_request
from yakuba.kernel.approval.services.withdraw_request import receive_return, withdraw_request

__all__ = [
    "ask_decision",
    "decide",
    "dispose_content",
    "hand_over_request",
    "issue_document_number",
    "name_section_symbol",
    "receive_return",
    "void_document_number",
    "withdraw_request",
]
