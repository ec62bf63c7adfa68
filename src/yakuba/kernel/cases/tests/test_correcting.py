"""Asking for a correction, the answer, and what happens without one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from yakuba.kernel.access.api import VISITOR, system_person
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.api import Action, Case, Party, open_actions
from yakuba.kernel.cases.models import Correction
from yakuba.kernel.cases.queries.answers import answers_for, correction_compared
from yakuba.kernel.cases.queries.corrections import correction_evaluation, open_correction
from yakuba.kernel.cases.services import (
    answer_correction,
    ask_correction,
    mark_overdue,
    take_back_correction,
    withdraw_case,
)
from yakuba.kernel.cases.tests.world import ANSWERS, CLOCK, HANAKO, STRANGER, TODAY
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.forms.api import Incomplete
from yakuba.kernel.forms.models import AnswerSet
from yakuba.kernel.values.api import FixedClock, Refusal

DEADLINE = date(2026, 11, 16)
SYSTEM = system_person("jobs")


def ask(world, case: Case, *items: tuple[str, str], on: date = TODAY, deadline: date = DEADLINE) -> Correction:
    return ask_correction(
        by=world.clerk(),
        case=case,
        items=items or [("reason", "詳しく書いてください")],
        message="お願いします",
        deadline=deadline,
        clock=FixedClock(on),
    )


def answer(case: Case, *, by=HANAKO, on: date = TODAY + timedelta(days=3), **changed) -> AnswerSet:
    return answer_correction(by=by, case=case, answers={**ANSWERS, **changed}, sources={}, clock=FixedClock(on))


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


class TestAsking:
    def test_the_case_waits_for_the_applicant_and_the_period_stands_still(self, world) -> None:
        case = world.submit()
        assert case.due_on == date(2026, 11, 10)  # five open days after Monday, 3 November is a holiday
        correction = ask(world, case)
        case = fresh(case)
        assert (case.state, case.phase) == ("correcting", "applicant")
        assert (case.answer_by, case.due_on) == (DEADLINE, None)
        assert correction.items == [{"path": "reason", "label": "理由", "comment": "詳しく書いてください"}]
        assert open_actions(case, HANAKO) == (Action.ANSWER_CORRECTION, Action.WITHDRAW)
        assert open_actions(case, STRANGER) == ()

    @pytest.mark.parametrize(
        ("items", "deadline", "why"),
        [
            ([("nothing", "?")], DEADLINE, "答えにありません"),
            ([("school_name", "隠れた質問")], DEADLINE, "答えにありません"),
            ([("fee", "計算される値")], DEADLINE, "答えにありません"),
            ([("children.7.name", "ない行")], DEADLINE, "答えにありません"),
            ([("reason", "  ")], DEADLINE, "空です"),
            ([("reason", "長" * 1001)], DEADLINE, "長すぎます"),
            ([("reason", "直す")], TODAY, "今日か、過ぎた"),
            ([("reason", "直す")], date(2026, 11, 15), "休み"),
            ([("reason", "直す")], date(2028, 11, 16), "1年より先"),
        ],
    )
    def test_what_cannot_be_asked_is_said(self, world, items, deadline, why) -> None:
        case = world.submit()
        with pytest.raises(Refusal, match=why):
            ask(world, case, *items, deadline=deadline)
        assert fresh(case).state == "received"

    def test_only_who_works_on_the_case_asks(self, world) -> None:
        case = world.submit()
        for by in (HANAKO, STRANGER, VISITOR, world.clerk("財政 主事")):
            with pytest.raises(PermissionDenied):
                ask_correction(by=by, case=case, items=[("reason", "x")], message="", deadline=DEADLINE, clock=CLOCK)

    def test_a_consultation_is_not_corrected(self, world) -> None:
        with pytest.raises(Refusal):
            ask(world, world.submit("consultation"))


class TestAnswering:
    def test_only_what_was_asked_changes(self, world) -> None:
        case = world.submit()
        ask(world, case)
        answer(case, reason="勤務先の社会保険の手続きに出すため", copies=9, purpose="school", school_name="見本小")
        case = fresh(case)
        now = case.answers.every_answer()
        assert now["reason"] == "勤務先の社会保険の手続きに出すため"
        assert (now["copies"], now["purpose"]) == (2, "work")
        assert "school_name" not in now
        assert case.state == "examining"
        assert case.fee == 600

    def test_both_versions_stay_and_are_compared_in_words(self, world) -> None:
        case = world.submit()
        correction = ask(world, case, ("reason", "詳しく"), ("children.1.birth", "年が違うようです"))
        children = [ANSWERS["children"][0], {"name": "名前は直せない", "birth": "2021-05-01"}]
        answer(case, reason="新しい理由", children=children)
        correction.refresh_from_db()
        compared = correction_compared(world.clerk(), correction, on=TODAY)
        assert [(one.label, one.before, one.after) for one in compared] == [
            ("理由", "勤務先に出すため", "新しい理由"),
            ("2人目：生年月日", "令和2年5月1日（2020年）", "令和3年5月1日（2021年）"),
        ]
        assert fresh(case).answers.previous == case.first_answers
        assert case.first_answers.every_answer()["reason"] == "勤務先に出すため"

    def test_a_question_that_comes_up_because_of_the_answer_is_asked_too(self, world) -> None:
        case = world.submit()
        correction = ask(world, case, ("purpose", "本当に仕事ですか"))
        evaluation = correction_evaluation(correction, {**ANSWERS, "purpose": "school"}, clock=CLOCK)
        assert not evaluation.is_complete
        with pytest.raises(Incomplete):
            answer(case, purpose="school")
        answer(case, purpose="school", school_name="見本小学校", reason="これは直せない")
        now = fresh(case).answers.every_answer()
        assert (now["purpose"], now["school_name"], now["reason"]) == ("school", "見本小学校", "勤務先に出すため")

    def test_the_fee_follows_the_answers(self, world) -> None:
        case = world.submit()
        ask(world, case, ("copies", "3通では？"))
        answer(case, copies=3)
        assert fresh(case).fee == 900

    def test_a_second_press_gives_the_same_answer(self, world) -> None:
        case = world.submit()
        ask(world, case)
        first = answer(case, reason="一")
        assert answer(case, reason="二") == first
        assert AnswerSet.objects.count() == 2

    def test_the_period_goes_on_without_the_days_of_waiting(self, world) -> None:
        case = world.submit()  # Mon 2 Nov, five open days
        ask(world, case, on=date(2026, 11, 4))
        answer(case, on=date(2026, 11, 9), reason="一")
        # counted: 4 Nov; not counted: 5, 6, 9; counted: 10, 11, 12, 13
        assert fresh(case).due_on == date(2026, 11, 13)

    def test_a_foreign_file_is_refused(self, world) -> None:
        case = world.submit()
        ask(world, case, ("photo", "写真を付けてください"))
        own, foreign = _file("cases.case", case.public_id), _file("cases.case", "0" * 16)
        with pytest.raises(Refusal, match="この手続きのものではない"):
            answer(case, photo=[foreign])
        answer(case, photo=[own])
        assert fresh(case).answers.every_answer()["photo"] == [own]

    def test_only_the_parties_answer(self, world) -> None:
        case = world.submit()
        ask(world, case)
        for by in (STRANGER, VISITOR, world.clerk("財政 主事")):
            with pytest.raises(PermissionDenied):
                answer(case, by=by, reason="x")

    def test_a_clerk_writes_down_what_was_said_on_the_telephone(self, world) -> None:
        case = world.submit()
        ask(world, case)
        found = answer(case, by=world.clerk(), reason="電話で聞いた理由")
        assert found.sources["reason"] == "clerk"

    def test_a_visitor_with_number_and_password_answers(self, world) -> None:
        case = world.submit(by=VISITOR, applicant=Party(name="見本　花子"), password="sakura-2026")
        ask(world, case)
        assert answer(case, by=VISITOR, reason="新しい").every_answer()["reason"] == "新しい"


class TestTheDeadline:
    def test_after_it_a_person_judges_and_nothing_is_refused(self, world) -> None:
        case = world.submit()
        ask(world, case)
        assert mark_overdue(by=SYSTEM, case=case, clock=FixedClock(DEADLINE)).state == "correcting"
        after = FixedClock(DEADLINE + timedelta(days=1))
        assert mark_overdue(by=SYSTEM, case=case, clock=after).state == "overdue"
        assert mark_overdue(by=SYSTEM, case=case, clock=after).state == "overdue"
        assert fresh(case).events.filter(after="overdue").count() == 1
        assert open_correction(case) is not None

    def test_an_answer_that_comes_late_counts(self, world) -> None:
        case = world.submit()
        ask(world, case)
        mark_overdue(by=SYSTEM, case=case, clock=FixedClock(DEADLINE + timedelta(days=1)))
        answer(case, on=DEADLINE + timedelta(days=5), reason="遅れました")
        assert fresh(case).state == "examining"

    def test_the_clerk_may_ask_again_with_a_new_date(self, world) -> None:
        case = world.submit()
        ask(world, case)
        mark_overdue(by=SYSTEM, case=case, clock=FixedClock(DEADLINE + timedelta(days=1)))
        ask(world, case, on=DEADLINE + timedelta(days=1), deadline=date(2026, 12, 1))
        assert [one.state for one in Correction.objects.filter(case=case)] == ["taken_back", "asked"]
        assert fresh(case).state == "correcting"

    def test_or_go_on_with_what_there_is(self, world) -> None:
        case = world.submit("notification")
        ask(world, case)
        with pytest.raises(Refusal, match="理由が空"):
            take_back_correction(by=world.clerk(), case=case, reason=" ", clock=CLOCK)
        assert (
            take_back_correction(by=world.clerk(), case=case, reason="電話で確かめた", clock=CLOCK).state == "checking"
        )
        assert open_correction(case) is None

    def test_the_job_of_the_night_finds_them(self, world, monkeypatch) -> None:
        from yakuba.kernel.cases import jobs

        case = world.submit()
        ask(world, case)
        monkeypatch.setattr(jobs, "town_clock", lambda: FixedClock(DEADLINE + timedelta(days=1)))
        jobs.look_at_deadlines()
        jobs.look_at_deadlines()
        assert fresh(case).state == "overdue"


class TestWithdrawing:
    def test_the_applicant_takes_it_back_and_the_correction_ends(self, world) -> None:
        case = world.submit()
        ask(world, case)
        assert withdraw_case(by=HANAKO, case=case, reason="", clock=CLOCK).state == "withdrawn"
        assert fresh(case).completed_on == TODAY
        assert open_correction(case) is None
        assert withdraw_case(by=HANAKO, case=case, reason="", clock=CLOCK).state == "withdrawn"

    def test_a_clerk_writes_why(self, world) -> None:
        case = world.submit()
        with pytest.raises(Refusal, match="理由が空"):
            withdraw_case(by=world.clerk(), case=case, reason="", clock=CLOCK)
        assert withdraw_case(by=world.clerk(), case=case, reason="電話で申し出", clock=CLOCK).state == "withdrawn"

    def test_a_sign_up_is_declined(self, world) -> None:
        assert withdraw_case(by=HANAKO, case=world.submit("sign_up"), reason="", clock=CLOCK).state == "declined"

    def test_nobody_else_takes_it_back(self, world) -> None:
        with pytest.raises(PermissionDenied):
            withdraw_case(by=STRANGER, case=world.submit(), reason="", clock=CLOCK)


def test_answers_are_shown_by_step(world) -> None:
    case = world.submit()
    shown = answers_for(world.clerk(), case, on=TODAY)
    rows = {row.label: row.value for section in shown for row in section.rows}
    assert rows["住所"].endswith("1番地")
    assert rows["使いみち"] == "仕事"


def _file(kind: str, owner: str) -> str:
    with unaudited_writes("test"):
        return StoredFile.objects.create(
            sha256="0" * 64,
            size=1,
            media_type="image/png",
            name="x.png",
            owner_kind=kind,
            owner_id=owner,
            state="stored",
            uploaded_by="x",
            uploaded_at=CLOCK.now(),
        ).public_id
