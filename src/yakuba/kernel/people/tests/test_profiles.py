"""A resident enters their own particulars: exactly as typed, never somebody else's, and they certify nothing."""

from __future__ import annotations

from datetime import date

import pytest

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.people.api import profile_of, profiles_of, read_profile
from yakuba.kernel.people.models import ResidentProfile
from yakuba.kernel.people.rules.profiles import NoticePreference, address_parts, checked_profile
from yakuba.kernel.people.services import forget_profile, save_profile
from yakuba.kernel.people.services.save_profile import ChangedMeanwhile
from yakuba.kernel.people.tests.persons import CLERK, CLOCK, HANAKO, IT, KEEPER, TARO, TODAY, entry
from yakuba.kernel.values.api import Refusal


def test_names_stay_as_typed_and_everything_else_gets_its_one_form() -> None:
    kept = checked_profile(entry(), today=TODAY)
    assert kept.name == "渡邉\U000e0100　花子"
    assert (kept.family_reading, kept.given_reading) == ("ワタナベ", "ハナコ")
    assert (kept.postal_code, kept.phone) == ("9696547", "0242-84-1503")
    assert kept.address == "福島県河沼郡会津坂下町字見本1番地　見本荘101号"


def test_somebody_with_one_name_only_has_one_name() -> None:
    assert checked_profile(entry(family_name="SUHARTO", given_name=""), today=TODAY).name == "SUHARTO"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"family_name": ""}, "family_name"),
        ({"family_name": "  "}, "family_name"),
        ({"family_name": "あ" * 61}, "family_name"),
        ({"family_name": "山田\r\nBcc: all@example.jp"}, "family_name"),
        ({"given_name": "花\x00子"}, "given_name"),
        ({"street": "字見本\n1番地"}, "street"),
        ({"family_reading": "渡邉"}, "family_reading"),
        ({"born_on": date(2026, 11, 24)}, "born_on"),
        ({"born_on": date(1899, 12, 31)}, "born_on"),
        ({"postal_code": "969-654"}, "postal_code"),
        ({"phone": "なし"}, "phone"),
        ({"preference": NoticePreference.POST, "street": ""}, "street"),
        ({"preference": NoticePreference.POST, "postal_code": ""}, "postal_code"),
    ],
)
def test_what_is_wrong_is_named_with_its_field(changed: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_profile(entry(**changed), today=TODAY)
    assert refused.value.field == field and refused.value.hint


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("福島県見本町字一1番地　見本荘101号", ("福島県見本町字一1番地", "見本荘101号")),
        ("福島県見本町字一1番地", ("福島県見本町字一1番地", "")),
        (" 福島県 見本荘 2階 ", ("福島県", "見本荘　2階")),
    ],
)
def test_an_address_breaks_at_its_first_space(written: str, lines: tuple[str, str]) -> None:
    assert address_parts(written) == lines


@pytest.mark.django_db
@pytest.mark.database
def test_a_profile_is_entered_changed_and_forgotten() -> None:
    first = save_profile(by=HANAKO, entry=entry(), version=0, clock=CLOCK)
    assert (first.version, profile_of(HANAKO.id)) == (1, checked_profile(entry(), today=TODAY))
    second = save_profile(by=HANAKO, entry=entry(street="字見本2番地"), version=1, clock=CLOCK)
    assert (second.version, second.street, ResidentProfile.objects.count()) == (2, "字見本2番地", 1)
    assert profiles_of([HANAKO.id, TARO.id]).keys() == {HANAKO.id}
    assert forget_profile(by=HANAKO, account=HANAKO.id) == 1
    assert profile_of(HANAKO.id) is None


@pytest.mark.django_db
def test_two_windows_do_not_overwrite_each_other() -> None:
    save_profile(by=HANAKO, entry=entry(), version=0, clock=CLOCK)
    for stale in (0, 2):
        with pytest.raises(ChangedMeanwhile):
            save_profile(by=HANAKO, entry=entry(street="別"), version=stale, clock=CLOCK)
    assert ResidentProfile.objects.get().street == "字見本1番地"


@pytest.mark.django_db
@pytest.mark.parametrize("stranger", [CLERK, IT, KEEPER], ids=lambda one: one.name)
def test_staff_never_enter_a_profile(stranger: Person) -> None:
    with pytest.raises(NotAllowed):
        save_profile(by=stranger, entry=entry(), version=0, clock=CLOCK)


@pytest.mark.django_db
def test_staff_who_read_a_profile_are_logged_and_residents_may_not() -> None:
    save_profile(by=HANAKO, entry=entry(), version=0, clock=CLOCK)
    assert read_profile(by=CLERK, account=HANAKO.id) is not None
    event = AuditEvent.objects.get(verb="people.read_profile")
    assert event.subjects == [f"identity.account:{HANAKO.id}"] and "渡" not in repr(event.subjects) + event.digest
    with pytest.raises(NotAllowed):
        read_profile(by=TARO, account=HANAKO.id)
