"""What clerks do on the way."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from yakuba.kernel.cases.api import Arrival, Party
from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.services import (
    complete_case,
    confirm_identity,
    confirm_mandate,
    confirm_paper,
    return_case,
    start_work,
)
from yakuba.kernel.cases.services.moving import ChangedMeanwhile
from yakuba.kernel.cases.tests.world import CLOCK, HANAKO, STRANGER, TARO
from yakuba.kernel.values.api import Refusal, TransitionRefused


def test_who_begins_has_it_in_hand(world) -> None:
    case = start_work(by=world.clerk(), case=world.submit(), clock=CLOCK)
    assert case.state == "examining"
    assert case.assignee == world.hall.staff["行政 主事"]
    again = start_work(by=world.clerk("行政 班長"), case=case, clock=CLOCK)
    assert again.assignee == world.hall.staff["行政 主事"]


@pytest.mark.parametrize(("kind", "state"), [("notification", "checking"), ("consultation", "working")])
def test_each_kind_has_its_own_word_for_it(world, kind, state) -> None:
    assert start_work(by=world.clerk(), case=world.submit(kind), clock=CLOCK).state == state


def test_a_notification_is_complete_without_any_decision(world) -> None:
    case = complete_case(by=world.clerk(), case=world.submit("notification"), clock=CLOCK)
    assert (case.state, case.phase, case.completed_on) == ("completed", "closed", CLOCK.today())
    assert {one.after for one in case.events.all()} == {"arrived", "completed"}


def test_an_application_cannot_be_completed_past_its_decision(world) -> None:
    with pytest.raises(TransitionRefused):
        complete_case(by=world.clerk(), case=world.submit(), clock=CLOCK)


def test_what_is_sent_back_tells_why(world) -> None:
    case = world.submit("notification")
    with pytest.raises(Refusal, match="理由"):
        return_case(by=world.clerk(), case=case, reason="", clock=CLOCK)
    return_case(by=world.clerk(), case=case, reason="届出人の欄が空です", clock=CLOCK)
    assert Case.objects.get().state == "returned"
    assert Case.objects.get().events.last().resident_words == "届出人の欄が空です"
    with pytest.raises(Refusal, match="その状態にはなりません"):
        return_case(by=world.clerk(), case=world.submit(), reason="申請は返せない", clock=CLOCK)


def test_identity_and_paper_are_written_down(world) -> None:
    case = world.submit("in_person")
    clerk = world.clerk("総務 主査")
    with pytest.raises(Refusal):
        confirm_identity(by=clerk, case=case, how=" ", clock=CLOCK)
    confirm_identity(by=clerk, case=case, how="運転免許証の提示", clock=CLOCK)
    confirm_paper(by=clerk, case=case, how="申請書の原本", clock=CLOCK)
    case = Case.objects.get()
    assert (case.needs_identity, case.needs_paper) == (False, False)
    assert case.identity_note == "運転免許証の提示"


def test_a_mandate_is_checked_by_the_clerk(world) -> None:
    case = world.submit(
        "notification", by=TARO, agent=Party(name="代理　次郎"), facts={"is_agent": True}, mandate=["0123456789abcdef"]
    )
    with pytest.raises(Refusal, match="委任状"):
        complete_case(by=world.clerk(), case=case, clock=CLOCK)
    confirm_mandate(by=world.clerk(), case=case, how="委任状の写真", clock=CLOCK)
    assert complete_case(by=world.clerk(), case=case, clock=CLOCK).state == "completed"


def test_a_telephone_call_becomes_the_same_kind_of_case(world) -> None:
    case = world.submit("consultation", by=world.clerk(), channel=Arrival.PHONE, applicant=Party(name="電話　次郎"))
    assert case.entered_by == world.hall.staff["行政 主事"]
    assert case.events.get().words == "電話で受け付けた"


def test_nobody_outside_of_the_section_touches_it(world) -> None:
    case = world.submit()
    for by in (HANAKO, STRANGER, world.clerk("財政 課長"), world.clerk("教育 主事")):
        with pytest.raises(PermissionDenied):
            start_work(by=by, case=case, clock=CLOCK)


def test_two_who_work_at_once_are_told(world) -> None:
    case = world.submit("notification")
    seen = case.edition
    start_work(by=world.clerk(), case=case, clock=CLOCK)
    with pytest.raises(ChangedMeanwhile, match="形式確認中"):
        complete_case(by=world.clerk("行政 班長"), case=case, clock=CLOCK, seen_edition=seen)
