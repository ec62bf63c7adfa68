"""The letters of a case as the person it concerns reads them: which, how they come, when they arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yakuba.kernel.cases.api import Case, Notice
from yakuba.kernel.cases.models import NoticeState, NoticeWay
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.values.api import business_date


class LetterStanding(StrEnum):
    """Where a letter stands for the person it goes to."""

    TO_OPEN = "to_open"
    OPENED = "opened"
    POSTED = "posted"
    TO_POST = "to_post"
    CAME_BACK = "came_back"
    HANDED = "handed"


@dataclass(frozen=True, slots=True)
class OwnLetter:
    """One letter: its title as it was signed off (Japanese), number, date, and how it reaches the person.

    ``open_by`` is the last day on which an unopened electronic letter can be opened before it goes by post.
    """

    public_id: str
    title: str
    number: str
    on: date
    standing: LetterStanding
    moment: datetime | None
    open_by: date | None

    @property
    def can_be_opened(self) -> bool:
        return self.standing in (LetterStanding.TO_OPEN, LetterStanding.OPENED)


def own_letters(case: Case) -> list[OwnLetter]:
    """The letters that were sent or are on their way, newest first. The gate of the case comes before."""
    found = [(one, _standing(one)) for one in Notice.objects.filter(case=case).select_related("number")]
    return [_shown(one, standing) for one, standing in found if standing is not None]


def _standing(notice: Notice) -> LetterStanding | None:
    """``None`` for a letter the office is still making, or has given up."""
    if notice.state == NoticeState.SENT_BACK:
        return LetterStanding.CAME_BACK
    if notice.state == NoticeState.READY and notice.to_paper_on is not None:
        return LetterStanding.TO_POST
    if notice.state not in (NoticeState.SENT, NoticeState.ARRIVED):
        return None
    if notice.way == NoticeWay.ELECTRONIC:
        return LetterStanding.OPENED if notice.arrived_at else LetterStanding.TO_OPEN
    return LetterStanding.HANDED if notice.way == NoticeWay.COUNTER else LetterStanding.POSTED


def _shown(notice: Notice, standing: LetterStanding) -> OwnLetter:
    open_by = None
    if standing is LetterStanding.TO_OPEN and notice.sent_at:
        open_by = business_date(notice.sent_at) + timedelta(days=whole_on("cases.enotice_days", notice.on))
    return OwnLetter(
        public_id=notice.public_id,
        title=str(notice.content.get("title") or notice.get_kind_display()),
        number=notice.number.written if notice.number else "",
        on=notice.on,
        standing=standing,
        moment=notice.arrived_at or notice.sent_at,
        open_by=open_by,
    )
