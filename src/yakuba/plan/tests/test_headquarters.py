"""Meetings, decisions, tasks, teams, advice, news, hours freed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from yakuba.kernel.access.api import VISITOR, NotAllowed, NotVisible
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.organisation.models import Authority, Section, Staff
from yakuba.kernel.values.api import FiscalYear, Refusal, TransitionRefused
from yakuba.plan import services
from yakuba.plan.access import get_for, visible_to
from yakuba.plan.models import Initiative, Meeting, MeetingState, News, SavedWork, TaskState, TeamRole
from yakuba.plan.rules.hours_freed import Method
from yakuba.plan.tests.arranged import ADVISER, CLERK, CLOCK, HEAD, SECRETARY, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(real_plan):
    with unaudited_writes("arrangement of a test"):
        authority = Authority.objects.create(code="mayor", name="町長", head_title="町長")
        return Section.objects.create(code="10", name="政策財務課", authority=authority, starts_on=date(2020, 4, 1))


@pytest.fixture
def person(real_plan):
    with unaudited_writes("arrangement of a test"):
        return Staff.objects.create(number="1001", name="山田 一", employment="regular", joined_on=date(2020, 4, 1))


@pytest.fixture
def meeting(real_plan):
    return services.call_meeting(
        by=SECRETARY,
        plan=real_plan.plan,
        title="第1回DX推進本部会議",
        held_on=TODAY,
        starts_at=None,
        place="大会議室",
        clock=CLOCK,
    )


def edit(meeting, **changes):
    values = {
        "title": meeting.title,
        "held_on": meeting.held_on,
        "starts_at": None,
        "place": meeting.place,
        "attendees": "町長、副町長",
        "summary": "",
        "seen_edition": meeting.edition,
    }
    return services.edit_meeting(by=SECRETARY, meeting=meeting, clock=CLOCK, **{**values, **changes})


def move(meeting, to, reason=""):
    return services.move_meeting(by=SECRETARY, meeting=meeting, to=to, reason=reason, clock=CLOCK)


def on_agenda(meeting, title="年度評価の案"):
    return services.put_on_agenda(
        by=SECRETARY,
        meeting=meeting,
        title=title,
        initiative=Initiative.objects.get(key="1-1"),
        explanation="",
        clock=CLOCK,
    )


def decide(item, decision="案のとおり決定", is_dropped=False):
    return services.record_decision(
        by=SECRETARY,
        item=item,
        explanation="",
        discussion="",
        decision=decision,
        is_dropped=is_dropped,
        clock=CLOCK,
    )


class TestMeetings:
    def test_minutes_become_final_when_every_item_has_its_outcome(self, meeting):
        first, second = on_agenda(meeting), on_agenda(meeting, "その他")
        meeting = edit(meeting)
        move(meeting, MeetingState.HELD)
        decide(first)
        with pytest.raises(Refusal, match="その他"):
            move(meeting, MeetingState.MINUTED)
        decide(second, decision="", is_dropped=True)
        assert move(meeting, MeetingState.MINUTED).state == MeetingState.MINUTED

    def test_final_minutes_are_closed_to_changes_until_reopened_with_a_reason(self, meeting):
        item = on_agenda(meeting)
        meeting = edit(meeting)
        move(meeting, MeetingState.HELD)
        decide(item)
        meeting = move(meeting, MeetingState.MINUTED)
        for change in (lambda: edit(meeting), lambda: decide(item, "別の決定"), lambda: on_agenda(meeting)):
            with pytest.raises(Refusal, match="確定"):
                change()
        with pytest.raises(Refusal) as refused:
            move(meeting, MeetingState.HELD)
        assert refused.value.field == "reason"
        assert "出席者の誤り" in move(meeting, MeetingState.HELD, "出席者の誤り").summary

    def test_two_people_do_not_overwrite_each_other(self, meeting):
        edit(meeting, place="別の部屋")
        with pytest.raises(Refusal, match="ほかの人がこの会議を書き改めました"):
            edit(meeting, place="さらに別の部屋")

    def test_a_meeting_of_the_future_was_not_held(self, meeting):
        edit(meeting, held_on=date(2026, 12, 1))
        with pytest.raises(Refusal, match="まだ来ていません"):
            move(meeting, MeetingState.HELD)
        with pytest.raises(TransitionRefused):
            move(meeting, MeetingState.MINUTED)

    def test_only_the_secretariat_calls_meetings_and_the_public_sees_none(self, meeting):
        with pytest.raises(NotAllowed):
            services.call_meeting(
                by=CLERK, plan=meeting.plan, title="x", held_on=TODAY, starts_at=None, place="", clock=CLOCK
            )
        assert not visible_to(VISITOR, Meeting).exists()
        with pytest.raises(NotVisible):
            get_for(VISITOR, Meeting, meeting.public_id)
        assert get_for(ADVISER, Meeting, meeting.public_id) == meeting


class TestTasks:
    def assign(self, meeting, **changes):
        values = {
            "agenda_item": None,
            "initiative": None,
            "words": "周知の文案をつくる",
            "section": None,
            "owner": None,
        }
        return services.assign_task(
            by=SECRETARY, plan=meeting.plan, due_on=date(2026, 12, 10), clock=CLOCK, **{**values, **changes}
        )

    def end(self, task, by, to=TaskState.DONE, report="広報12月号に載せた"):
        return services.end_task(by=by, task=task, to=to, report=report, clock=CLOCK)

    def test_a_task_takes_the_initiative_of_its_item(self, meeting, section):
        task = self.assign(meeting, agenda_item=on_agenda(meeting), section=section)
        assert (task.initiative.key, task.state) == ("1-1", TaskState.OPEN)

    def test_a_task_needs_somebody(self, meeting):
        with pytest.raises(Refusal) as refused:
            self.assign(meeting)
        assert refused.value.field == "section"

    def test_its_owner_its_section_and_the_secretariat_may_end_it_and_nobody_else(self, meeting, section, person):
        task = self.assign(meeting, section=section, owner=person)
        with pytest.raises(NotAllowed):
            self.end(task, CLERK)
        assert self.end(task, replace(CLERK, staff_id=person.pk)).ended_on == TODAY
        other = self.assign(meeting, section=section)
        assert self.end(other, replace(CLERK, section_ids=frozenset({section.pk}))).state == TaskState.DONE
        third = self.assign(meeting, section=section)
        assert self.end(third, SECRETARY, TaskState.DROPPED, "不要になった").state == TaskState.DROPPED

    def test_a_task_ends_once_and_with_a_report(self, meeting, section):
        task = self.assign(meeting, section=section)
        with pytest.raises(Refusal):
            self.end(task, SECRETARY, report=" ")
        self.end(task, SECRETARY)
        with pytest.raises(Refusal, match="すでに終わって"):
            self.end(task, SECRETARY)

    def test_an_open_task_of_somebody_who_leaves_finds_its_heir(self, meeting, section, person):
        from yakuba.kernel.organisation.api import open_work_of
        from yakuba.plan.home import _hand_over

        task = self.assign(meeting, owner=person)
        with unaudited_writes("arrangement of a test"):
            heir = Staff.objects.create(number="1002", name="後任 二", employment="regular", joined_on=date(2020, 4, 1))
        (piece,) = [one.work for one in open_work_of([person.pk], TODAY) if one.source == "plan.tasks"]
        assert (piece.title, piece.due) == (task.words, task.due_on)
        for _ in range(2):
            _hand_over(ref=piece.ref, from_staff_id=person.pk, to_staff_id=heir.pk, on=TODAY, by=SECRETARY)
        task.refresh_from_db()
        assert task.owner == heir
        self.end(task, SECRETARY)
        assert not [one for one in open_work_of([heir.pk], TODAY) if one.source == "plan.tasks"]


class TestTeams:
    def test_a_team_ends_with_its_result_and_its_memberships(self, real_plan, section, person):
        team = services.form_team(
            by=SECRETARY,
            plan=real_plan.plan,
            name="窓口改革チーム",
            aim="書かない窓口",
            section=section,
            initiatives=[Initiative.objects.get(key="1-5")],
            starts_on=date(2026, 6, 1),
            clock=CLOCK,
        )
        services.join_team(
            by=SECRETARY, team=team, staff=person, role=TeamRole.LEADER, starts_on=date(2026, 6, 1), clock=CLOCK
        )
        with pytest.raises(Refusal, match="すでにこのチームに"):
            services.join_team(
                by=SECRETARY, team=team, staff=person, role=TeamRole.SECTION, starts_on=TODAY, clock=CLOCK
            )
        ended = services.end_team(by=SECRETARY, team=team, result="手順書ができた", clock=CLOCK)
        assert ended.ends_on == TODAY
        assert ended.members.get().ends_on == TODAY


class TestAdvice:
    def test_advice_is_answered_once_with_a_reason(self, real_plan):
        advice = services.take_advice(
            by=ADVISER,
            plan=real_plan.plan,
            initiative=None,
            adviser="助言 三郎",
            given_on=TODAY,
            text="周知を先に",
            clock=CLOCK,
        )
        with pytest.raises(NotAllowed):
            services.answer_advice(by=ADVISER, advice=advice, is_accepted=True, answer="はい", clock=CLOCK)
        answered = services.answer_advice(
            by=SECRETARY, advice=advice, is_accepted=True, answer="12月に行う", clock=CLOCK
        )
        assert (answered.answered_on, answered.answered_name) == (TODAY, SECRETARY.name)
        with pytest.raises(Refusal, match="すでに答えて"):
            services.answer_advice(by=SECRETARY, advice=advice, is_accepted=False, answer="やめる", clock=CLOCK)


class TestNews:
    def test_withdrawn_news_leaves_the_public_and_stays_in_the_office(self, real_plan):
        news = services.publish_news(
            by=SECRETARY, plan=real_plan.plan, initiative=None, title="会議を開きました", text="", clock=CLOCK
        )
        assert visible_to(VISITOR, News).count() == 1
        services.withdraw_news(by=SECRETARY, news=news, reason="日付の誤り", clock=CLOCK)
        assert visible_to(VISITOR, News).count() == 0
        assert visible_to(CLERK, News).count() == 1


class TestHoursFreed:
    def enter(self, real_plan, by=CLERK):
        return services.enter_saved_work(
            by=by,
            plan=real_plan.plan,
            initiative=None,
            year=FiscalYear(2026),
            work="会議録づくり",
            minutes_before=Decimal(180),
            minutes_after=Decimal(60),
            cases=24,
            method=Method.TIMED,
            evidence="4回分を計った",
            clock=CLOCK,
        )

    def test_a_saving_counts_for_the_public_once_a_second_person_agreed(self, real_plan):
        entry = self.enter(real_plan)
        assert not visible_to(VISITOR, SavedWork).exists()
        services.decide_saved_work(by=HEAD, saved_work=entry, is_approved=True, reason="", clock=CLOCK)
        assert visible_to(VISITOR, SavedWork).get() == entry

    def test_nobody_agrees_to_his_own_entry_and_nobody_decides_twice(self, real_plan):
        entry = self.enter(real_plan, by=HEAD)
        with pytest.raises(Refusal, match="自分が入力"):
            services.decide_saved_work(by=HEAD, saved_work=entry, is_approved=True, reason="", clock=CLOCK)
        with pytest.raises(Refusal):
            services.decide_saved_work(by=SECRETARY, saved_work=entry, is_approved=False, reason="", clock=CLOCK)
        services.decide_saved_work(by=SECRETARY, saved_work=entry, is_approved=False, reason="根拠不足", clock=CLOCK)
        with pytest.raises(Refusal, match="すでに"):
            services.decide_saved_work(by=SECRETARY, saved_work=entry, is_approved=True, reason="", clock=CLOCK)
        assert not visible_to(VISITOR, SavedWork).exists()
