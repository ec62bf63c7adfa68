"""Random lawful routes and random people doing random things: what must never happen does not."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from yakuba.kernel.access.api import NotAllowed, Role
from yakuba.kernel.approval.access import drafters_of
from yakuba.kernel.approval.models import Decision, DecisionRequest, RouteAct, RoutePlan, RouteSeat, RouteStage
from yakuba.kernel.approval.queries.way import first_in_turn
from yakuba.kernel.approval.rules.flow import Act, SeatState, StageState
from yakuba.kernel.approval.rules.routes import Seat, StageKind, Who, read_route
from yakuba.kernel.approval.services import (
    act_on_request,
    amend_request,
    issue_request,
    lay_down_route,
    pull_back,
    reroute,
    send_again,
    withdraw_request,
)
from yakuba.kernel.approval.services.preview import preview_route
from yakuba.kernel.approval.services.reroute import Added
from yakuba.kernel.approval.tests.test_routes import grant
from yakuba.kernel.approval.tests.town_hall import CLOCK, CONTENT, TODAY, acting, ask
from yakuba.kernel.organisation.tests.town_hall import FOUNDED, SYSTEM
from yakuba.kernel.values.api import Refusal

pytestmark = pytest.mark.django_db

PEOPLE = (
    "行政 主事",
    "行政 班長",
    "総務 課長",
    "総務 主査",
    "財政 課長",
    "財政 主事",
    "産業 課長",
    "町長 一郎",
    "副長 二郎",
)
ANSWERS = tuple(one for one in Act if one in (
    Act.AGREE, Act.AGREE, Act.DISSENT, Act.EXAMINE, Act.HOLD, Act.APPROVE, Act.REFUSE, Act.RETURN, Act.RETURN_TO, Act.LIFT, Act.SEE
))  # fmt: skip
OTHERS = ("pull_back", "send_again", "amend", "withdraw", "issue", "leave_out", "add")
_FORWARD = (Act.AGREE, Act.EXAMINE, Act.APPROVE)

sections = st.sampled_from(("02", "03", "01")).map(lambda code: {"who": "section", "section": code})
seats = st.one_of(sections, st.sampled_from(("2001", "1002", "3001")).map(lambda one: {"who": "staff", "staff": one}))


@st.composite
def before(draw: Any) -> dict[str, Any]:
    kind = draw(st.sampled_from(("line", "superiors", "consult", "consult", "examine")))
    said: dict[str, Any] = {}
    if draw(st.integers(0, 4)) == 0:
        said["when"] = draw(st.sampled_from(({"var": "spends_money"}, {">": [{"var": "amount"}, 1000]})))
    if kind == "superiors":
        return {**said, "kind": "line", "seats": [{"who": "superiors"}]}
    if kind == "examine":
        return {**said, "kind": "examine", "seats": [{"who": "role", "role": "accounting"}]}
    chosen = draw(st.lists(seats, min_size=1, max_size=3, unique_by=str))
    return {**said, "kind": kind, "seats": chosen, "quorum": draw(st.integers(0, len(chosen)))}


@st.composite
def routes(draw: Any) -> list[dict[str, Any]]:
    decide = {"kind": "decide", "seats": [{"who": draw(st.sampled_from(("delegated", "authority_head")))}]}
    after: list[dict[str, Any]] = []
    if draw(st.booleans()):
        after.append({"kind": "examine", "seats": [{"who": "role", "role": "seal"}]})
    if draw(st.booleans()):
        after.append({"kind": "issue", "seats": [{"who": "drafter"}]})
    if draw(st.booleans()):
        after.append({"kind": "circulate", "seats": [draw(sections)]})
    return [*draw(st.lists(before(), max_size=4)), decide, *after]


steps = st.lists(
    st.tuples(st.sampled_from((*["forward"] * 14, *_FORWARD, *ANSWERS, *OTHERS)), st.sampled_from(PEOPLE)),
    min_size=8,
    max_size=28,
)
facts = st.fixed_dictionaries(
    {}, optional={"amount": st.integers(0, 5000), "spends_money": st.booleans(), "is_important": st.booleans()}
)


class _Undo(Exception):
    """Ends an example; its rows go with it."""


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(routes(), facts, steps)
def test_whatever_route_and_whoever_acts(hall: Any, stages: Any, said: Any, walk: Any) -> None:
    with pytest.raises(_Undo), transaction.atomic():
        grant(hall, "財政 主事", Role.ACCOUNTING)
        grant(hall, "総務 主査", Role.SEAL)
        assert read_route(stages).to_json() == read_route(read_route(stages).to_json()).to_json()
        lay_down_route(by=SYSTEM, key="any", title="試し", kind="申請の処分", stages=stages, starts_on=FOUNDED)
        _the_same_draft_gives_the_same_way(hall, said)
        try:
            request = ask(hall, facts=said)
        except Refusal:  # a seat nobody sits in: it does not set out
            assert not DecisionRequest.objects.exists()
            raise _Undo from None
        for number, (what, name) in enumerate(walk):
            was = _standing(request)
            try:
                with transaction.atomic():
                    _do(hall, request, what, name, number)
            except (Refusal, NotAllowed):
                assert _standing(request) == was, "what is refused changes nothing"
            _all_is_well(request)
        event(f"ended as {DecisionRequest.objects.get(pk=request.pk).state}")
        raise _Undo


def _the_same_draft_gives_the_same_way(hall: Any, said: dict[str, Any]) -> None:
    seen = [
        preview_route(
            kind="申請の処分",
            section=hall.section("行政管理班"),
            authority=hall.mayor,
            on=TODAY,
            drafter=hall.staff["行政 主事"].pk,
            facts=said,
        )
        for _ in range(2)
    ]
    assert seen[0] == seen[1]


def _do(hall: Any, request: DecisionRequest, what: Any, name: str, number: int) -> None:
    by = acting(hall.staff[name], TODAY)
    if what == "forward":
        _forward(hall, request)
    elif isinstance(what, Act):
        everybody = [one.pk for one in hall.staff.values()]
        act_on_request(
            by=by,
            request=request,
            act=what,
            comment="理由",
            clock=CLOCK,
            back_to=1,
            said_absent=everybody if number % 2 else (),
        )
    elif what == "pull_back":
        pull_back(by=by, request=request, reason="直す", clock=CLOCK)
    elif what == "send_again":
        send_again(by=by, request=request, clock=CLOCK)
    elif what == "amend":
        amend_request(
            by=by,
            request=request,
            content={**CONTENT, "回": number},
            content_text=f"第{number}回",
            reason="直した",
            clock=CLOCK,
        )
    elif what == "withdraw":
        if number > 15:
            withdraw_request(by=by, request=request, reason="不要", clock=CLOCK)
    elif what == "issue":
        issue_request(by=by, request=request, on=TODAY, clock=CLOCK)
    elif what == "leave_out":
        reroute(by=by, request=request, leave_out=[1 + number % 4], reason="不要", clock=CLOCK)
    else:
        added = Added(StageKind.CONSULT, (Seat(Who.SECTION, section="03"),))
        reroute(by=by, request=request, add=[added], reason="聞く", clock=CLOCK)


def _forward(hall: Any, request: DecisionRequest) -> None:
    """Whoever's turn it is does the usual thing: most walks get somewhere."""
    fresh = DecisionRequest.objects.get(pk=request.pk)
    stage = RouteStage.objects.filter(request=fresh, state=StageState.OPEN.value).order_by("position").first()
    staff = first_in_turn(fresh, on=TODAY, stage=stage.pk) if stage is not None else []
    if stage is None or not staff:
        return
    by = acting(next(one for one in hall.staff.values() if one.pk == staff[0]), TODAY)
    if stage.kind == StageKind.ISSUE:
        issue_request(by=by, request=fresh, on=TODAY, clock=CLOCK)
        return
    usual = {StageKind.EXAMINE: Act.EXAMINE, StageKind.DECIDE: Act.APPROVE, StageKind.CIRCULATE: Act.SEE}
    act = usual.get(StageKind(stage.kind), Act.AGREE)
    act_on_request(by=by, request=fresh, act=act, comment="", clock=CLOCK)


