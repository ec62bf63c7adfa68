"""Milestones, phases, grades and the yearly cycle."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from yakuba.kernel.access.api import VISITOR, NotAllowed
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.values.api import FiscalYear, FixedClock, Refusal
from yakuba.plan import services
from yakuba.plan.access import visible_to
from yakuba.plan.models import Assessment, Initiative, Milestone, PdcaEntry, PdcaStep
from yakuba.plan.queries.overview import overview
from yakuba.plan.queries.progress import grades_given, milestone_states, phases_in_place
from yakuba.plan.rules.grades import Grade, Proposal, Reason
from yakuba.plan.rules.schedule import PhaseState
from yakuba.plan.tests.arranged import ADVISER, AUDITOR, CLERK, CLOCK, HEAD, SECRETARY, TODAY

pytestmark = pytest.mark.django_db
R8 = FiscalYear(2026)
UNCLEAR = Proposal(Grade.D, (Reason(Grade.D, "指標が未計測です。"),))


def confirm(milestone, *, by=HEAD, is_met=True, on=TODAY, evidence="研修の記録で確かめた", clock=CLOCK):
    return services.confirm_milestone(by=by, milestone=milestone, is_met=is_met, on=on, evidence=evidence, clock=clock)


def grade(
    initiative, letter=Grade.B, *, by=HEAD, proposal=None, reason="指標が計画どおり", evidence="指標の記録", year=R8
):
    return services.grade_initiative(
        by=by,
        initiative=initiative,
        year=year,
        grade=letter,
        proposal=proposal or Proposal(Grade.B, (Reason(Grade.B, "計画どおり。"),)),
        reason=reason,
        evidence=evidence,
        next_step="",
        clock=CLOCK,
    )


class TestMilestones:
    def test_a_confirmed_milestone_counts_from_the_day_it_was_met(self, real_plan):
        milestone = Milestone.objects.get(key="2-6-m1")
        confirm(milestone, on=date(2026, 10, 1))
        state = next(one for one in milestone_states(real_plan, VISITOR, today=TODAY) if one.milestone.id == "2-6-m1")
        assert (state.words, state.met_in) == ("確認済み", R8)

    def test_a_confirmation_taken_back_counts_no_more_and_stays_readable(self, real_plan):
        milestone = Milestone.objects.get(key="2-6-m1")
        confirm(milestone)
        confirm(milestone, is_met=False, evidence="別の文書だった", clock=FixedClock(date(2026, 11, 24)))
        states = milestone_states(real_plan, VISITOR, today=TODAY)
        assert all(one.confirmation is None for one in states)
        assert milestone.confirmations.count() == 2

    @pytest.mark.parametrize(
        ("change", "field"),
        [({"on": date(2026, 11, 24)}, "on"), ({"evidence": " "}, "evidence"), ({"is_met": False}, None)],
    )
    def test_future_days_missing_evidence_and_empty_words_are_refused(self, real_plan, change, field):
        with pytest.raises(Refusal) as refused:
            confirm(Milestone.objects.get(key="2-6-m1"), **change)
        assert refused.value.field == field

    @pytest.mark.parametrize("person", [CLERK, ADVISER, AUDITOR])
    def test_only_the_headquarters_and_the_secretariat_confirm(self, real_plan, person):
        with pytest.raises(NotAllowed):
            confirm(Milestone.objects.get(key="2-6-m1"), by=person)

    def test_a_milestone_past_its_year_is_overdue_on_the_first_of_april(self, real_plan):
        def words(day):
            states = milestone_states(real_plan, VISITOR, today=day)
            return next(one.words for one in states if one.milestone.id == "2-6-m1")

        assert words(date(2027, 3, 31)) == "今年度が期限"
        assert words(date(2027, 4, 1)) == "期限を過ぎて未確認"

    def test_a_report_of_a_past_year_leaves_out_later_confirmations(self, real_plan):
        confirm(Milestone.objects.get(key="2-6-m1"), on=TODAY)
        before = milestone_states(real_plan, VISITOR, today=TODAY, until=date(2026, 11, 22))
        assert all(one.confirmation is None for one in before)


class TestPhases:
    def test_a_phase_is_done_only_when_somebody_says_so(self, real_plan):
        initiative = Initiative.objects.get(key="1-4")
        key = phases_in_place(real_plan, VISITOR, today=TODAY)["1-4"][0].key
        assert phases_in_place(real_plan, VISITOR, today=date(2027, 4, 1))["1-4"][0].state is PhaseState.UNCONFIRMED
        services.confirm_phase(
            by=HEAD, initiative=initiative, phase=key, is_done=True, on=TODAY, evidence="調査報告書", clock=CLOCK
        )
        assert phases_in_place(real_plan, VISITOR, today=date(2027, 4, 1))["1-4"][0].state is PhaseState.DONE

    def test_a_phase_that_is_not_in_the_plan_is_refused(self, real_plan):
        with pytest.raises(Refusal, match="今の計画にありません"):
            services.confirm_phase(
                by=HEAD,
                initiative=Initiative.objects.get(key="1-4"),
                phase="2026//知らない工程",
                is_done=True,
                on=TODAY,
                evidence="x",
                clock=CLOCK,
            )


class TestGrades:
    def test_a_grade_is_a_draft_until_it_is_released(self, real_plan):
        given = grade(Initiative.objects.get(key="1-1"))
        assert grades_given(real_plan, VISITOR) == {}
        assert not grades_given(real_plan, HEAD)["1-1", 2026].is_released
        services.release_grade(by=SECRETARY, assessment=given, decided_in="第1回推進本部会議", clock=CLOCK)
        shown = grades_given(real_plan, VISITOR)["1-1", 2026]
        assert (shown.grade, shown.year) == (Grade.B, R8)
        assert overview(real_plan, VISITOR, today=TODAY).grades == {"A": 0, "B": 1, "C": 0, "D": 0}

    def test_a_later_grade_replaces_the_earlier_and_keeps_the_grounds_of_both(self, real_plan):
        initiative = Initiative.objects.get(key="1-1")
        first = grade(initiative)
        services.release_grade(by=SECRETARY, assessment=first, decided_in="第1回", clock=CLOCK)
        second = grade(initiative, Grade.C, reason="数え間違いがあった")
        assert grades_given(real_plan, VISITOR)["1-1", 2026].grade is Grade.B
        with pytest.raises(Refusal, match="すでに公開"):
            services.release_grade(by=SECRETARY, assessment=first, decided_in="第2回", clock=CLOCK)
        services.release_grade(by=SECRETARY, assessment=second, decided_in="第2回", clock=CLOCK)
        assert grades_given(real_plan, VISITOR)["1-1", 2026].grade is Grade.C
        assert [one.findings[0]["words"] for one in Assessment.objects.all()] == ["計画どおり。", "計画どおり。"]

    def test_what_cannot_be_judged_does_not_become_green_without_a_real_reason(self, real_plan):
        initiative = Initiative.objects.get(key="1-2")
        with pytest.raises(Refusal) as refused:
            grade(initiative, Grade.B, proposal=UNCLEAR, reason="順調")
        assert refused.value.field == "reason"
        long = "試験運用の記録12件を事務局が確かめ、写真と位置が担当課に届いていることを見たため。"
        assert grade(initiative, Grade.B, proposal=UNCLEAR, reason=long).proposed == "D"
        assert grade(initiative, Grade.D, proposal=UNCLEAR, reason="未計測").grade == "D"

    @pytest.mark.parametrize(
        ("change", "field"),
        [({"reason": ""}, "reason"), ({"evidence": ""}, "evidence"), ({"year": FiscalYear(2027)}, "fiscal_year")],
    )
    def test_a_grade_needs_reason_evidence_and_a_year_that_has_begun(self, real_plan, change, field):
        with pytest.raises(Refusal) as refused:
            grade(Initiative.objects.get(key="1-1"), **change)
        assert refused.value.field == field

    def test_who_may_grade_and_who_may_release(self, real_plan):
        initiative = Initiative.objects.get(key="1-1")
        for person in (CLERK, ADVISER, AUDITOR, VISITOR):
            with pytest.raises(NotAllowed):
                grade(initiative, by=person)
        given = grade(initiative)
        with pytest.raises(NotAllowed):
            services.release_grade(by=HEAD, assessment=given, decided_in="x", clock=CLOCK)

    def test_the_database_itself_refuses_to_change_a_grade(self, real_plan):
        grade(Initiative.objects.get(key="1-1"))
        with unaudited_writes("a test of the database"), pytest.raises(DatabaseError), transaction.atomic():
            Assessment.objects.update(grade="A")

    def test_drafts_never_reach_the_public(self, real_plan):
        grade(Initiative.objects.get(key="1-1"))
        assert not visible_to(VISITOR, Assessment).exists()


class TestPdca:
    def write(self, text, seen="", by=CLERK, step=PdcaStep.PLAN):
        return services.write_pdca(
            by=by, initiative=Initiative.objects.get(key="1-1"), year=R8, step=step, text=text, seen=seen, clock=CLOCK
        )

    def test_each_writing_is_kept_and_the_last_one_counts(self, real_plan):
        first = self.write("10手続きを公開する")
        second = self.write("12手続きを公開する", seen=first.public_id)
        assert PdcaEntry.objects.order_by("-id").first() == second
        assert PdcaEntry.objects.count() == 2

    def test_two_people_do_not_overwrite_each_other(self, real_plan):
        self.write("10手続きを公開する")
        with pytest.raises(Refusal, match="担当 次郎さんが「計画（Plan）」を書き換えました"):
            self.write("別の人の文", by=HEAD)

    def test_the_same_text_again_and_nothing_at_all_are_refused(self, real_plan):
        first = self.write("10手続きを公開する")
        for text in ("10手続きを公開する", "  "):
            with pytest.raises(Refusal):
                self.write(text, seen=first.public_id)
