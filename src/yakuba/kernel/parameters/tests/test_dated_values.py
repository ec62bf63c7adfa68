"""Dated values hold from their day on, and change by two persons."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind, Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.parameters import registry
from yakuba.kernel.parameters.api import (
    Parameter,
    ValueKind,
    approve_value,
    held_on,
    parameter,
    propose_value,
    reject_value,
    value_on,
    whole_on,
)
from yakuba.kernel.parameters.models import ParameterValue
from yakuba.kernel.values.api import FixedClock, Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CLOCK = FixedClock(date(2026, 11, 23))
CLERK = Person(id="c" * 16, name="見本 一", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF}))
HEAD = Person(id="h" * 16, name="見本 二", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.SECTION_HEAD}))
OTHER = Person(id="s" * 16, name="見本 三", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.SECRETARIAT}))
FEE = Parameter("tests.fee", "手数料", "一通の手数料", ValueKind.YEN, "円", 300, "標準", least=0, most=10_000)
RATE = Parameter("tests.rate", "率", "割増の率", ValueKind.RATE, "倍", Decimal("1.25"), "標準")


@pytest.fixture(autouse=True)
def own_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_parameters", {})
    parameter(FEE)
    parameter(RATE)


def change(key: str, written: str, day: date, by: Person = HEAD, approver: Person = OTHER) -> ParameterValue:
    proposed = propose_value(by=by, key=key, written=written, valid_from=day, source="条例第3条", clock=CLOCK)
    return approve_value(by=approver, value=proposed, clock=CLOCK)


def test_the_standard_holds_until_the_town_decides() -> None:
    held = held_on("tests.fee", date(2026, 4, 1))
    assert (held.value, held.since, held.source) == (300, None, "標準")


def test_a_value_holds_from_its_day_on_and_not_before() -> None:
    change("tests.fee", "350", date(2027, 4, 1))
    change("tests.fee", "４００円".removesuffix("円"), date(2028, 4, 1))
    days = [date(2027, 3, 31), date(2027, 4, 1), date(2028, 3, 31), date(2028, 4, 1)]
    assert [whole_on("tests.fee", day) for day in days] == [300, 350, 350, 400]


def test_a_correction_of_the_same_day_wins_and_the_first_stays() -> None:
    change("tests.fee", "350", date(2027, 4, 1))
    change("tests.fee", "360", date(2027, 4, 1))
    assert value_on("tests.fee", date(2027, 5, 1)) == 360
    assert ParameterValue.objects.count() == 2


def test_rates_are_exact() -> None:
    change("tests.rate", "1.35", date(2027, 4, 1))
    assert value_on("tests.rate", date(2027, 4, 1)) == Decimal("1.35")


def test_a_proposal_alone_changes_nothing_and_a_rejected_one_never_will() -> None:
    proposed = propose_value(
        by=HEAD, key="tests.fee", written="350", valid_from=date(2026, 1, 1), source="条例", clock=CLOCK
    )
    assert value_on("tests.fee", date(2026, 11, 1)) == 300
    reject_value(by=OTHER, value=proposed, reason="条例の番号が違う", clock=CLOCK)
    assert value_on("tests.fee", date(2026, 11, 1)) == 300
    with pytest.raises(Refusal, match="差し戻し"):
        approve_value(by=OTHER, value=proposed, clock=CLOCK)


def test_nobody_decides_an_own_proposal_not_even_in_the_database() -> None:
    with pytest.raises(Refusal, match="自分が提案した"):
        change("tests.fee", "350", date(2027, 4, 1), by=HEAD, approver=HEAD)
    proposed = propose_value(
        by=HEAD, key="tests.fee", written="350", valid_from=date(2027, 4, 1), source="条例", clock=CLOCK
    )
    with unaudited_writes("test"), pytest.raises(IntegrityError), transaction.atomic():
        ParameterValue.objects.filter(pk=proposed.pk).update(state="approved", decided_by=HEAD.id)


def test_who_may_not_is_told_who_may() -> None:
    with pytest.raises(NotAllowed, match="所属長"):
        change("tests.fee", "350", date(2027, 4, 1), by=CLERK)


@pytest.mark.parametrize("written", ["", "たくさん", "3.5", "-1", "10001", "NaN", "Infinity", "1e400", "9" * 300])
def test_unreadable_values_are_refused_by_name(written: str) -> None:
    with pytest.raises(Refusal) as refused:
        change("tests.fee", written, date(2027, 4, 1))
    assert refused.value.field == "value"


def test_a_value_without_its_ground_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        propose_value(by=HEAD, key="tests.fee", written="350", valid_from=date(2027, 4, 1), source=" ", clock=CLOCK)
    assert refused.value.field == "source"


def test_two_declarations_of_one_key_are_a_fault() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        parameter(Parameter("tests.fee", "別", "別", ValueKind.YEN, "円", 1, "別"))