def _standing(request: DecisionRequest) -> Any:
    stages = list(RouteStage.objects.filter(request=request).values_list("position", "kind", "state"))
    states = list(RouteSeat.objects.filter(stage__request=request).values_list("pk", "state"))
    kept = DecisionRequest.objects.get(pk=request.pk)
    return stages, states, kept.state, kept.edition, RouteAct.objects.filter(request=request).count()


def _all_is_well(request: DecisionRequest) -> None:
    kept = DecisionRequest.objects.get(pk=request.pk)
    assert kept.is_whole
    decisions = list(Decision.objects.filter(request=kept))
    assert len(decisions) == (kept.state in ("approved", "refused", "returned"))
    ended = [one for one in kept.acts.all() if one.act in ("approve", "refuse", "return")]
    lifted = kept.acts.filter(act="lift", stage_kind="decide").count()
    assert len(ended) + lifted == len(decisions), "one act ends a draft, once"
    stages = list(RouteStage.objects.filter(request=kept).order_by("position").prefetch_related("seats"))
    decide = next(one for one in stages if one.kind == StageKind.DECIDE)
    for stage in stages:
        if stage.state == StageState.SKIPPED:
            assert stage.why, "no stage is left out without a reason"
        if stage.state == StageState.DONE:
            _enough_answered(stage, kept)
    if kept.state == "approved":
        for stage in stages:
            if stage.position < decide.position:
                assert stage.state in (StageState.DONE, StageState.SKIPPED), (
                    "nothing before the decision is passed over"
                )
        assert decisions[0].content_sha256 == kept.content_sha256
    elif decide.state == StageState.DONE:
        assert kept.state == "refused"
    if kept.is_waiting:
        assert sum(one.state == StageState.OPEN for one in stages) == 1, "one stage at a time has its turn"
    own = drafters_of(kept)
    for act in kept.acts.exclude(stage_kind=""):
        assert act.staff_id not in own or act.act == Act.ISSUE, "nobody acts on an own draft but to issue it"
        if act.stage_kind == StageKind.EXAMINE:
            assert act.capacity == "own", "nobody takes the place of an organ"


