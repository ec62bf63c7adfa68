"""Asking, deciding, withdrawing: who may, what is stored, what changes later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, PersonKind, Role, system_person
from yakuba.kernel.approval.access import get_for, visible_to
from yakuba.kernel.approval.api import (
    Decider,
    DecisionMade,
    DecisionWithdrawn,
    Outcome,
    ask_decision,
    decide,
    decisions_on,
    dispose_content,
    is_current,
    requests_on,
    returned_to,
    stamps_of,
    turns_of,
    waiting_for,
    withdraw_request,
)
from yakuba.kernel.approval.models import Decision, DecisionComment, DecisionRequest
from yakuba.kernel.approval.queries.requests import has_subject_changed
from yakuba.kernel.approval.rules.canonical import digest
from yakuba.kernel.approval.services import hand_over_request, receive_return
from yakuba.kernel.approval.services.decide import AlreadyClosed
from yakuba.kernel.approval.tests.town_hall import CLOCK, CONTENT, TODAY, acting, ask, subject_of
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.events import bus
from yakuba.kernel.events.api import together
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.organisation import services as organisation
from yakuba.kernel.organisation.api import open_work_of
from yakuba.kernel.organisation.tests.town_hall import SYSTEM
from yakuba.kernel.things.api import Ref, ref_of
from yakuba.kernel.values.api import FixedClock, Refusal

pytestmark = pytest.mark.django_db


def decided(hall, request, *, by="総務 課長", outcome=Outcome.APPROVED, comment="", clock=CLOCK, absent=False):
    person = acting(hall.staff[by], clock.today())
    return decide(by=person, request=request, outcome=outcome, comment=comment, clock=clock, principal_is_absent=absent)


def rename(hall) -> None:
    section = hall.section("産業課")
    organisation.correct_section(
        by=SYSTEM,
        section=section,
        version=section.version,
        name="産業振興課",
        kind=section.kind,
        authority=section.authority,
        parent=None,
        starts_on=section.starts_on,
        order=section.order,
    )


@pytest.fixture
def heard():
    """Every event of the engine, as a subscriber of the same transaction hears it."""
    found = []
    before = list(bus._subscriptions)
    for event in (DecisionMade, DecisionWithdrawn):
        together(event, found.append)
    yield found
    bus._subscriptions[:] = before


def test_a_decision_keeps_who_in_which_post_and_the_hash_of_exactly_what_was_decided(hall):
    decision = decided(hall, ask(hall), comment="  よい。 ")
    assert (decision.decided_name, decision.title) == ("総務 課長", "総務課 課長")
    assert (decision.capacity, decision.outcome, decision.comment) == ("own", "approved", "よい。")
    assert decision.decided_at == CLOCK.now()
    assert decision.content_sha256 == digest(CONTENT)
    assert is_current(decision, dict(reversed(CONTENT.items())))
    assert not is_current(decision, {**CONTENT, "手数料": 3001})
    request = DecisionRequest.objects.get()
    assert request.state == "approved" and request.closed_at == CLOCK.now()


def test_everybody_who_should_hears_of_it_with_ids_only(hall, heard):
    request = ask(hall)
    decided(hall, request, outcome=Outcome.RETURNED, comment="日付を直してください。")
    following = ask(hall)
    withdraw_request(by=acting(hall.staff["行政 主事"]), request=following, reason="不要になった", clock=CLOCK)
    subject = subject_of(hall)
    assert heard == [
        DecisionMade(request.public_id, subject.kind, subject.public_id, "returned"),
        DecisionWithdrawn(following.public_id, subject.kind, subject.public_id),
    ]


def test_a_subscriber_that_refuses_undoes_the_decision(hall):
    request = ask(hall)

    def refuse(event: DecisionMade) -> None:
        raise Refusal("対象の状態が合いません。")

    before = list(bus._subscriptions)
    together(DecisionMade, refuse)
    try:
        with pytest.raises(Refusal):
            decided(hall, request)
    finally:
        bus._subscriptions[:] = before
    assert not Decision.objects.exists()
    assert DecisionRequest.objects.get().is_waiting


def test_asking_and_deciding_stand_in_the_audit_log_without_content(hall):
    request = ask(hall)
    decided(hall, request)
    events = AuditEvent.objects.filter(verb__startswith="approval.").order_by("id")
    assert [one.verb for one in events][-2:] == ["approval.ask_decision", "approval.decide"]
    assert str(ref_of(request)) in events.last().subjects
    assert not any("犬" in str(one.__dict__) for one in events)


# ── who may


@pytest.mark.parametrize(
    ("name", "why"),
    [("行政 主事", "自分が起案"), ("総務 主査", "立場にありません"), ("財政 課長", "立場にありません")],
)
def test_nobody_but_the_head_decides_and_never_an_own_draft(hall, name, why):
    request = ask(hall)
    with pytest.raises(NotAllowed, match=why):
        decided(hall, request, by=name)
    assert DecisionRequest.objects.get().is_waiting


def test_the_system_and_residents_decide_nothing_and_residents_ask_for_nothing(hall):
    request = ask(hall)
    resident = Person(id="resident", name="町民", kind=PersonKind.RESIDENT)
    for person in (system_person("jobs"), resident):
        with pytest.raises(NotAllowed):
            decide(by=person, request=request, outcome=Outcome.APPROVED, comment="", clock=CLOCK)
    with pytest.raises(NotAllowed):
        ask_decision(
            by=resident,
            subject=subject_of(hall),
            title="許可",
            content={},
            content_text="許可する",
            authority=hall.mayor,
            section=hall.sections["総務課"],
            kind="別の決裁",
            clock=CLOCK,
        )


def test_a_deputy_decides_while_the_head_is_away_and_says_so(hall):
    request = ask(hall)
    with pytest.raises(Refusal) as refused:
        decided(hall, request, by="行政 班長")
    assert refused.value.field == "said_absent"
    decision = decided(hall, request, by="行政 班長", absent=True)
    assert (decision.capacity, decision.title) == ("acting", "行政管理班 班長")
    assert (decision.principal_name, decision.principal_title) == ("総務 課長", "総務課 課長")


def test_a_deputy_whose_time_is_over_decides_no_more(hall):
    from yakuba.kernel.organisation.models import Deputy

    deputy = Deputy.objects.get(deputy=hall.staff["行政 班長"])
    organisation.end_deputy(by=SYSTEM, deputy=deputy, last_day=TODAY - timedelta(days=1), clock=CLOCK)
    with pytest.raises(NotAllowed):
        decided(hall, ask(hall), by="行政 班長", absent=True)


def test_what_the_head_drafts_is_decided_by_the_mayor(hall):
    request = ask(hall, by="総務 課長", section="総務課")
    for name in ("総務 課長", "行政 班長"):
        with pytest.raises(NotAllowed):
            decided(hall, request, by=name, absent=True)
    assert decided(hall, request, by="町長 一郎").title == "町長"


def test_the_head_of_the_authority_decides_where_the_request_says_so(hall):
    request = ask(hall, decider=Decider.AUTHORITY_HEAD, authority=hall.education)
    with pytest.raises(NotAllowed):
        decided(hall, request)
    assert decided(hall, request, by="教長 三郎").title == "教育長"


def test_a_request_nobody_could_decide_is_refused_at_once(hall):
    authority = organisation.found_authority(by=SYSTEM, code="farm", name="農業委員会", head_title="農業委員会会長")
    with pytest.raises(Refusal, match="決裁をできる人がいません"):
        ask(hall, decider=Decider.AUTHORITY_HEAD, authority=authority)
    assert not DecisionRequest.objects.exists()


def test_whoever_is_head_on_the_day_decides(hall):
    request = ask(hall)
    later = FixedClock(date(2027, 4, 1))
    organisation.transfer_staff(
        by=SYSTEM,
        staff=hall.staff["総務 課長"],
        section=hall.sections["財政課"],
        post=hall.posts["主査"],
        on=later.today(),
        ground="",
    )
    organisation.transfer_staff(
        by=SYSTEM,
        staff=hall.staff["産業 課長"],
        section=hall.sections["総務課"],
        post=hall.posts["課長"],
        on=later.today(),
        ground="",
    )
    with pytest.raises(NotAllowed):
        decided(hall, request, clock=later)
    assert decided(hall, request, by="産業 課長", clock=later).title == "総務課 課長"


def test_a_drafter_who_becomes_head_still_does_not_decide_the_own_draft(hall):
    request = ask(hall)
    later = FixedClock(date(2027, 4, 1))
    for name, post in (("総務 課長", "主査"), ("行政 主事", "課長")):
        organisation.transfer_staff(
            by=SYSTEM,
            staff=hall.staff[name],
            section=hall.sections["総務課"],
            post=hall.posts[post],
            on=later.today(),
            ground="",
        )
    with pytest.raises(NotAllowed):
        decided(hall, request, by="行政 主事", clock=later)
    assert decided(hall, request, by="町長 一郎", clock=later)


# ── once, and with reasons


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.RETURNED])
def test_a_refusal_and_a_return_without_words_change_nothing(hall, outcome):
    request = ask(hall)
    with pytest.raises(Refusal):
        decided(hall, request, outcome=outcome, comment=" ")
    assert DecisionRequest.objects.get().is_waiting


def test_whoever_comes_second_reads_who_was_faster(hall):
    request = ask(hall)
    decided(hall, request, by="行政 班長", outcome=Outcome.REFUSED, comment="要件を満たさない。", absent=True)
    with pytest.raises(AlreadyClosed, match="行政管理班 班長 行政 班長さんが「否決」"):
        decided(hall, request)
    assert Decision.objects.get().outcome == "refused"


def test_the_database_itself_takes_one_decision_per_request(hall):
    request = ask(hall)
    decision = decided(hall, request)
    decision.pk, decision.public_id = None, "0" * 16
    with pytest.raises(DatabaseError), unaudited_writes("tests"), transaction.atomic():
        decision.save(force_insert=True)


@pytest.mark.database
def test_the_database_refuses_to_change_or_lose_a_decision(hall):
    decided(hall, ask(hall))
    for statement in ("UPDATE approval_decision SET outcome = 'refused'", "DELETE FROM approval_decision"):
        with pytest.raises(DatabaseError), unaudited_writes("tests"), transaction.atomic():
            connection.cursor().execute(statement)
    assert Decision.objects.get().outcome == "approved"


def test_a_subject_waits_once_for_the_same_decision(hall):
    ask(hall)
    with pytest.raises(Refusal, match="すでに決裁を待っています"):
        ask(hall)
    ask(hall, kind="別の決裁")
    assert DecisionRequest.objects.count() == 2


def test_what_comes_again_follows_what_was_sent_back(hall):
    first = ask(hall)
    decided(hall, first, outcome=Outcome.RETURNED, comment="手数料を直してください。")
    assert [one.pk for one in returned_to(acting(hall.staff["行政 主事"]))] == [first.pk]
    second = ask(hall, content={**CONTENT, "手数料": 300})
    assert second.follows == first
    assert not returned_to(acting(hall.staff["行政 主事"]))
    decided(hall, second)
    subject = subject_of(hall)
    assert [one.outcome for one in decisions_on(subject)] == ["approved", "returned"]
    assert [one.pk for one in requests_on(subject)] == [second.pk, first.pk]


def test_what_was_sent_back_can_be_taken_up_without_asking_again(hall):
    request = ask(hall)
    clerk = acting(hall.staff["行政 主事"])
    with pytest.raises(Refusal):
        receive_return(by=clerk, request=request, clock=CLOCK)
    decided(hall, request, outcome=Outcome.RETURNED, comment="取りやめてください。")
    with pytest.raises(NotAllowed):
        receive_return(by=acting(hall.staff["財政 主事"]), request=request, clock=CLOCK)
    receive_return(by=clerk, request=request, clock=CLOCK)
    receive_return(by=clerk, request=request, clock=FixedClock(TODAY + timedelta(days=1)))
    assert not returned_to(clerk)
    assert DecisionRequest.objects.get().answered_at == CLOCK.now()


def test_the_drafter_takes_a_draft_back_before_it_is_decided(hall):
    request = ask(hall)
    with pytest.raises(NotAllowed):
        withdraw_request(by=acting(hall.staff["総務 課長"]), request=request, reason="x", clock=CLOCK)
    clerk = acting(hall.staff["行政 主事"])
    with pytest.raises(Refusal) as refused:
        withdraw_request(by=clerk, request=request, reason=" ", clock=CLOCK)
    assert refused.value.field == "reason"
    withdraw_request(by=clerk, request=request, reason="申請者が取り下げた", clock=CLOCK)
    with pytest.raises(AlreadyClosed, match="行政 主事さんが取り下げました"):
        decided(hall, request)
    with pytest.raises(AlreadyClosed):
        withdraw_request(by=clerk, request=request, reason="もう一度", clock=CLOCK)


# ── what changed


def test_a_subject_that_changed_after_the_asking_cannot_be_approved_but_sent_back(hall):
    request = ask(hall)
    rename(hall)
    assert has_subject_changed(request)
    with pytest.raises(Refusal, match="対象の内容が変わって"):
        decided(hall, request)
    assert decided(hall, request, outcome=Outcome.RETURNED, comment="出し直してください。")


def test_a_subject_that_changed_after_the_decision_shows_it(hall):
    request = ask(hall)
    decided(hall, request)
    request = DecisionRequest.objects.get()
    assert not has_subject_changed(request)
    rename(hall)
    assert has_subject_changed(request)


def test_a_content_that_was_tampered_with_is_not_decided(hall):
    request = ask(hall)
    with unaudited_writes("tests"):
        DecisionRequest.objects.filter(pk=request.pk).update(content_text="すべて許可する。")
    with pytest.raises(Refusal, match="書き換えられたおそれ"):
        decided(hall, request, outcome=Outcome.REFUSED, comment="おかしい")


def test_files_are_covered_by_the_hash_and_must_stay_as_they_were(hall):
    with unaudited_writes("tests"):
        file = StoredFile.objects.create(
            sha256="a" * 64,
            size=3,
            media_type="application/pdf",
            name="図面.pdf",
            state="stored",
            uploaded_by="x",
            uploaded_at=CLOCK.now(),
        )
    with pytest.raises(ValueError, match="hash would not cover"):
        ask(hall, files=[ref_of(file)])
    request = ask(hall, files=[ref_of(file)], content={**CONTENT, "添付": [str(ref_of(file))]})
    assert request.files == [{"ref": str(ref_of(file)), "name": "図面.pdf", "sha256": "a" * 64}]
    with unaudited_writes("tests"):
        StoredFile.objects.update(sha256="b" * 64)
    with pytest.raises(Refusal, match="図面"):
        decided(hall, request)


def test_a_subject_nobody_described_or_that_is_gone_is_refused(hall):
    with pytest.raises(ValueError, match="not described"):
        ask(hall, subject=Ref("nothing.here", "0" * 16))
    with pytest.raises(Refusal, match="見つかりません"):
        ask(hall, subject=Ref("organisation.section", "0" * 16))


# ── lists, gates


def test_each_sees_what_is_theirs_to_decide(hall):
    urgent = ask(hall, kind="急ぐもの", due=TODAY)
    calm = ask(hall, kind="急がないもの")
    assert [one.pk for one in waiting_for(acting(hall.staff["総務 課長"]), on=TODAY)] == [urgent.pk, calm.pk]
    assert len(turns_of(acting(hall.staff["行政 班長"]), on=TODAY).deputy) == 2
    for name in ("行政 班長", "行政 主事", "財政 課長", "町長 一郎"):
        assert not waiting_for(acting(hall.staff[name]), on=TODAY)


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("行政 主事", True),
        ("行政 班長", True),
        ("総務 主査", True),
        ("総務 課長", True),
        ("財政 課長", False),
        ("町長 一郎", False),
        ("教育 主事", False),
    ],
)
def test_a_request_is_seen_by_its_people_and_nobody_else(hall, name, sees):
    request = ask(hall)
    person = acting(hall.staff[name])
    assert visible_to(person, on=TODAY).filter(pk=request.pk).exists() is sees
    if not sees:
        with pytest.raises(NotVisible):
            get_for(person, request.public_id, on=TODAY)


def test_the_auditor_sees_all_and_the_adviser_nothing(hall):
    ask(hall)
    auditor = Person(id="a", name="監査", kind=PersonKind.STAFF, roles=frozenset({Role.AUDITOR}))
    adviser = Person(id="b", name="助言", kind=PersonKind.OUTSIDE, staff_id=hall.staff["総務 課長"].pk)
    assert visible_to(auditor, on=TODAY).count() == 1
    assert not visible_to(adviser, on=TODAY).exists()
    assert not waiting_for(adviser, on=TODAY)


def test_a_former_decider_keeps_seeing_what_they_decided(hall):
    request = ask(hall)
    decided(hall, request)
    later = date(2027, 4, 1)
    organisation.transfer_staff(
        by=SYSTEM,
        staff=hall.staff["総務 課長"],
        section=hall.sections["教育課"],
        post=hall.posts["課長"],
        on=later,
        ground="",
    )
    assert get_for(acting(hall.staff["総務 課長"], later), request.public_id, on=later)


# ── the turn of the year


def test_drafts_in_hand_need_an_heir_when_their_drafter_leaves(hall):
    waiting = ask(hall, kind="待つもの")
    returned = ask(hall, kind="戻るもの")
    decided(hall, returned, outcome=Outcome.RETURNED, comment="直してください。")
    done = ask(hall, kind="済むもの")
    decided(hall, done)
    drafter, heir = hall.staff["行政 主事"], hall.staff["総務 主査"]
    found = [one for one in open_work_of([drafter.pk], date(2027, 4, 1)) if one.source == "approval.requests"]
    assert {one.work.ref for one in found} == {ref_of(waiting), ref_of(returned)}
    for one in found:
        organisation.hand_over_work(
            by=SYSTEM, source=one.source, ref=one.work.ref, holder=drafter, heir=heir, on=date(2027, 4, 1)
        )
    assert not [one for one in open_work_of([drafter.pk], date(2027, 4, 1)) if one.source == "approval.requests"]
    waiting.refresh_from_db()
    assert (waiting.holder, waiting.asked_staff) == (heir, drafter)
    withdraw_request(by=acting(heir), request=waiting, reason="引き継いだが不要", clock=CLOCK)


def test_only_who_keeps_the_records_hands_drafts_over(hall):
    request = ask(hall)
    with pytest.raises(NotAllowed):
        hand_over_request(by=acting(hall.staff["財政 課長"]), request=request, to=hall.staff["財政 課長"])


# ── stamps, disposal


def test_stamps_show_the_way_of_a_request(hall):
    request = ask(hall)
    assert [(one.post, one.name, one.state) for one in stamps_of(request, waiting_for="総務 課長")] == [
        ("起案", "行政", "done"),
        ("決裁", "総務", "current"),
    ]
    decided(hall, request, by="行政 班長", absent=True)
    stamp = stamps_of(DecisionRequest.objects.get())[1]
    assert (stamp.post, stamp.name, stamp.date, stamp.state, stamp.note) == (
        "課長",
        "行政",
        "R8.11.2",
        "deputy",
        "代決",
    )


def test_at_the_end_of_retention_the_content_goes_and_the_decision_stays(hall):
    request = ask(hall)
    subject = subject_of(hall)
    with pytest.raises(Refusal, match="決裁を待っている"):
        dispose_content(by=SYSTEM, subject=subject, clock=CLOCK)
    decided(hall, request, comment="花子さんの事情を考えた。")
    assert dispose_content(by=SYSTEM, subject=subject, clock=CLOCK) == 1
    assert dispose_content(by=SYSTEM, subject=subject, clock=CLOCK) == 0
    request = DecisionRequest.objects.get()
    assert (request.content, request.content_text, request.is_whole) == ("", "", True)
    assert not DecisionComment.objects.exists()
    assert request.decision.comment == ""
    assert is_current(request.decision, CONTENT), "whoever still has the content can prove it"
