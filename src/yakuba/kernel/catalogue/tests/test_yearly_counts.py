"""Counts of a year by hand and from the system, and the table as it is published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from yakuba.kernel.access.api import NotAllowed, Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.catalogue import services
from yakuba.kernel.catalogue.models import YearlyCount, YearlyPublication
from yakuba.kernel.catalogue.queries import yearly
from yakuba.kernel.catalogue.queries.yearly import register_case_counter, table_of
from yakuba.kernel.catalogue.rules.kinds import ChannelKind
from yakuba.kernel.catalogue.tests.arranged import CLOCK, SECRETARY, brought_in, staff
from yakuba.kernel.values.api import FiscalYear, Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]

YEAR = FiscalYear(2025)


@pytest.fixture(autouse=True)
def own_counters(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(yearly, "_counters", {})
    yield


def entered(
    count: int | None, *, key: str = "dog-registration", seen: int = 0, kind: ChannelKind = ChannelKind.COUNTER
) -> object:
    return services.enter_yearly_count(
        by=SECRETARY,
        procedure=brought_in(key),
        year=YEAR,
        kind=kind,
        count=count,
        source="犬の台帳",
        seen_edition=seen,
        clock=CLOCK,
    )


def test_counts_by_hand_and_from_the_system_stand_in_one_table() -> None:
    entered(30)
    register_case_counter(lambda year: {("dog-registration", ChannelKind.YAKUBA_FORM): 10} if year == YEAR else {})
    (row,) = table_of(YEAR).rows
    assert (row.total, row.online, row.share) == (40, 10, Decimal("25.0"))
    assert table_of(FiscalYear(2024)).rows == ()


def test_a_counter_registers_once() -> None:
    def counter(year: FiscalYear) -> dict[tuple[str, ChannelKind], int]:
        return {("dog-registration", ChannelKind.YAKUBA_FORM): 7}

    brought_in()
    register_case_counter(counter)
    register_case_counter(counter)
    assert table_of(YEAR).total == 7


def test_a_count_is_corrected_by_who_saw_it_and_taken_away_by_an_empty_one() -> None:
    entered(30)
    with pytest.raises(Refusal, match="今は30件"):
        entered(31)
    entered(31, seen=1)
    assert YearlyCount.objects.get().count == 31
    entered(None, seen=2)
    assert not YearlyCount.objects.exists()


@pytest.mark.parametrize("count", [-1, 10_000_001])
def test_impossible_counts_are_refused(count: int) -> None:
    with pytest.raises(Refusal, match="0以上"):
        entered(count)


def test_a_year_is_published_after_its_end_and_few_cases_are_hidden() -> None:
    entered(3)
    entered(200, key="moving-out")
    with pytest.raises(Refusal, match="終わっていない"):
        services.publish_year(by=SECRETARY, year=FiscalYear(2026), note="", clock=CLOCK)
    published = services.publish_year(by=SECRETARY, year=YEAR, note="", clock=CLOCK)
    rows = {row["title"]: row for row in published.table["rows"]}
    assert rows["犬の登録申請"] == {"number": 72, "title": "犬の登録申請", "hidden_below": 5}
    assert rows["転出届"]["total"] == 200
    assert published.table["total"] == 203


def test_a_corrected_table_is_a_new_edition_and_the_old_one_stays() -> None:
    entered(300)
    services.publish_year(by=SECRETARY, year=YEAR, note="", clock=CLOCK)
    with pytest.raises(Refusal, match="同じ内容"):
        services.publish_year(by=SECRETARY, year=YEAR, note="", clock=CLOCK)
    entered(310, seen=1)
    services.publish_year(by=SECRETARY, year=YEAR, note="数え漏れ", clock=CLOCK)
    assert list(YearlyPublication.objects.values_list("number", flat=True)) == [2, 1]
    with unaudited_writes("test"), pytest.raises(DatabaseError), transaction.atomic():
        YearlyPublication.objects.update(published_on=date(2020, 1, 1))


def test_only_the_secretariat_publishes() -> None:
    entered(10)
    with pytest.raises(NotAllowed):
        services.publish_year(by=staff("担当", Role.CLERK), year=YEAR, note="", clock=CLOCK)