def _enough_answered(stage: Any, kept: DecisionRequest) -> None:
    seats = list(stage.seats.all())
    if any(one.state == SeatState.LIFTED for one in seats):
        assert stage.kind == StageKind.LINE, "only 回議 is passed over"
        assert kept.acts.filter(act="lift", edition=kept.edition).exists()
        return
    answered = [one for one in seats if one.state in (SeatState.AGREED, SeatState.DISSENTED)]
    needed = stage.quorum or len(seats)
    agreed = sum(one.state == SeatState.AGREED for one in answered)
    assert agreed >= needed or len(answered) == len(seats), "a quorum, or everybody has answered"
    for seat in answered:
        assert kept.acts.filter(seat_key=seat.pk, edition=kept.edition).exists(), "an answer is an act on this content"


def test_the_generator_reaches_the_end_of_a_long_route(hall: Any) -> None:
    """The walk above would prove nothing if no walk ever arrived."""
    grant(hall, "財政 主事", Role.ACCOUNTING)
    stages = [
        {"kind": "line", "seats": [{"who": "superiors"}]},
        {"kind": "consult", "seats": [{"who": "section", "section": "02"}]},
        {"kind": "examine", "seats": [{"who": "role", "role": "accounting"}]},
        {"kind": "decide", "seats": [{"who": "delegated"}]},
    ]
    lay_down_route(by=SYSTEM, key="any", title="試し", kind="申請の処分", stages=stages, starts_on=FOUNDED)
    assert RoutePlan.objects.count() == 1
    request = ask(hall)
    walk = (Act.AGREE, "行政 班長"), (Act.AGREE, "財政 課長"), (Act.EXAMINE, "財政 主事"), (Act.APPROVE, "総務 課長")
    for number, (act, name) in enumerate(walk):
        _do(hall, request, act, name, number * 2)
        _all_is_well(request)
    assert DecisionRequest.objects.get().state == "approved"
