"""The verbs: asking, acting on the way, deciding, withdrawing, issuing, numbering."""

from yakuba.kernel.approval.services.act_on_request import act_on_request
from yakuba.kernel.approval.services.after_decision import is_cleared, issue_request, post_view, remind
from yakuba.kernel.approval.services.amend_request import amend_request, pull_back, send_again
from yakuba.kernel.approval.services.ask_decision import ask_decision
from yakuba.kernel.approval.services.decide import decide
from yakuba.kernel.approval.services.dispose_content import dispose_content
from yakuba.kernel.approval.services.document_numbers import (
    issue_document_number,
    name_section_symbol,
    void_document_number,
)
from yakuba.kernel.approval.services.hand_over_request import hand_over_request
from yakuba.kernel.approval.services.keep_routes import (
    delegate_matter,
    end_absence,
    end_delegation,
    end_route,
    enter_absence,
    lay_down_route,
)
from yakuba.kernel.approval.services.reroute import reroute
from yakuba.kernel.approval.services.withdraw_request import receive_return, withdraw_request

__all__ = [
    "act_on_request",
    "amend_request",
    "ask_decision",
    "decide",
    "delegate_matter",
    "dispose_content",
    "end_absence",
    "end_delegation",
    "end_route",
    "enter_absence",
    "hand_over_request",
    "is_cleared",
    "issue_document_number",
    "issue_request",
    "lay_down_route",
    "name_section_symbol",
    "post_view",
    "pull_back",
    "receive_return",
    "remind",
    "reroute",
    "send_again",
    "void_document_number",
    "withdraw_request",
]
