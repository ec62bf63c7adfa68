"""A route laid out for one draft: which stages it passes, who sits in them today, what is left out and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.kernel.approval.rules.delegation import Delegation, delegated_to
from yakuba.kernel.approval.rules.routes import FACT_WORDS, Route, Seat, Stage, StageKind, Who
from yakuba.kernel.approval.rules.seats import Directory, Draft, superiors, who_sits
from yakuba.kernel.approval.rules.who_decides import House, MayDecide
from yakuba.kernel.expressions.api import evaluate, in_words, is_true

NameOf = Callable[[Seat], str]
"""What a seat is called: 「財政課長」, 「会計管理者」."""


@dataclass(frozen=True, slots=True)
class LaidSeat:
    """A seat with its name and who sits in it on the day."""

    seat: Seat
    words: str
    sitting: tuple[MayDecide, ...]


@dataclass(frozen=True, slots=True)
class LaidStage:
    """A stage of the draft's own route; ``skipped`` says why it is left out, ``why`` why it is as it is."""

    kind: StageKind
    title: str
    quorum: int
    seats: tuple[LaidSeat, ...]
    why: str = ""
    skipped: str = ""


def exception_of(facts: Mapping[str, Any]) -> str:
    """Why the head of the authority decides whatever the 専決 table says; "" when nothing speaks for it."""
    if facts.get("is_extraordinary"):
        return "異例な案件"
    return "重要な案件" if facts.get("is_important") else ""


def lay_out(
    route: Route,
    *,
    facts: Mapping[str, Any],
    draft: Draft,
    otherwise: Seat,
    table: Sequence[Delegation],
    house: House,
    directory: Directory,
    name_of: NameOf,
    today: date,
) -> list[LaidStage]:
    """The stages in order. The same draft on the same day always gives the same; nobody is asked twice in 回議.

    ``otherwise`` decides what the 専決 ``table`` does not speak of.
    """
    delegated = delegated_to(
        table,
        matter=str(facts.get("matter", "")),
        amount=facts.get("amount"),
        otherwise=otherwise,
        exception=exception_of(facts),
    )
    decide = next(one for one in route.stages if one.kind is StageKind.DECIDE)
    deciding = delegated.seat if decide.seats[0].who is Who.DELEGATED else decide.seats[0]

    def sits(seat: Seat, kind: StageKind) -> tuple[MayDecide, ...]:
        return who_sits(seat, kind=kind, draft=draft, house=house, directory=directory)

    deciders = {one.staff for one in sits(deciding, StageKind.DECIDE)[:1]}
    known = {**dict.fromkeys(FACT_WORDS), **facts}
    asked: set[int] = set()
    laid: list[LaidStage] = []
    for stage in route.stages:
        if stage.when is not None and not is_true(evaluate(stage.when, known, today=today)):
            words = in_words(stage.when, names=FACT_WORDS, language="ja")
            laid.append(_left_out(stage, name_of, f"条件に当たらない（{words}）"))
            continue
        if stage.kind is StageKind.DECIDE:
            why = delegated.why if decide.seats[0].who is Who.DELEGATED else ""
            laid.append(_laid(stage, [deciding], name_of, sits, why))
            continue
        if stage.seats[0].who is Who.SUPERIORS:
            found = superiors(draft, decider=deciders, house=house, directory=directory)
            asked |= {sits(one, stage.kind)[0].staff for one in found}
            laid += [_laid(stage, [one], name_of, sits, "起案者の上司") for one in found]
            if not found:
                laid.append(_left_out(stage, name_of, "起案者と決裁者の間に上司がいない"))
            continue
        seats = list(stage.seats)
        if stage.kind is StageKind.LINE:
            seats = [one for one in seats if not (_first(sits(one, stage.kind)) & (deciders | asked | draft.drafters))]
            asked |= {staff for one in seats for staff in _first(sits(one, stage.kind))}
        if not seats:
            laid.append(_left_out(stage, name_of, "同じ人が、ほかの段階か決裁で見る"))
            continue
        laid.append(_laid(stage, seats, name_of, sits, ""))
    return laid


def nobody_in(stages: Sequence[LaidStage]) -> list[str]:
    """The seats in which nobody sits, by name: a draft cannot set out on such a route."""
    return [one.words for stage in stages if not stage.skipped for one in stage.seats if not one.sitting]


def _laid(
    stage: Stage,
    seats: Sequence[Seat],
    name_of: NameOf,
    sits: Callable[[Seat, StageKind], tuple[MayDecide, ...]],
    why: str,
) -> LaidStage:
    found = tuple(LaidSeat(one, name_of(one), sits(one, stage.kind)) for one in seats)
    quorum = min(stage.quorum, len(found))
    title = stage.title or (found[0].words if len(found) == 1 and stage.kind is StageKind.LINE else stage.kind.label)
    return LaidStage(stage.kind, title[:40], quorum, found, why)


def _left_out(stage: Stage, name_of: NameOf, why: str) -> LaidStage:
    seats = tuple(LaidSeat(one, name_of(one), ()) for one in stage.seats)
    return LaidStage(stage.kind, stage.name[:40], stage.quorum, seats, skipped=why)


def _first(sitting: Sequence[MayDecide]) -> set[int]:
    return {one.staff for one in sitting[:1]}
