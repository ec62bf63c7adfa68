"""What cases tell others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yakuba.kernel.events.api import Event


@dataclass(frozen=True)
class CaseReceived(Event):
    """A case arrived. ``arrival`` is a value of `Arrival`; ``is_sample`` cases are never counted."""

    name: ClassVar[str] = "cases.received"

    case_public_id: str
    procedure_key: str
    arrival: str
    is_sample: bool


@dataclass(frozen=True)
class CaseWithdrawn(Event):
    """The applicant took a case back, or declined a place."""

    name: ClassVar[str] = "cases.withdrawn"

    case_public_id: str


@dataclass(frozen=True)
class CorrectionAsked(Event):
    """The applicant is to put something right."""

    name: ClassVar[str] = "cases.correction_asked"

    case_public_id: str
    correction_public_id: str


@dataclass(frozen=True)
class CorrectionAnswered(Event):
    """The answer to a correction arrived."""

    name: ClassVar[str] = "cases.correction_answered"

    case_public_id: str
    correction_public_id: str


@dataclass(frozen=True)
class CorrectionOverdue(Event):
    """The deadline of a correction passed; a clerk must judge."""

    name: ClassVar[str] = "cases.correction_overdue"

    case_public_id: str


@dataclass(frozen=True)
class CaseReturned(Event):
    """A 届出 or claim was sent back with a reason."""

    name: ClassVar[str] = "cases.returned"

    case_public_id: str


@dataclass(frozen=True)
class ConsentAnswered(Event):
    """A co-applicant answered; ``is_complete`` when nobody is waited for any more."""

    name: ClassVar[str] = "cases.consent_answered"

    case_public_id: str
    cosigner_public_id: str
    agreed: bool
    is_complete: bool


@dataclass(frozen=True)
class PlaceDecided(Event):
    """A 申込 has a place, waits, has none, or was cancelled (``lot``)."""

    name: ClassVar[str] = "cases.place_decided"

    case_public_id: str
    lot: str


@dataclass(frozen=True)
class CaseAssigned(Event):
    """A case was given to somebody by somebody else."""

    name: ClassVar[str] = "cases.assigned"

    case_public_id: str
    staff_public_id: str


@dataclass(frozen=True)
class CaseDecided(Event):
    """A decision was made on a case; ``outcome`` is ``approved`` or ``refused``."""

    name: ClassVar[str] = "cases.decided"

    case_public_id: str
    outcome: str


@dataclass(frozen=True)
class NoticeSent(Event):
    """A letter was sent: electronically (it can be opened), by post through the letters of the house (``post``), by post
    as the clerk printed it (``own_post``), or handed out (``counter``)."""

    name: ClassVar[str] = "cases.notice_sent"

    case_public_id: str
    notice_public_id: str
    way: str


@dataclass(frozen=True)
class NoticeOnPaper(Event):
    """An electronic letter nobody opened in time goes on paper."""

    name: ClassVar[str] = "cases.notice_on_paper"

    case_public_id: str
    notice_public_id: str


@dataclass(frozen=True)
class NumberSuspected(Event):
    """A file of a case holds what must be taken for a My Number; a clerk must judge."""

    name: ClassVar[str] = "cases.number_suspected"

    case_public_id: str
