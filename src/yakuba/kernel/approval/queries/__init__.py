"""Reads of requests, decisions, numbers and remedies."""

from yakuba.kernel.approval.queries.remedies import remedy_notice
from yakuba.kernel.approval.queries.requests import (
    decisions_on,
    is_current,
    requests_on,
    returned_to,
    to_see_afterwards,
    turns_of,
    waiting_for,
)
from yakuba.kernel.approval.queries.stamps import Stamp, stamps_of

__all__ = [
    "Stamp",
    "decisions_on",
    "is_current",
    "remedy_notice",
    "requests_on",
    "returned_to",
    "stamps_of",
    "to_see_afterwards",
    "turns_of",
    "waiting_for",
]
