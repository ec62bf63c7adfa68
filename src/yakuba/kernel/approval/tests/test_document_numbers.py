"""Document numbers: gapless, one after the other, voids visible, also when many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, PersonKind, Role
from yakuba.kernel.approval.access import get_number_for, numbers_visible_to
from yakuba.kernel.approval.api import dispose_content, issue_document_number, void_document_number
from yakuba.kernel.approval.models import DocumentNumber, NumberSeries
from yakuba.kernel.approval.queries.symbols import symbol_of
from yakuba.kernel.approval.services import name_section_symbol
from yakuba.kernel.approval.tests.town_hall import CLOCK, TODAY, acting, ask, subject_of
from yakuba.kernel.audit.api import unaudited_writes, verb
from yakuba.kernel.organisation import services as organisation
from yakuba.kernel.organisation.services.merge_sections import NewSection
from yakuba.kernel.organisation.tests.town_hall import SYSTEM
from yakuba.kernel.values.api import FixedClock, Refusal

pytestmark = pytest.mark.django_db


def take(hall, section="総務課", *, by="総務 主査", on=TODAY, clock=CLOCK, **more) -> DocumentNumber:
    return issue_document_number(by=acting(hall.staff[by]), section=hall.section(section), on=on, clock=clock, **more)


def test_numbers_count_up_from_one_for_each_symbol(hall):
    assert [take(hall).written for _ in range(3)] == ["8坂総第1号", "8坂総第2号", "8坂総第3号"]
    assert take(hall, "財政課").written == "8坂財第1号"


def test_a_unit_writes_under_the_symbol_of_its_section(hall):
    take(hall)
    assert take(hall, "行政管理班").written == "8坂総第2号"


def test_numbers_begin_anew_on_the_first_of_april(hall):
    take(hall)
    april = FixedClock(date(2027, 4, 1))
    assert take(hall, on=april.today(), clock=april).written == "9坂総第1号"


def test_what_failed_leaves_no_gap(hall):
    @verb("tests.write_letter", label="試しの文書")
    def write_letter(*, by: Person, fails: bool) -> DocumentNumber:
        number = take(hall)
        if fails:
            raise Refusal("文書が作れませんでした。")
        return number

    assert write_letter(by=SYSTEM, fails=False).number == 1
    with pytest.raises(Refusal):
        write_letter(by=SYSTEM, fails=True)
    assert write_letter(by=SYSTEM, fails=False).number == 2


@pytest.mark.parametrize("on", [TODAY + timedelta(days=1), date(2026, 3, 31), date(2026, 11, 1)])
def test_no_number_is_given_for_another_year_a_day_to_come_or_a_day_gone_by(hall, on):
    take(hall)
    with pytest.raises(Refusal) as refused:
        take(hall, on=on)
    assert refused.value.field == "on"
    assert NumberSeries.objects.get(symbol="総").last_number == 1


def test_a_section_without_symbol_gets_no_number_and_is_told_where_to_go(hall):
    with pytest.raises(Refusal, match="文書記号が登録されていません") as refused:
        take(hall, "産業課")
    assert "文書記号" in refused.value.hint
    assert not NumberSeries.objects.exists()


def test_residents_take_no_numbers(hall):
    resident = Person(id="r", name="町民", kind=PersonKind.RESIDENT)
    with pytest.raises(NotAllowed):
        issue_document_number(by=resident, section=hall.section("総務課"), on=TODAY, clock=CLOCK)


def test_a_void_number_stays_with_its_reason_and_is_never_given_again(hall):
    number = take(hall)
    clerk = acting(hall.staff["総務 主査"])
    with pytest.raises(Refusal) as refused:
        void_document_number(by=clerk, number=number, reason=" ", clock=CLOCK)
    assert refused.value.field == "reason"
    with pytest.raises(NotAllowed):
        void_document_number(by=acting(hall.staff["財政 主事"]), number=number, reason="x", clock=CLOCK)
    void_document_number(by=clerk, number=number, reason="施行前に取りやめた", clock=CLOCK)
    with pytest.raises(Refusal, match="すでに欠番"):
        void_document_number(by=clerk, number=number, reason="もう一度", clock=CLOCK)
    assert take(hall).number == 2
    assert [one.is_void for one in DocumentNumber.objects.order_by("number")] == [True, False]


@pytest.mark.database
def test_the_database_refuses_to_change_or_lose_a_number(hall):
    take(hall)
    for statement in ("UPDATE approval_documentnumber SET number = 7", "DELETE FROM approval_documentnumber"):
        with pytest.raises(DatabaseError), unaudited_writes("tests"), transaction.atomic():
            connection.cursor().execute(statement)
    assert DocumentNumber.objects.get().number == 1


def test_the_book_is_seen_by_the_section_and_by_who_keeps_it(hall):
    number = take(hall, "行政管理班")
    auditor = Person(id="a", name="監査", kind=PersonKind.STAFF, roles=frozenset({Role.AUDITOR}))
    for person in (acting(hall.staff["行政 主事"]), acting(hall.staff["総務 課長"]), auditor):
        assert get_number_for(person, number.public_id, on=TODAY) == number
    with pytest.raises(NotVisible):
        get_number_for(acting(hall.staff["財政 主事"]), number.public_id, on=TODAY)
    assert not numbers_visible_to(Person(id="r", name="", kind=PersonKind.RESIDENT), on=TODAY).exists()


def test_the_title_goes_with_the_document_and_the_number_stays(hall):
    ask(hall)
    subject = subject_of(hall)
    number = take(hall, about=subject, title="山田花子さんへの許可")
    assert number.titled.title == "山田花子さんへの許可"
    from yakuba.kernel.approval.api import withdraw_request
    from yakuba.kernel.approval.models import DecisionRequest

    withdraw_request(
        by=acting(hall.staff["行政 主事"]), request=DecisionRequest.objects.get(), reason="不要", clock=CLOCK
    )
    dispose_content(by=SYSTEM, subject=subject, clock=CLOCK)
    number = DocumentNumber.objects.get()
    assert not hasattr(number, "titled")
    assert number.about == subject


# ── symbols


def test_symbols_hold_from_a_day_and_old_numbers_keep_theirs(hall):
    take(hall)
    name_section_symbol(by=SYSTEM, section=hall.section("総務課"), symbol="庶", starts_on=date(2027, 4, 1))
    assert symbol_of(hall.section("総務課"), date(2027, 3, 31)) == "総"
    assert symbol_of(hall.section("行政管理班"), date(2027, 4, 1)) == "庶"
    with pytest.raises(Refusal) as refused:
        name_section_symbol(by=SYSTEM, section=hall.section("総務課"), symbol="務", starts_on=date(2026, 12, 1))
    assert refused.value.field == "starts_on"


def test_two_sections_never_write_under_one_symbol(hall):
    with pytest.raises(Refusal, match="総務課"):
        name_section_symbol(by=SYSTEM, section=hall.section("産業課"), symbol="総", starts_on=TODAY)
    with pytest.raises(NotAllowed):
        name_section_symbol(
            by=acting(hall.staff["産業 課長"]), section=hall.section("産業課"), symbol="産", starts_on=TODAY
        )


def test_the_successor_of_a_section_may_take_its_symbol(hall):
    april = date(2027, 4, 1)
    organisation.merge_sections(
        by=SYSTEM,
        sections=[hall.section("総務課"), hall.section("財政課")],
        into=NewSection("60", "総務財政課", "section", hall.mayor),
        on=april,
    )
    from yakuba.kernel.organisation.models import Section

    merged = Section.objects.get(code="60")
    name_section_symbol(by=SYSTEM, section=merged, symbol="総", starts_on=april)
    assert symbol_of(merged, april) == "総"


# ── many at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_numbers_taken_at_the_same_moment_have_no_gap_and_no_double():
    from yakuba.kernel.approval.tests.town_hall import open_hall

    hall = open_hall()

    def take_some(worker: int) -> list[int]:
        try:
            return [take(hall, ("総務課", "行政管理班")[worker % 2]).number for _ in range(6)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        taken = [number for some in pool.map(take_some, range(8)) for number in some]
    assert sorted(taken) == list(range(1, 49))
    assert NumberSeries.objects.get(symbol="総").last_number == 48
    assert DocumentNumber.objects.count() == 48


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_of_many_who_decide_at_the_same_moment_one_decides():
    from yakuba.kernel.approval.api import Outcome, decide
    from yakuba.kernel.approval.models import Decision
    from yakuba.kernel.approval.services.decide import AlreadyClosed
    from yakuba.kernel.approval.tests.town_hall import open_hall

    hall = open_hall()
    request = ask(hall)
    head, deputy = acting(hall.staff["総務 課長"]), acting(hall.staff["行政 班長"])

    def try_once(number: int) -> bool:
        try:
            decide(
                by=(head, deputy)[number % 2],
                request=request,
                outcome=(Outcome.APPROVED, Outcome.REFUSED, Outcome.RETURNED)[number % 3],
                comment="理由",
                clock=CLOCK,
                principal_is_absent=True,
            )
        except AlreadyClosed:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_once, range(16))) == 1
    assert Decision.objects.count() == 1
    request.refresh_from_db()
    assert request.state == Decision.objects.get().outcome


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_of_many_who_ask_at_the_same_moment_one_asks():
    from yakuba.kernel.approval.models import DecisionRequest
    from yakuba.kernel.approval.tests.town_hall import open_hall

    hall = open_hall()

    def try_once(_: int) -> bool:
        try:
            ask(hall)
        except Refusal:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_once, range(12))) == 1
    assert DecisionRequest.objects.count() == 1
