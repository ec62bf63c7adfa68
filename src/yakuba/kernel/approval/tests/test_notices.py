"""Who is told of what happens on the way, what the nightly jobs do, and how long things take."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from yakuba.kernel.approval import jobs, kpi
from yakuba.kernel.approval.api import Outcome, decide
from yakuba.kernel.approval.models import DecisionRequest, RouteAct, RouteStage, SeatTrace
from yakuba.kernel.approval.rules.flow import Act
from yakuba.kernel.approval.rules.waiting import median_hours, words_of_time
from yakuba.kernel.approval.services import act_on_request, amend_request, lay_down_route, pull_back
from yakuba.kernel.approval.tests.test_routes import CONSULT, DECIDE, LINE, lay
from yakuba.kernel.approval.tests.town_hall import CONTENT, acting, ask
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.jobs.api import run_job
from yakuba.kernel.jobs.models import Job
from yakuba.kernel.notify.models import Message
from yakuba.kernel.organisation import services as organisation
from yakuba.kernel.organisation.tests.town_hall import FOUNDED, SYSTEM
from yakuba.kernel.values.api import FixedClock, SystemClock

pytestmark = pytest.mark.django_db
CLOCK = SystemClock()
TODAY = CLOCK.today()


@pytest.fixture
def seated(hall: Any) -> Any:
    """The town hall, with an account for everybody."""
    with unaudited_writes("tests"):
        for staff in hall.staff.values():
            Account.objects.create(
                staff=staff, kind=AccountKind.STAFF, sign_in_name=staff.number, display_name=staff.name
            )
    return hall


def deliver() -> None:
    """Do what waits outside of requests."""
    for _ in range(5):
        waiting = list(Job.objects.filter(name="events.deliver", state="queued"))
        for one in waiting:
            assert run_job(one.pk) == "done"
        if not waiting:
            return


def told() -> list[tuple[str, str]]:
    """Who was told what, in order: (name, first words)."""
    deliver()
    return [(one.name, one.texts["subject"]["ja"].partition("：")[0]) for one in Message.objects.order_by("id")]


def does(hall: Any, name: str, request: DecisionRequest, act: Act, comment: str = "", **more: Any) -> RouteAct:
    return act_on_request(
        by=acting(hall.staff[name], TODAY), request=request, act=act, comment=comment, clock=CLOCK, **more
    )


def test_whose_turn_it_is_and_the_drafter_are_told(seated: Any) -> None:
    lay(LINE, DECIDE)
    request = ask(seated, clock=CLOCK)
    assert told() == [("行政 班長", "回議があなたの番です")]
    does(seated, "行政 班長", request, Act.AGREE)
    decide(
        by=acting(seated.staff["総務 課長"], TODAY),
        request=request,
        outcome=Outcome.REFUSED,
        comment="不要",
        clock=CLOCK,
    )
    assert told()[1:] == [("行政 主事", "否決されました")], "the head answered before the message set out"


def test_a_decision_of_one_step_tells_nobody_since_it_stands_on_the_worklist(seated: Any) -> None:
    request = ask(seated, clock=CLOCK)
    decide(
        by=acting(seated.staff["総務 課長"], TODAY), request=request, outcome=Outcome.APPROVED, comment="", clock=CLOCK
    )
    assert told() == []


def test_dissent_return_and_reminder_reach_whom_they_touch(seated: Any) -> None:
    lay(CONSULT, DECIDE)
    request = ask(seated, clock=CLOCK)
    assert sorted(told()) == [("産業 課長", "合議を求められています"), ("財政 課長", "合議を求められています")]
    does(seated, "財政 課長", request, Act.DISSENT, "財源がない")
    assert told()[2:] == [("行政 主事", "合議で同意されませんでした")]
    from yakuba.kernel.approval.services import remind

    remind(by=acting(seated.staff["行政 主事"], TODAY), request=request, clock=CLOCK)
    assert told()[3:] == [("産業 課長", "決裁が待っています")]
    deliver()
    assert len(told()) == 4, "told twice is told once"


def test_who_agreed_and_is_on_the_route_no_more_is_told(seated: Any) -> None:
    lay(CONSULT, DECIDE)
    request = ask(seated, clock=CLOCK)
    does(seated, "財政 課長", request, Act.AGREE)
    told()
    lay_down_route(by=SYSTEM, key="spending", title="支出", kind="申請の処分", stages=[DECIDE], starts_on=FOUNDED)
    pull_back(by=acting(seated.staff["行政 主事"], TODAY), request=request, reason="誤り", clock=CLOCK)
    amend_request(
        by=acting(seated.staff["行政 主事"], TODAY),
        request=request,
        content={**CONTENT, "手数料": 1},
        content_text="手数料 1円",
        reason="誤り",
        clock=CLOCK,
    )
    assert ("財政 課長", "内容が直され、あなたの同意は要らなくなりました") in told()
    assert "産業 課長" not in [name for name, _ in told()[2:]], "who had not answered has nothing to be told"


def test_somebody_whose_place_was_taken_is_told_to_look(seated: Any) -> None:
    request = ask(seated, clock=CLOCK)
    decide(
        by=acting(seated.staff["行政 班長"], TODAY),
        request=request,
        outcome=Outcome.APPROVED,
        comment="",
        clock=CLOCK,
        principal_is_absent=True,
    )
    assert told() == [("総務 課長", "不在の間に代決されました。後閲してください")]


def test_at_night_the_seats_are_looked_at_after_people_moved(hall: Any) -> None:
    lay(LINE, DECIDE)
    ask(hall, clock=CLOCK)
    jobs.trace_moves()
    assert not SeatTrace.objects.exists()
    for name, section in (("総務 課長", "産業課"), ("産業 課長", "総務課")):
        organisation.transfer_staff(
            by=SYSTEM, staff=hall.person(name), section=hall.section(section), post=hall.posts["課長"], on=TODAY
        )
    for _ in range(2):
        jobs.trace_moves()
    assert [("総務 課長" in one.before, "産業 課長" in one.after) for one in SeatTrace.objects.all()] == [(True, True)]


def test_after_three_days_the_house_reminds_on_working_days(hall: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(LINE, DECIDE)
    request = ask(hall, clock=CLOCK)
    weekday = TODAY + timedelta(days=(7 - TODAY.weekday()) % 7)  # a Monday, today at the earliest

    def on(day: date) -> int:
        monkeypatch.setattr(jobs, "town_clock", lambda: FixedClock(day))
        jobs.remind_of_waiting()
        return RouteAct.objects.filter(request=request, act="remind").count()

    with unaudited_writes("tests"):
        RouteStage.objects.filter(state="open").update(opened_at=CLOCK.now() - timedelta(days=1))
    assert on(TODAY) == 0, "one day is no reason to press"
    assert on(weekday + timedelta(days=5)) == 0, "nobody is pressed on a Saturday"
    assert [on(weekday + timedelta(days=7)), on(weekday + timedelta(days=7))] == [1, 1]
    assert on(weekday + timedelta(days=8)) == 2


def test_the_measure_is_the_median_of_what_was_decided_in_thirty_days(hall: Any) -> None:
    assert kpi.median_wait(TODAY) is None
    request = ask(hall, clock=CLOCK)
    assert kpi.median_wait(TODAY) is None, "what waits has no time yet"
    decide(
        by=acting(hall.staff["総務 課長"], TODAY), request=request, outcome=Outcome.APPROVED, comment="", clock=CLOCK
    )
    with unaudited_writes("tests"):
        row = DecisionRequest.objects.get()
        DecisionRequest.objects.update(asked_at=row.closed_at - timedelta(hours=5))
    reading = kpi.median_wait(TODAY)
    assert reading is not None and (float(reading.value), reading.n) == (5.0, 1)
    assert kpi.median_wait(TODAY + timedelta(days=40)) is None
    assert kpi.median_wait(TODAY - timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (timedelta(seconds=-5), "1分未満"),
        (timedelta(seconds=59), "1分未満"),
        (timedelta(minutes=25), "25分"),
        (timedelta(hours=2), "2時間"),
        (timedelta(hours=2, minutes=5), "2時間5分"),
        (timedelta(days=3), "3日"),
        (timedelta(days=3, hours=4, minutes=9), "3日4時間"),
    ],
)
def test_times_are_said_as_people_say_them(waited: timedelta, words: str) -> None:
    assert words_of_time(waited) == words


def test_the_median_of_nothing_is_a_fault() -> None:
    assert median_hours([timedelta(hours=1), timedelta(hours=2), timedelta(hours=9)]) == 2.0
    with pytest.raises(ValueError):
        median_hours([])
