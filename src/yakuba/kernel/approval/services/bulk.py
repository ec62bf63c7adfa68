"""Answering several harmless requests at once: 回議 and 供覧 in one's own seat, each by its own verb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.on_the_way import Day, turns_on
from yakuba.kernel.approval.rules.flow import Act
from yakuba.kernel.approval.rules.routes import StageKind
from yakuba.kernel.approval.rules.states import Capacity
from yakuba.kernel.approval.services.act_on_request import act_on_request
from yakuba.kernel.values.api import Clock, Refusal

MOST_AT_ONCE = 100
_ACTS = {StageKind.LINE: Act.AGREE, StageKind.CIRCULATE: Act.SEE}


@dataclass(frozen=True, slots=True)
class BulkLine:
    """What became of one request: ``why`` is empty where it is done."""

    request: DecisionRequest
    why: str = ""
    done: str = ""


def answer_many(*, by: Person, requests: Sequence[tuple[DecisionRequest, int | None]], clock: Clock) -> list[BulkLine]:
    """Agree in 回議 and note 供覧, one verb each, with the edition that was shown in the list.

    合議, 審査 and 決裁 are answered one by one: they are judgements of an organ of its own. So is what is important or
    extraordinary, and whatever somebody would do in another's place.
    """
    day = Day.of(clock.today())
    return [_answer(by, request, edition, day, clock) for request, edition in requests]


def _answer(by: Person, request: DecisionRequest, edition: int | None, day: Day, clock: Clock) -> BulkLine:
    turns = turns_on(request, by.staff_id, day) if by.staff_id is not None else []
    if not turns:
        return BulkLine(request, "今は、あなたの順番ではありません。")
    turn = turns[0]
    act = _ACTS.get(turn.stage.kind)
    if act is None or act not in turn.acts:
        return BulkLine(request, f"{turn.stage.kind.label}は、一件ずつ内容を見て答えてください。")
    if turn.may.capacity is not Capacity.OWN:
        return BulkLine(request, "代決は、一件ずつ行ってください。")
    if turn.stage.kind is StageKind.LINE and (
        request.facts.get("is_important") or request.facts.get("is_extraordinary")
    ):
        return BulkLine(request, "重要な案件・異例な案件です。一件ずつ内容を見て答えてください。")
    if edition is None:
        return BulkLine(request, "一覧に出ていた内容が分かりません。一件ずつ開いて答えてください。")
    try:
        act_on_request(by=by, request=request, act=act, comment="", clock=clock, seen_edition=edition)
    except (Refusal, NotAllowed) as refused:
        return BulkLine(request, f"{refused}{getattr(refused, 'hint', None) or ''}")
    return BulkLine(request, done="承認" if act is Act.AGREE else "供覧済")
