"""The way of a draft: 回議, 合議, 審査, 決裁, 施行, 供覧; 専決, 代決, 後閲; sent back, amended, re-routed, lifted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from yakuba.kernel.access.api import NotAllowed, Role
from yakuba.kernel.approval.access import visible_to
from yakuba.kernel.approval.api import Outcome, decide, turns_of
from yakuba.kernel.approval.models import DecisionRequest, FormerContent, RouteAct, RouteStage, SealUse, SeatTrace
from yakuba.kernel.approval.on_the_way import Day, turns_on
from yakuba.kernel.approval.queries.requests import waiting_for_post_view
from yakuba.kernel.approval.queries.stamps import stamps_of
from yakuba.kernel.approval.rules.flow import Act
from yakuba.kernel.approval.rules.routes import Seat, StageKind, Who
from yakuba.kernel.approval.services import (
    act_on_request,
    amend_request,
    delegate_matter,
    enter_absence,
    is_cleared,
    issue_request,
    lay_down_route,
    post_view,
    pull_back,
    remind,
    reroute,
    send_again,
)
from yakuba.kernel.approval.services.amend_request import dropped_from
from yakuba.kernel.approval.services.closing import AlreadyClosed
from yakuba.kernel.approval.services.reroute import Added
from yakuba.kernel.approval.tests.town_hall import CLOCK, CONTENT, TODAY, acting, ask
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.organisation import services as organisation
from yakuba.kernel.organisation.models import Authority
from yakuba.kernel.organisation.tests.town_hall import FOUNDED, SYSTEM
from yakuba.kernel.values.api import FixedClock, Refusal

pytestmark = pytest.mark.django_db
LINE = {"kind": "line", "seats": [{"who": "superiors"}]}
DECIDE = {"kind": "decide", "seats": [{"who": "delegated"}]}
CONSULT = {
    "kind": "consult",
    "seats": [{"who": "section", "section": "02"}, {"who": "section", "section": "03"}],
}
MONEY = {
    "kind": "examine",
    "title": "会計審査",
    "seats": [{"who": "role", "role": "accounting"}],
    "when": {"var": "spends_money"},
}
SEAL = {
    "kind": "examine",
    "title": "公印審査",
    "seats": [{"who": "role", "role": "seal"}],
    "when": {"var": "needs_seal"},
}
ISSUE = {"kind": "issue", "seats": [{"who": "drafter"}]}
SEE = {"kind": "circulate", "seats": [{"who": "section", "section": "50"}, {"who": "section", "section": "03"}]}


def lay(*stages: dict[str, Any], **more: Any) -> None:
    said = {"key": "spending", "title": "支出の起案", "kind": "申請の処分", "starts_on": FOUNDED} | more
    lay_down_route(by=SYSTEM, stages=list(stages), **said)


def delegate(hall: Any, up_to: int | None, seat: Seat, matter: str = "") -> None:
    delegate_matter(
        by=SYSTEM, authority=hall.mayor, matter=matter, up_to=up_to, seat=seat, ground="別表第1", starts_on=FOUNDED
    )


def grant(hall: Any, name: str, role: Role) -> None:
    organisation.grant_role(by=SYSTEM, staff=hall.staff[name], role=role, starts_on=FOUNDED, ground="辞令")


def spending(hall: Any, amount: int, **facts: Any) -> DecisionRequest:
    return ask(hall, facts={"amount": amount, "spends_money": True} | facts)


def does(hall: Any, name: str, request: DecisionRequest, act: Act, comment: str = "", **more: Any) -> RouteAct:
    return act_on_request(
        by=acting(hall.staff[name], TODAY), request=request, act=act, comment=comment, clock=CLOCK, **more
    )


def approves(hall: Any, name: str, request: DecisionRequest, **more: Any) -> Any:
    return decide(
        by=acting(hall.staff[name], TODAY), request=request, outcome=Outcome.APPROVED, comment="", clock=CLOCK, **more
    )


def way(request: DecisionRequest) -> list[tuple[str, str, str]]:
    return [(one.kind, one.title, one.state) for one in RouteStage.objects.filter(request=request)]


def waits_for(hall: Any, name: str) -> list[DecisionRequest]:
    return list(turns_of(acting(hall.staff[name], TODAY), on=TODAY).own)


# ── 専決


@pytest.fixture
def thresholds(hall: Any) -> Any:
    """課長 up to 300,000 yen, 副町長 up to a million, above that the mayor."""
    delegate(hall, 300_000, Seat(Who.SECTION_HEAD))
    delegate(hall, 1_000_000, Seat(Who.ROLE, role="deputy_mayor"))
    lay(LINE, DECIDE)
    return hall


@pytest.mark.parametrize(
    ("amount", "line", "decider"),
    [
        (300_000, ["行政管理班の長"], "総務 課長"),
        (300_001, ["行政管理班の長", "総務課の長"], "副長 二郎"),
        (1_000_001, ["行政管理班の長", "総務課の長"], "町長 一郎"),
    ],
)
def test_who_decides_follows_from_the_amount_and_the_line_reaches_up_to_them(
    thresholds: Any, amount: int, line: list[str], decider: str
) -> None:
    request = spending(thresholds, amount)
    stages = list(RouteStage.objects.filter(request=request))
    assert [one.title for one in stages if one.kind == "line"] == line
    heads = {"行政管理班の長": "行政 班長", "総務課の長": "総務 課長"}
    for one in line:
        with pytest.raises(Refusal, match="まだ済んでいません"):
            approves(thresholds, decider, request)
        does(thresholds, heads[one], request, Act.AGREE)
    decision = approves(thresholds, decider, request)
    assert decision.decided_name == decider and decision.capacity == "own"
    assert [one.act for one in RouteAct.objects.filter(request=request)] == [
        "draft", *["agree"] * len(line), "approve"
    ]  # fmt: skip
    assert "専決" in stages[-1].why or "超えるため" in stages[-1].why


@pytest.mark.parametrize("fact", ["is_extraordinary", "is_important"])
def test_what_is_extraordinary_goes_up_whatever_the_amount(thresholds: Any, fact: str) -> None:
    request = spending(thresholds, 1, **{fact: True})
    assert "専決によらない" in RouteStage.objects.get(request=request, kind="decide").why
    for name in ("行政 班長", "総務 課長"):
        does(thresholds, name, request, Act.AGREE)
    with pytest.raises(Refusal, match="不在のときだけ"):
        approves(thresholds, "副長 二郎", request)
    assert approves(thresholds, "町長 一郎", request).title == "町長"


def test_a_matter_of_its_own_line_goes_before_the_general_amounts(thresholds: Any) -> None:
    delegate(thresholds, None, Seat(Who.AUTHORITY_HEAD), matter="申請の処分")
    request = spending(thresholds, 10)
    assert RouteStage.objects.get(request=request, kind="decide").seats.get().seat == {"who": "authority_head"}


def test_the_amount_may_stand_in_the_content_alone(thresholds: Any) -> None:
    request = ask(thresholds, content={**CONTENT, "amount": 2_000_000})
    assert request.facts["amount"] == 2_000_000
    assert RouteStage.objects.get(request=request, kind="decide").seats.get().seat == {"who": "authority_head"}


# ── 代決 and 後閲


def test_a_deputy_acts_in_the_lawful_order_and_the_principal_sees_it_afterwards(thresholds: Any) -> None:
    hall = thresholds
    organisation.appoint_deputy(
        by=SYSTEM, staff=hall.staff["総務 課長"], deputy=hall.staff["総務 主査"], order=2, starts_on=FOUNDED
    )
    request = spending(hall, 1000)
    does(hall, "行政 班長", request, Act.AGREE)
    with pytest.raises(Refusal, match="先の順位"):
        approves(hall, "総務 主査", request, said_absent=[hall.staff["総務 課長"].pk])
    enter_absence(
        by=acting(hall.staff["総務 課長"], TODAY),
        staff=hall.staff["総務 課長"],
        starts_on=TODAY,
        back_on=date(2026, 11, 5),
        reason="出張",
        clock=CLOCK,
    )
    decision = approves(hall, "総務 主査", request, said_absent=[hall.staff["行政 班長"].pk])
    assert (decision.capacity, decision.principal_name) == ("acting", "総務 課長")
    (act,) = waiting_for_post_view(hall.staff["総務 課長"].pk)
    with pytest.raises(NotAllowed):
        post_view(by=acting(hall.staff["財政 課長"], TODAY), act=act, clock=CLOCK)
    for _ in range(2):
        post_view(by=acting(hall.staff["総務 課長"], TODAY), act=act, clock=CLOCK)
    assert waiting_for_post_view(hall.staff["総務 課長"].pk) == []
    assert RouteAct.objects.filter(act="post_view").count() == 1


def test_what_is_important_is_not_decided_in_somebodys_place_but_by_a_deputy_in_office(thresholds: Any) -> None:
    hall = thresholds
    request = spending(hall, 5, is_important=True)
    for name in ("行政 班長", "総務 課長"):
        does(hall, name, request, Act.AGREE)
    with pytest.raises(Refusal, match="代決できません"):
        approves(hall, "副長 二郎", request, principal_is_absent=True)
    enter_absence(
        by=SYSTEM,
        staff=hall.staff["町長 一郎"],
        starts_on=TODAY,
        back_on=date(2027, 1, 1),
        reason="欠けた",
        clock=CLOCK,
        is_standing=True,
    )
    decision = approves(hall, "副長 二郎", request)
    assert decision.capacity == "deputy"
    assert waiting_for_post_view(hall.staff["町長 一郎"].pk) == [], "who holds the office need show nothing"


# ── 合議


def test_sections_are_consulted_side_by_side_and_a_dissent_takes_it_to_the_mayor(hall: Any) -> None:
    delegate(hall, 300_000, Seat(Who.SECTION_HEAD))
    lay(CONSULT, DECIDE)
    request = spending(hall, 10)
    assert waits_for(hall, "財政 課長") == waits_for(hall, "産業 課長") == [request]
    with pytest.raises(Refusal, match="不同意の理由"):
        does(hall, "産業 課長", request, Act.DISSENT)
    does(hall, "産業 課長", request, Act.DISSENT, "予算の裏付けがない")
    assert way(request)[0][2] == "open", "the other one is still asked"
    does(hall, "財政 課長", request, Act.AGREE)
    decide_stage = RouteStage.objects.get(request=request, kind="decide")
    assert decide_stage.state == "open" and "合議が調わなかった" in decide_stage.why
    with pytest.raises(NotAllowed):
        approves(hall, "総務 課長", request)
    assert approves(hall, "町長 一郎", request).decided_name == "町長 一郎"


def test_one_of_two_is_enough_where_the_town_says_so(hall: Any) -> None:
    lay({**CONSULT, "quorum": 1}, DECIDE)
    request = ask(hall)
    does(hall, "財政 課長", request, Act.AGREE)
    assert way(request) == [("consult", "合議", "done"), ("decide", "決裁", "open")]
    assert list(RouteStage.objects.get(request=request, kind="consult").seats.values_list("state", flat=True)) == [
        "agreed",
        "unneeded",
    ]
    with pytest.raises(NotAllowed):
        does(hall, "産業 課長", request, Act.DISSENT, "遅れた")


def test_nobody_fills_two_seats_of_a_stage(hall: Any) -> None:
    lay(
        {"kind": "consult", "seats": [{"who": "section", "section": "02"}, {"who": "staff", "staff": "2001"}]},
        DECIDE,
    )
    request = ask(hall)
    does(hall, "財政 課長", request, Act.AGREE)
    with pytest.raises(NotAllowed):
        does(hall, "財政 課長", request, Act.AGREE)


# ── 審査


@pytest.fixture
def organs(hall: Any) -> Any:
    grant(hall, "財政 主事", Role.ACCOUNTING)
    grant(hall, "総務 主査", Role.SEAL)
    organisation.appoint_deputy(
        by=SYSTEM, staff=hall.staff["財政 主事"], deputy=hall.staff["財政 課長"], order=1, starts_on=FOUNDED
    )
    return hall


def test_money_is_examined_by_a_separate_organ_that_nobody_takes_the_place_of(organs: Any) -> None:
    hall = organs
    lay(LINE, MONEY, DECIDE)
    request = spending(hall, 50)
    does(hall, "行政 班長", request, Act.AGREE)
    for name in ("財政 課長", "町長 一郎", "総務 課長"):
        for act in (Act.EXAMINE, Act.LIFT):
            with pytest.raises((NotAllowed, Refusal)):
                does(hall, name, request, act, "急ぐ")
    with pytest.raises(Refusal, match="まだ済んでいません"):
        approves(hall, "総務 課長", request)
    position = RouteStage.objects.get(request=request, kind="examine").position
    with pytest.raises(Refusal, match="省けません"):
        reroute(by=SYSTEM, request=request, leave_out=[position], reason="急ぐ", clock=CLOCK)
    assert not is_cleared(request)
    does(hall, "財政 主事", request, Act.EXAMINE)
    assert is_cleared(request)
    assert approves(hall, "総務 課長", request).outcome == "approved"


def test_what_spends_nothing_is_not_examined_and_the_route_says_why(organs: Any) -> None:
    lay(MONEY, DECIDE)
    request = ask(organs, facts={"spends_money": False})
    skipped = RouteStage.objects.get(request=request, kind="examine")
    assert skipped.state == "skipped" and "支出を伴う" in skipped.why


def test_it_is_issued_with_number_and_seal_after_the_seals_keeper_examined_it(organs: Any) -> None:
    hall = organs
    with unaudited_writes("test"):
        Authority.objects.filter(pk=hall.mayor.pk).update(seal_name="町長之印")
    hall.mayor.refresh_from_db()
    lay(DECIDE, SEAL, ISSUE, SEE)
    request = ask(hall, facts={"needs_seal": True})
    clerk = acting(hall.staff["行政 主事"], TODAY)
    with pytest.raises(Refusal, match="決裁が済んでいません"):
        issue_request(by=clerk, request=request, on=TODAY, clock=CLOCK, seal_copies=1)
    approves(hall, "総務 課長", request)
    with pytest.raises(NotAllowed):
        issue_request(by=clerk, request=request, on=TODAY, clock=CLOCK, seal_copies=1)
    assert [one.public_id for one in turns_of(acting(hall.staff["教育 課長"], TODAY), on=TODAY).see] == [
        request.public_id
    ]
    does(hall, "総務 主査", request, Act.EXAMINE)
    number = issue_request(by=clerk, request=request, on=TODAY, clock=CLOCK, seal_copies=2)
    use = SealUse.objects.get()
    assert (use.seal_name, use.document_number, use.copies, use.examined_name) == ("町長之印", number, 2, "総務 主査")
    does(hall, "教育 課長", request, Act.SEE)
    does(hall, "産業 課長", request, Act.SEE)
    assert {one[2] for one in way(request)} == {"done"}
    with pytest.raises(NotAllowed):
        issue_request(by=clerk, request=request, on=TODAY, clock=CLOCK)


def test_after_the_decision_the_organ_holds_up_what_is_not_in_order_and_nobody_issues_it_meanwhile(organs: Any) -> None:
    hall = organs
    lay(DECIDE, SEAL, ISSUE)
    request = ask(hall, facts={"needs_seal": True})
    keeper = hall.staff["総務 主査"]
    with pytest.raises(NotAllowed):
        does(hall, "総務 主査", request, Act.HOLD, "まだ決裁されていない")
    approves(hall, "総務 課長", request)
    [turn] = turns_on(request, keeper.pk, Day.of(TODAY))
    assert set(turn.acts) == {Act.EXAMINE, Act.HOLD}
    for act in (Act.RETURN, Act.RETURN_TO):
        with pytest.raises(AlreadyClosed):
            does(hall, "総務 主査", request, act, "宛名が違う")
    with pytest.raises(Refusal, match="理由が空です"):
        does(hall, "総務 主査", request, Act.HOLD)
    does(hall, "総務 主査", request, Act.HOLD, "宛名が決裁と違う")
    assert stamps_of(request)[-2].state == "returned" and stamps_of(request)[-2].note == "差止め"
    with pytest.raises(NotAllowed):
        issue_request(by=acting(hall.staff["行政 主事"], TODAY), request=request, on=TODAY, clock=CLOCK)
    assert not is_cleared(request)
    does(hall, "総務 主査", request, Act.EXAMINE)
    assert is_cleared(request)
    assert [one.state for one in stamps_of(request)][-2:] == ["done", "current"]


# ── sent back, amended, lifted, re-routed


def test_it_goes_back_to_a_step_and_on_from_there(hall: Any) -> None:
    lay(LINE, CONSULT, DECIDE)
    request = ask(hall, decider="authority_head")
    for name in ("行政 班長", "総務 課長"):
        does(hall, name, request, Act.AGREE)
    with pytest.raises(Refusal, match="戻す段階"):
        does(hall, "財政 課長", request, Act.RETURN_TO, "積算を確かめて")
    does(hall, "財政 課長", request, Act.RETURN_TO, "積算を確かめて", back_to=1)
    assert [one[2] for one in way(request)] == ["open", "ahead", "ahead", "ahead"]
    assert waits_for(hall, "行政 班長") == [request]
    for name in ("行政 班長", "総務 課長", "財政 課長", "産業 課長"):
        does(hall, name, request, Act.AGREE)
    assert approves(hall, "町長 一郎", request).outcome == "approved"


def test_anybody_on_the_way_may_send_it_back_to_the_drafter(hall: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(hall)
    does(hall, "行政 班長", request, Act.RETURN, "件名が違う")
    request.refresh_from_db()
    assert (request.state, request.decision.decided_name) == ("returned", "行政 班長")
    with pytest.raises(AlreadyClosed):
        does(hall, "行政 班長", request, Act.AGREE)
    assert ask(hall).follows == request


def test_an_amended_draft_asks_everybody_anew_and_keeps_what_was_agreed_to(hall: Any) -> None:
    lay(LINE, CONSULT, DECIDE)
    request = ask(hall)
    clerk = acting(hall.staff["行政 主事"], TODAY)
    does(hall, "行政 班長", request, Act.AGREE)
    does(hall, "財政 課長", request, Act.AGREE)
    pull_back(by=clerk, request=request, reason="手数料を直す", clock=CLOCK)
    assert waits_for(hall, "産業 課長") == []
    with pytest.raises(Refusal, match="引き戻して"):
        does(hall, "産業 課長", request, Act.AGREE)
    with pytest.raises(Refusal, match="前と同じ"):
        amend_request(
            by=clerk, request=request, content=CONTENT, content_text=request.content_text, reason="x", clock=CLOCK
        )
    lay(LINE, DECIDE, starts_on=TODAY)
    amended = amend_request(
        by=clerk,
        request=request,
        content={**CONTENT, "手数料": 2500},
        content_text="犬の登録を許可する。\n手数料 2,500円",
        reason="手数料を直した",
        clock=CLOCK,
    )
    assert (amended.edition, FormerContent.objects.get().edition) == (2, 1)
    assert [one[2] for one in way(amended)] == ["open", "ahead"]
    assert [one.name for one in dropped_from(amended, on=TODAY)] == ["財政 課長"], "who is to be told"
    with pytest.raises(Refusal, match="直しています"):
        does(hall, "行政 班長", amended, Act.AGREE, seen_edition=1)
    does(hall, "行政 班長", amended, Act.AGREE, seen_edition=2)
    decision = approves(hall, "総務 課長", amended)
    acts = {(one.act, one.edition): one.content_sha256 for one in RouteAct.objects.filter(request=request)}
    assert acts["agree", 1] != acts["agree", 2] == decision.content_sha256


def test_sent_out_again_as_it_was_what_was_agreed_to_counts(hall: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(hall)
    clerk = acting(hall.staff["行政 主事"], TODAY)
    does(hall, "行政 班長", request, Act.AGREE)
    pull_back(by=clerk, request=request, reason="確かめる", clock=CLOCK)
    with pytest.raises(NotAllowed):
        send_again(by=acting(hall.staff["財政 主事"], TODAY), request=request, clock=CLOCK)
    send_again(by=clerk, request=request, clock=CLOCK)
    assert approves(hall, "総務 課長", request).outcome == "approved"


def test_a_superior_lifts_a_draft_over_those_below_but_not_over_a_consultation(hall: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(hall)
    with pytest.raises(Refusal, match="引き上げの理由"):
        does(hall, "総務 課長", request, Act.LIFT)
    does(hall, "総務 課長", request, Act.LIFT, "班長は研修で終日不在")
    request.refresh_from_db()
    assert request.state == "approved" and request.decision.decided_name == "総務 課長"
    assert RouteStage.objects.get(request=request, kind="line").seats.get().state == "lifted"
    lay(LINE, CONSULT, DECIDE, starts_on=TODAY)
    other = ask(hall)
    with pytest.raises(NotAllowed):
        does(hall, "総務 課長", other, Act.LIFT, "急ぐ")


def test_the_rest_of_the_way_is_changed_by_who_may_with_a_reason(hall: Any) -> None:
    lay(CONSULT, DECIDE)
    request = ask(hall)
    head = acting(hall.staff["総務 課長"], TODAY)
    with pytest.raises(NotAllowed):
        reroute(by=acting(hall.staff["行政 主事"], TODAY), request=request, leave_out=[1], reason="x", clock=CLOCK)
    with pytest.raises(Refusal, match="理由"):
        reroute(by=SYSTEM, request=request, leave_out=[1], reason=" ", clock=CLOCK)
    decide_at = RouteStage.objects.get(request=request, kind="decide").position
    with pytest.raises(Refusal, match="省けません"):
        reroute(by=SYSTEM, request=request, leave_out=[decide_at], reason="急ぐ", clock=CLOCK)
    organisation.grant_role(by=SYSTEM, staff=hall.staff["総務 課長"], role=Role.IT, starts_on=FOUNDED, ground="辞令")
    head = acting(hall.staff["総務 課長"], TODAY)
    reroute(
        by=head,
        request=request,
        leave_out=[1],
        add=[Added(StageKind.CONSULT, (Seat(Who.SECTION, section="50"),))],
        reason="財政に関わらない",
        clock=CLOCK,
    )
    assert way(request) == [("consult", "合議", "skipped"), ("consult", "合議", "open"), ("decide", "決裁", "ahead")]
    assert "財政に関わらない" in RouteStage.objects.get(request=request, position=1).why
    does(hall, "教育 課長", request, Act.AGREE)
    assert approves(hall, "総務 課長", request).outcome == "approved"


# ── the turn of the year, reminders, rules of laying down


def test_on_the_first_of_april_who_sits_is_found_anew_with_a_trace(hall: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(hall)
    april = date(2027, 4, 1)
    for name, section in (("総務 課長", "産業課"), ("産業 課長", "総務課")):
        organisation.transfer_staff(
            by=SYSTEM,
            staff=hall.person(name),
            section=hall.section(section),
            post=hall.posts["課長"],
            on=april,
        )
    clock = FixedClock(april)
    new, old = (acting(hall.staff[name], april) for name in ("産業 課長", "総務 課長"))
    act_on_request(by=acting(hall.staff["行政 班長"], april), request=request, act=Act.AGREE, comment="", clock=clock)
    trace = SeatTrace.objects.get()
    assert "総務 課長" in trace.before and "産業 課長" in trace.after and trace.on == april
    with pytest.raises(NotAllowed):
        decide(by=old, request=request, outcome=Outcome.APPROVED, comment="", clock=clock)
    assert (
        decide(by=new, request=request, outcome=Outcome.APPROVED, comment="", clock=clock).decided_name == "産業 課長"
    )


def test_a_reminder_goes_to_whose_turn_it_is_once_a_day(hall: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(hall)
    clerk = acting(hall.staff["行政 主事"], TODAY)
    assert remind(by=clerk, request=request, clock=CLOCK) == [hall.staff["行政 班長"].pk]
    with pytest.raises(Refusal, match="今日はもう"):
        remind(by=clerk, request=request, clock=CLOCK)
    with pytest.raises(NotAllowed):
        remind(by=acting(hall.staff["財政 主事"], TODAY), request=request, clock=CLOCK)


def test_everybody_on_the_way_sees_it_and_nobody_else(hall: Any) -> None:
    lay(CONSULT, DECIDE)
    request = ask(hall)
    assert request in visible_to(acting(hall.staff["財政 課長"], TODAY), on=TODAY)
    assert request not in visible_to(acting(hall.staff["教育 課長"], TODAY), on=TODAY)
    does(hall, "財政 課長", request, Act.AGREE)
    does(hall, "産業 課長", request, Act.AGREE)
    approves(hall, "総務 課長", request)
    assert request in visible_to(acting(hall.staff["財政 課長"], TODAY), on=TODAY), "who acted sees it later too"


def test_a_draft_does_not_set_out_where_a_seat_is_empty(hall: Any) -> None:
    lay({"kind": "consult", "seats": [{"who": "role", "role": "accounting"}]}, DECIDE)
    with pytest.raises(Refusal, match="会計管理者"):
        ask(hall)
    assert not DecisionRequest.objects.exists()


def test_acts_are_only_ever_added(hall: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(hall)
    made = does(hall, "行政 班長", request, Act.AGREE, "よい")
    assert made.said.words == "よい"
    with pytest.raises(DatabaseError), transaction.atomic(), unaudited_writes("test"):
        RouteAct.objects.filter(pk=made.pk).update(name="別人")


@pytest.mark.parametrize(
    ("stages", "says"),
    [
        ([], "1から20"),
        ([LINE], "ちょうど一つ"),
        ([DECIDE, DECIDE], "ちょうど一つ"),
        ([DECIDE, LINE], "決裁の前"),
        ([ISSUE, DECIDE], "決裁の後"),
        ([{"kind": "decide", "seats": [{"who": "superiors"}]}], "決裁者にできません"),
        ([{"kind": "examine", "seats": [{"who": "section", "section": "01"}]}, DECIDE], "役割の人だけ"),
        ([{"kind": "line", "seats": [{"who": "delegated"}]}, DECIDE], "決裁の段階だけ"),
        ([{"kind": "line", "seats": [{"who": "section"}]}, DECIDE], "選ばれていません"),
        ([{"kind": "line", "seats": [{"who": "role", "role": "king"}]}, DECIDE], "役割はありません"),
        ([{"kind": "consult", "seats": [{"who": "section", "section": "01"}], "quorum": 2}, DECIDE], "席の数"),
        ([{"kind": "consult", "seats": [{"who": "section", "section": "01"}] * 2}, DECIDE], "同じ席"),
        ([{**LINE, "when": {"==": [{"var": "moon"}, 1]}}, DECIDE], "条件"),
        ([{**DECIDE, "when": True}], "条件を付けられません"),
        (["x"], "形が違います"),
        ("line", "形が違います"),
        ([{"kind": "line", "seats": "x"}], "席の種類"),
    ],
)
def test_a_wrong_route_is_refused_with_its_place(hall: Any, stages: Any, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        lay_down_route(by=SYSTEM, key="x", title="誤り", kind="", stages=stages, starts_on=TODAY)
    assert says in refused.value.message + (refused.value.hint or "")


def test_a_route_of_ones_own_section_goes_before_a_general_one_and_a_new_one_takes_its_place(hall: Any) -> None:
    lay(LINE, DECIDE, key="all", title="一般", kind="")
    lay(DECIDE, key="own", title="総務課の処分", section_code="01")
    assert ask(hall).route_title == "総務課の処分"
    lay(LINE, DECIDE, key="own", title="総務課の処分（新）", section_code="01", starts_on=date(2026, 12, 1))
    from yakuba.kernel.approval.models import RoutePlan

    first, second = RoutePlan.objects.filter(key="own").order_by("starts_on")
    assert (first.ends_on, second.edition) == (date(2026, 12, 1), 2)
    with pytest.raises(NotAllowed):
        lay_down_route(
            by=acting(hall.staff["行政 主事"], TODAY), key="x", title="x", kind="", stages=[DECIDE], starts_on=TODAY
        )
