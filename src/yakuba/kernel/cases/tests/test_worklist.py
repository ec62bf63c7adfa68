"""The worklist: whose, which, in which order, with how many queries; assignment, notes, templates, heirs."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yakuba.kernel.access.api import VISITOR, Role
from yakuba.kernel.approval.api import ActKind, Decider
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.api import Arrival, Case, Light, Wanted, Whose, work_counts, work_rows, worklist
from yakuba.kernel.cases.models import AnswerTemplate, Handling, Note, SignUpMode, TemplateUse
from yakuba.kernel.cases.queries.standing import handling_of
from yakuba.kernel.cases.queries.worklist import counts_by_phase, templates_for
from yakuba.kernel.cases.services import (
    add_note,
    ask_correction,
    assign_case,
    complete_case,
    for_each,
    keep_template,
    mark_overdue,
    set_handling,
    start_work,
    transfer_case,
)
from yakuba.kernel.cases.tests.deciding import SYSTEM, propose
from yakuba.kernel.cases.tests.world import AUDITOR, CLOCK, HANAKO, TODAY
from yakuba.kernel.forms.models import AnswerSet
from yakuba.kernel.organisation.api import open_work_of
from yakuba.kernel.organisation.open_work import source_of
from yakuba.kernel.organisation.queries import propose_heirs, seats_on
from yakuba.kernel.values.api import FixedClock, Refusal


def shown(person, on: date = TODAY, **wanted) -> list[str]:
    return [one.number for one in worklist(person, Wanted(**wanted), on=on)]


class TestWhatIsShown:
    def test_mine_the_sections_and_nobodys(self, world) -> None:
        clerk = world.clerk()
        first, second, other = world.submit(), world.submit(), world.submit("school")
        start_work(by=clerk, case=second, clock=CLOCK)
        assert shown(clerk) == [first.number, second.number]
        assert shown(clerk, whose=Whose.MINE) == [second.number]
        assert shown(clerk, whose=Whose.UNASSIGNED) == [first.number]
        assert shown(world.clerk("教育 主事")) == [other.number]
        assert shown(HANAKO, whose=Whose.MINE) == []
        assert shown(VISITOR) == []

    def test_filters_and_words(self, world) -> None:
        clerk = world.clerk()
        one = world.submit()
        two = world.submit("notification", by=clerk, channel=Arrival.PHONE)
        assert shown(clerk, kind="notification") == [two.number]
        assert shown(clerk, arrival="phone") == [two.number]
        assert shown(clerk, procedure="sample-application") == [one.number]
        assert shown(clerk, words="みほん はなこ") == [one.number, two.number]
        assert shown(clerk, words="ﾐﾎﾝ") == [one.number, two.number]
        assert shown(clerk, words=one.number.replace("-", "").lower()) == [one.number]
        assert shown(clerk, words="いない人") == []
        assert shown(clerk, since=TODAY + timedelta(days=1)) == []
        assert shown(clerk, phase="closed") == []
        complete_case(by=clerk, case=two, clock=CLOCK)
        assert shown(clerk) == [one.number]
        assert shown(clerk, open_only=False) == [one.number, two.number]
        assert shown(clerk, phase="closed") == [two.number]

    def test_what_needs_a_judgement_stands_first_then_what_is_due(self, world) -> None:
        clerk = world.clerk()
        late = world.submit(clock=FixedClock(date(2026, 10, 1)))
        new = world.submit()
        waiting = world.submit()
        ask_correction(
            by=clerk, case=waiting, items=[("reason", "?")], message="", deadline=date(2026, 11, 4), clock=CLOCK
        )
        assert shown(clerk) == [late.number, new.number, waiting.number]
        day = date(2026, 11, 5)
        mark_overdue(by=SYSTEM, case=waiting, clock=FixedClock(day))
        assert shown(clerk, on=day) == [waiting.number, late.number, new.number]

    def test_the_light_of_the_list_is_the_light_of_the_filter(self, world) -> None:
        clerk = world.clerk()
        for day in (date(2026, 9, 1), date(2026, 10, 28), date(2026, 10, 30), TODAY):
            world.submit(clock=FixedClock(day))
        stopped = world.submit()
        ask_correction(
            by=clerk, case=stopped, items=[("reason", "?")], message="", deadline=date(2026, 11, 16), clock=CLOCK
        )
        propose(world, world.submit())
        complete_case(by=clerk, case=world.submit("notification"), clock=CLOCK)
        rows = work_rows(worklist(clerk, Wanted(open_only=False), on=TODAY), on=TODAY)
        assert {one.light for one in rows} >= {Light.RED, Light.YELLOW, Light.GREEN, Light.STOPPED, Light.NONE}
        for wanted in Light:
            filtered = shown(clerk, light=wanted.value, open_only=False)
            assert sorted(filtered) == sorted(one.case.number for one in rows if one.light is wanted), wanted

    def test_counts_for_the_tabs(self, world) -> None:
        clerk = world.clerk()
        start_work(by=clerk, case=world.submit(), clock=CLOCK)
        world.submit()
        world.submit("school")
        counts = work_counts(clerk, on=TODAY)
        assert (counts.section, counts.mine, counts.unassigned, counts.red) == (2, 1, 1, 0)

    def test_who_counts_and_does_not_read(self, world) -> None:
        world.submit()
        from dataclasses import replace

        secretary = replace(world.clerk("財政 主事"), roles=frozenset({Role.STAFF, Role.SECRETARIAT}))
        assert counts_by_phase(secretary) == {"new": 1}
        assert not worklist(secretary, Wanted(whose=Whose.ALL), on=TODAY).exists()
        assert counts_by_phase(HANAKO) == {}


class TestManyCases:
    @pytest.mark.parametrize("count", [4_000, pytest.param(20_000, marks=pytest.mark.prove)])
    def test_the_list_stays_fast_and_takes_few_queries(self, world, count) -> None:
        case = world.submit()
        _multiply(case, count)
        clerk = world.clerk()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            started = time.thread_time()
            rows = work_rows(worklist(clerk, Wanted(), on=TODAY)[:50], on=TODAY)
            work_counts(clerk, on=TODAY)
            spent = time.thread_time() - started
        assert len(rows) == 50
        assert len(queries) <= 16, [one["sql"][:100] for one in queries]
        assert spent < 1.0
        started = time.thread_time()
        assert len(shown(clerk, words="R8-00005")) == 1
        assert shown(clerk, whose=Whose.MINE) == []
        assert time.thread_time() - started < 1.0


def _multiply(case: Case, count: int) -> None:
    answers = case.answers
    with unaudited_writes("test"):
        sets = AnswerSet.objects.bulk_create(
            [
                AnswerSet(version=answers.version, answers={}, digest="0" * 64, given_at=CLOCK.now())
                for _ in range(count)
            ],
            batch_size=2000,
        )
        copies = []
        for number, one in enumerate(sets, start=2):
            copies.append(
                Case(
                    number=f"R8-{number:05d}",
                    procedure=case.procedure,
                    kind=case.kind,
                    title=case.title,
                    state="examining" if number % 3 else "completed",
                    phase="working" if number % 3 else "closed",
                    completed_on=None if number % 3 else TODAY,
                    section=case.section,
                    arrival="online",
                    received_at=CLOCK.now() - timedelta(minutes=number),
                    received_on=TODAY,
                    first_answers=one,
                    answers=one,
                    applicant_name="見本　花子",
                    search_words=f"r8-{number:05d}",
                    due_on=TODAY + timedelta(days=number % 40 - 10),
                    changed_at=CLOCK.now(),
                )
            )
        Case.objects.bulk_create(copies, batch_size=1000)


class TestAssigning:
    def test_to_a_colleague_with_a_word_and_back_to_nobody(self, world) -> None:
        case = world.submit()
        head = world.clerk("行政 班長")
        assign_case(by=head, case=case, to=world.hall.staff["行政 主事"], words="得意なので", clock=CLOCK)
        assert Case.objects.get().assignee == world.hall.staff["行政 主事"]
        assert case.events.last().words == "担当：行政 主事（得意なので）"
        assign_case(by=head, case=case, to=None, clock=CLOCK)
        assert Case.objects.get().assignee is None

    def test_somebody_from_above_may_take_it_and_somebody_from_elsewhere_not(self, world) -> None:
        case = world.submit()
        assign_case(by=world.clerk("総務 課長"), case=case, to=world.hall.staff["総務 主査"], clock=CLOCK)
        with pytest.raises(Refusal, match="職員ではありません"):
            assign_case(by=world.clerk(), case=case, to=world.hall.staff["教育 主事"], clock=CLOCK)

    def test_a_case_moves_to_another_section_with_a_reason(self, world) -> None:
        case = start_work(by=world.clerk(), case=world.submit(), clock=CLOCK)
        elsewhere = world.hall.sections["教育課"]
        with pytest.raises(Refusal, match="理由"):
            transfer_case(by=world.clerk(), case=case, section=elsewhere, reason="", clock=CLOCK)
        moved = transfer_case(by=world.clerk(), case=case, section=elsewhere, reason="学校の手続きのため", clock=CLOCK)
        assert moved.assignee is None
        assert shown(world.clerk()) == []
        assert shown(world.clerk("教育 主事")) == [case.number]
        with pytest.raises(PermissionDenied):
            transfer_case(by=world.clerk(), case=case, section=elsewhere, reason="x", clock=CLOCK)

    def test_work_in_hand_finds_an_heir_when_somebody_leaves(self, world) -> None:
        case = start_work(by=world.clerk(), case=world.submit(), clock=CLOCK)
        leaver = world.hall.staff["行政 主事"]
        found = open_work_of([leaver.pk], date(2027, 4, 1))
        work = next(one for one in found if one.source == "cases.cases")
        assert (work.work.title, work.work.due) == (str(case), case.due_on)
        heir = propose_heirs(
            [work], date(2027, 4, 1), [one for one in seats_on(date(2027, 4, 1)) if one.staff != leaver.pk]
        )
        assert heir[0].staff == world.hall.staff["総務 課長"].pk
        source_of("cases.cases").hand_over(
            ref=work.work.ref,
            from_staff_id=leaver.pk,
            to_staff_id=heir[0].staff,
            on=date(2027, 4, 1),
            by=SYSTEM,
        )
        assert Case.objects.get().assignee == world.hall.staff["総務 課長"]
        complete = complete_case(by=world.clerk(), case=world.submit("notification"), clock=CLOCK)
        assert complete.assignee is None
        assert not [one for one in open_work_of([leaver.pk], date(2027, 4, 1)) if one.source == "cases.cases"]


class TestNotesAndTemplates:
    def test_notes_are_the_sections_own(self, world) -> None:
        case = world.submit()
        add_note(by=world.clerk(), case=case, words=" 折り返し電話の約束 ", clock=CLOCK)
        assert Note.objects.get().words == "折り返し電話の約束"
        for by in (HANAKO, world.clerk("財政 主事"), AUDITOR):
            with pytest.raises(PermissionDenied):
                add_note(by=by, case=case, words="x", clock=CLOCK)
        with pytest.raises(Refusal):
            add_note(by=world.clerk(), case=case, words=" ", clock=CLOCK)

    def test_templates_are_offered_for_their_procedure_and_use(self, world) -> None:
        case = world.submit()
        section = world.hall.sections["行政管理班"]

        def keep(title: str, procedure: str | None, use: TemplateUse, **changed) -> AnswerTemplate:
            return keep_template(
                by=world.clerk(),
                section=section,
                procedure=world.procedures[procedure] if procedure else None,
                use=use,
                title=title,
                words="本文",
                clock=CLOCK,
                **changed,
            )

        every = keep("すべて", None, TemplateUse.CORRECTION)
        own = keep("これだけ", "application", TemplateUse.CORRECTION)
        keep("別の手続き", "notification", TemplateUse.CORRECTION)
        keep("別の用途", None, TemplateUse.REFUSAL)
        assert set(templates_for(world.clerk(), case, TemplateUse.CORRECTION)) == {every, own}
        keep("使わない", None, TemplateUse.CORRECTION, template=every, is_retired=True)
        assert list(templates_for(world.clerk(), case, TemplateUse.CORRECTION)) == [own]
        assert not templates_for(world.clerk("教育 主事"), case, TemplateUse.CORRECTION).exists()
        with pytest.raises(PermissionDenied):
            keep_template(
                by=world.clerk("教育 主事"),
                section=section,
                procedure=None,
                use=TemplateUse.NOTE,
                title="x",
                words="x",
                clock=CLOCK,
            )


def test_one_refusal_in_a_bulk_act_stops_no_other(world) -> None:
    cases = [world.submit("notification"), world.submit(), world.submit("notification")]
    clerk = world.clerk()
    outcomes = for_each(cases, lambda one: complete_case(by=clerk, case=one, clock=CLOCK))
    assert [bool(one.why) for one in outcomes] == [False, True, False]
    assert [Case.objects.get(pk=one.pk).state for one in cases] == ["completed", "received", "completed"]


class TestHandling:
    def change(self, world, procedure: str = "application", **changed) -> Handling:
        given = {
            "act_kind": ActKind.DISPOSITION,
            "decider": Decider.AUTHORITY_HEAD,
            "correction_days": 10,
            "places": None,
            "sign_up_mode": SignUpMode.BY_CLERK,
            "stage_forms": {},
            "report_days": None,
            "seen_edition": 0,
            "by": world.clerk(),
        }
        return set_handling(procedure=world.procedures[procedure], clock=CLOCK, **{**given, **changed})

    def test_what_the_section_says_counts_from_then_on(self, world) -> None:
        procedure = world.procedures["application"]
        assert handling_of(procedure).decider == "section_head"
        self.change(world)
        assert handling_of(procedure).decider == "authority_head"
        with pytest.raises(Refusal, match="変えました"):
            self.change(world)
        self.change(world, seen_edition=1)

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"act_kind": ActKind.NOTIFICATION}, "届出"),
            ({"procedure": "notification"}, "届出"),
            ({"sign_up_mode": SignUpMode.LOTTERY}, "定員"),
            ({"stage_forms": {"x": "nothing"}}, "段階"),
        ],
    )
    def test_what_cannot_be_is_refused(self, world, changed, why) -> None:
        with pytest.raises(Refusal, match=why):
            self.change(world, **changed)

    def test_others_do_not_change_it(self, world) -> None:
        with pytest.raises(PermissionDenied):
            self.change(world, by=world.clerk("教育 主事"))
