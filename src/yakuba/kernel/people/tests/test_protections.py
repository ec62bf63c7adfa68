"""Who is protected is recognised by anything known of them, and readable by nobody but those appointed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import override_settings

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.people.access import get_protection_for, protections_visible_to
from yakuba.kernel.people.api import Known, is_protected, protected_among, protected_refs
from yakuba.kernel.people.models import Protection, ProtectionToken
from yakuba.kernel.people.rules.protections import (
    Ground,
    checked_extension,
    checked_protection,
    longest_last_day,
)
from yakuba.kernel.people.sealing import Unsealable
from yakuba.kernel.people.services import end_protection, extend_protection, forget_old_records, save_profile
from yakuba.kernel.people.services.protect import protect
from yakuba.kernel.people.tests.persons import (
    AUDITOR,
    CLERK,
    CLOCK,
    HANAKO,
    IT,
    KEEPER,
    SECRETARIAT,
    TARO,
    TODAY,
    entry,
    protected,
)
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import FixedClock, Period, Refusal

BIRTH = date(1980, 5, 1)


@pytest.mark.parametrize(
    ("starts_on", "last_day"),
    [
        (date(2026, 4, 1), date(2027, 3, 31)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_a_protection_lasts_a_year(starts_on: date, last_day: date) -> None:
    assert longest_last_day(starts_on) == last_day
    assert checked_protection(starts_on, last_day).last_day == last_day
    with pytest.raises(Refusal, match="1年まで"):
        checked_protection(starts_on, last_day + timedelta(days=1))


def test_it_is_extended_within_the_last_month_by_a_year_at_most() -> None:
    current = Period(date(2026, 1, 1), date(2027, 1, 1))
    longer = checked_extension(current, date(2027, 12, 31), today=date(2026, 12, 1))
    assert (longer.start, longer.last_day) == (date(2026, 1, 1), date(2027, 12, 31))
    for last_day, today in (
        (date(2027, 12, 31), date(2026, 11, 30)),
        (date(2027, 12, 31), date(2027, 1, 1)),
        (date(2028, 1, 1), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2026, 12, 1)),
    ):
        with pytest.raises(Refusal):
            checked_extension(current, last_day, today=today)


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize(
    ("known", "is_known"),
    [
        ({"account": "accountofhanako0"}, True),
        ({"number": "M0000003"}, True),
        ({"name": "渡辺花子", "born_on": BIRTH}, True),
        ({"name": "渡邊 花子", "born_on": BIRTH}, True),
        ({"name": "渡辺花子"}, True),
        ({"name": "渡辺花子", "born_on": date(1980, 5, 2)}, False),
        ({"name": "渡辺花", "born_on": BIRTH}, False),
        ({"number": "M000000"}, False),
        ({"account": "another000000000"}, False),
        ({"account": "another000000000", "number": "M0000003"}, True),
        ({}, False),
    ],
)
def test_anything_known_recognises_the_person(known: dict[str, object], is_known: bool) -> None:
    protected(account="accountofhanako0", number="M0000003")
    assert is_protected(**known, on=TODAY) is is_known


@pytest.mark.django_db
def test_without_a_birth_every_namesake_is_treated_with_care() -> None:
    protected(born_on=None)
    assert is_protected(name="渡辺花子", born_on=date(1999, 1, 1), on=TODAY)


@pytest.mark.django_db
@pytest.mark.database
def test_an_account_is_recognised_by_what_its_owner_entered() -> None:
    save_profile(by=HANAKO, entry=entry(), version=0, clock=CLOCK)
    assert not is_protected(account=HANAKO.id, on=TODAY)
    protected()
    assert is_protected(account=HANAKO.id, on=TODAY)
    assert protected_refs(on=TODAY) == {Ref("identity.account", HANAKO.id)}
    save_profile(by=TARO, entry=entry(given_name="太郎"), version=0, clock=CLOCK)
    asked = [Known(account=TARO.id), Known(account=HANAKO.id), Known(name="渡邉花子", born_on=BIRTH)]
    assert protected_among(asked, on=TODAY) == [False, True, True]


@pytest.mark.django_db
def test_it_holds_from_its_first_through_its_last_day() -> None:
    protected(number="M1", starts_on=TODAY, last_day=TODAY + timedelta(days=10))
    for days, holds in ((-1, False), (0, True), (10, True), (11, False)):
        day = TODAY + timedelta(days=days)
        assert is_protected(number="M1", on=day) is holds
        assert (Ref("people.register", "M1") in protected_refs(on=day)) is holds


@pytest.mark.django_db
def test_many_are_asked_for_with_few_queries(django_assert_max_num_queries) -> None:
    protected(number="M7")
    with django_assert_max_num_queries(8):
        answer = protected_among([Known(number=f"M{n}", name=f"見本{n}", born_on=BIRTH) for n in range(500)], on=TODAY)
    assert [place for place, one in enumerate(answer) if one] == [7]


@pytest.mark.django_db
@pytest.mark.parametrize("stranger", [CLERK, IT, SECRETARIAT, AUDITOR, HANAKO], ids=lambda one: one.name)
def test_nobody_but_the_appointed_sees_or_sets_protections(stranger: Person) -> None:
    made = protected()
    assert not protections_visible_to(stranger).exists()
    with pytest.raises(NotVisible):
        get_protection_for(stranger, made.public_id)
    with pytest.raises(NotAllowed):
        protect(
            by=stranger, name="見本", born_on=None, account="", number="", ground=Ground.CHILD, note="",
            starts_on=TODAY, last_day=TODAY, clock=CLOCK,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        end_protection(by=stranger, protection=made, last_day=TODAY, reason="x", clock=CLOCK)
    with pytest.raises(NotAllowed):
        extend_protection(by=stranger, protection=made, last_day=TODAY, clock=CLOCK)
    assert get_protection_for(KEEPER, made.public_id) == made


@pytest.mark.django_db
def test_neither_the_tables_nor_the_log_name_anybody() -> None:
    protected(account="accountofhanako0", number="M0000003", note="見本の事情")
    stored = ""
    with connection.cursor() as cursor:
        for table in ("people_protection", "people_protectiontoken", "audit_auditevent", "audit_auditsubject"):
            cursor.execute(f"SELECT * FROM {table}")
            stored += repr(cursor.fetchall())
    for secret in ("花子", "渡", "accountofhanako0", "M0000003", "事情", "violence", "1980"):
        assert secret not in stored
    content = Protection.objects.get().content
    assert (content["name"], content["note"], content["ground"]) == ("渡邉\U000e0100　花子", "見本の事情", "violence")
    assert AuditEvent.objects.filter(verb="people.protect").exists()


@pytest.mark.django_db
def test_a_new_key_above_the_old_one_opens_and_recognises_as_before(settings) -> None:
    protected(number="M3")
    old = settings.YAKUBA_PERSONAL_KEYS
    with override_settings(YAKUBA_PERSONAL_KEYS=[b"a new key", *old]):
        assert Protection.objects.get().content["number"] == "M3" and is_protected(number="M3", on=TODAY)
    with override_settings(YAKUBA_PERSONAL_KEYS=[b"a new key"]), pytest.raises(Unsealable, match=r"personal\.key"):
        Protection.objects.get().content  # noqa: B018


@pytest.mark.django_db
def test_it_is_ended_with_a_reason_and_not_backwards() -> None:
    made = protected(number="M3")
    for refused in (
        {"last_day": TODAY, "reason": " "},
        {"last_day": TODAY - timedelta(days=1), "reason": "申出"},
        {"last_day": TODAY + timedelta(days=101), "reason": "申出"},
    ):
        with pytest.raises(Refusal):
            end_protection(by=KEEPER, protection=made, clock=CLOCK, **refused)
    ended = end_protection(by=KEEPER, protection=made, last_day=TODAY, reason="本人の申出", clock=CLOCK)
    assert is_protected(number="M3", on=TODAY)
    assert not is_protected(number="M3", on=TODAY + timedelta(days=1))
    assert ended.content["ended_because"] == "本人の申出"
    with pytest.raises(Refusal, match="終わっています"):
        end_protection(
            by=KEEPER, protection=made, last_day=TODAY + timedelta(days=1), reason="x",
            clock=FixedClock(TODAY + timedelta(days=1)),
        )  # fmt: skip


@pytest.mark.django_db
def test_what_ended_five_years_ago_is_forgotten() -> None:
    protected(number="M3")
    later = FixedClock(date(2032, 3, 4))
    assert forget_old_records(by=KEEPER, clock=FixedClock(date(2032, 3, 3))) == 0
    assert forget_old_records(by=KEEPER, clock=later) == 1
    assert not ProtectionToken.objects.exists()
