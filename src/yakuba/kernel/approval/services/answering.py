"""Answering in a seat: what every answer has in common, whichever verb it came by. Called inside a verb."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from yakuba.kernel.access.api import Person
from yakuba.kernel.approval.models import DecisionRequest, RouteAct
from yakuba.kernel.approval.on_the_way import Day, stages_of
from yakuba.kernel.approval.rules.flow import Act, StageNow, Turn
from yakuba.kernel.approval.services.closing import require_same_edition, require_unchanged, require_whole
from yakuba.kernel.approval.services.recording import Standing, record_act, standing_of, titles_of
from yakuba.kernel.approval.services.routing import trace_seats
from yakuba.kernel.approval.services.subjects import fingerprint
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock

CONSENTS = (Act.AGREE, Act.EXAMINE, Act.APPROVE, Act.LIFT)
"""Acts that say yes to a content: they need the subject to be what was asked about."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An act written down, in which capacity, on which state of the subject, and the stages as they were then."""

    act: RouteAct
    standing: Standing
    subject_sha256: str
    stages: Sequence[StageNow]


def answer(
    act: Act,
    *,
    by: Person,
    request: DecisionRequest,
    turn: Turn,
    day: Day,
    words: str,
    files: Sequence[Ref],
    said_absent: Collection[int],
    seen_edition: int | None,
    clock: Clock,
) -> Answer:
    """Check what must hold of every answer and write it down.

    Raises ``Refusal`` for a content amended after it was read, a deputy out of turn, a content that was tampered with,
    and for a yes to a subject that has changed.
    """
    require_same_edition(request, seen_edition)
    standing = standing_of(by, turn, request, day, said_absent=said_absent)
    require_whole(request)
    subject = fingerprint(request.subject)
    if act in CONSENTS:
        require_unchanged(request, subject)
    stages = stages_of([request], day)[request.pk]
    trace_seats(request, stages, on=day.on)
    made = record_act(
        act,
        by=by,
        request=request,
        clock=clock,
        words=words,
        files=files,
        stage=turn.stage,
        seat=turn.seat,
        titles=titles_of(turn.stage, turn.seat),
        standing=standing,
        subject_sha256=subject,
    )
    return Answer(made, standing, subject, stages)
