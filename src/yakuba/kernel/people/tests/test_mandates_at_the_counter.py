"""A clerk with the paper in hand registers who acts for whom, finds it again by a name, and nobody else does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.people.api import (
    Party,
    find_mandates,
    is_about,
    mandates_for,
    mandates_registered_by,
    read_mandate,
    register_mandate,
    revoke_mandate,
)
from yakuba.kernel.people.models import Mandate
from yakuba.kernel.people.queries import MOST_FOUND
from yakuba.kernel.people.rules.mandates import MandateKind, checked_period, last_day_as_minor
from yakuba.kernel.people.tests.persons import AUDITOR, CLERK, CLOCK, HANAKO, IT, SECRETARIAT, TARO, TODAY, protected
from yakuba.kernel.values.api import FixedClock, Refusal, start_of_day

pytestmark = pytest.mark.usefixtures("addresses")
NAME = "渡邉\U000e0100　花子"


@pytest.fixture(scope="module")
def addresses() -> None:
    """The addresses of the house are read before the first verb is timed, as in every process that serves pages."""
    reverse("resident-mandates")


def registered(by: Person = CLERK, **changed: Any) -> Mandate:
    given: dict[str, Any] = {
        "kind": MandateKind.LETTER,
        "principal": Party(NAME, born_on=date(1980, 5, 1), address="会津坂下町字見本1"),
        "agent": Party("髙橋　太郎", account=TARO.id, address="会津坂下町字見本2"),
        "scope": ["tax-certificate"],
        "scope_words": "所得証明書の交付申請",
        "is_for_everything": False,
        "starts_on": TODAY,
        "last_day": TODAY + timedelta(days=90),
        "evidence_note": "委任状の原本と運転免許証",
        "clock": CLOCK,
        **changed,
    }
    return register_mandate(by=by, **given)


@pytest.mark.django_db
class TestRegistering:
    def test_it_is_in_force_at_once_and_says_what_was_seen(self) -> None:
        mandate = registered()
        assert (mandate.state, mandate.evidence_note) == ("in_force", "委任状の原本と運転免許証")
        assert mandate.principal_address == "会津坂下町字見本1"
        assert mandates_for(agent=TARO.id, procedure="tax-certificate", on=TODAY) == [mandate]
        verbs = set(AuditEvent.objects.values_list("verb", flat=True))
        assert {"people.register_mandate", "people.request_mandate", "people.accept_mandate"} <= verbs

    def test_pressed_twice_it_is_the_same_mandate(self) -> None:
        mandate = registered()
        assert registered() == mandate and Mandate.objects.count() == 1
        again = registered(scope=["other"])
        assert again != mandate, "another scope is another mandate"
        revoke_mandate(by=CLERK, mandate=again, reason="誤り", clock=CLOCK)
        assert registered(scope=["other"]).state == "in_force", "what was revoked can be registered anew"

    @pytest.mark.parametrize("by", [HANAKO, TARO, IT, SECRETARIAT, AUDITOR], ids=lambda one: one.name)
    def test_nobody_else_registers(self, by: Person) -> None:
        with pytest.raises(NotAllowed):
            registered(by=by)
        assert not Mandate.objects.exists()

    @pytest.mark.parametrize(
        "changed",
        [
            {"evidence_note": " "},
            {"agent": Party("髙橋　太郎")},
            {"scope": []},
            {"last_day": None},
            {"principal": Party("髙橋　太郎", account=TARO.id)},
        ],
    )
    def test_what_is_missing_refuses_the_whole(self, changed: dict[str, Any]) -> None:
        with pytest.raises(Refusal):
            registered(**changed)
        assert not Mandate.objects.exists(), "asked but not accepted would wait for nobody"

    def test_of_protected_people_no_place_is_kept_on_either_side(self) -> None:
        protected(name=NAME, born_on=date(1980, 5, 1))
        mandate = registered()
        assert (mandate.principal_address, mandate.agent_address) == ("", "")
        assert mandate.principal_name == NAME


@pytest.mark.django_db
class TestFinding:
    def test_by_either_name_in_any_writing_and_logged_for_both(self) -> None:
        mandate = registered(principal=Party(NAME, account=HANAKO.id))
        for name in ("渡辺花子", "渡邊 花子", "花子", "高橋", "髙橋　太郎"):
            assert find_mandates(by=CLERK, name=name).mandates == (mandate,), name
        seen = AuditEvent.objects.filter(verb="people.find_mandates")
        assert seen.count() == 5
        subjects = {
            f"people.mandate:{mandate.public_id}",
            f"identity.account:{HANAKO.id}",
            f"identity.account:{TARO.id}",
        }
        assert set(seen[0].subjects) == subjects
        assert find_mandates(by=CLERK, name="佐藤").mandates == ()

    @pytest.mark.parametrize("name", ["", " 　", "花", "・花・"])
    def test_there_is_no_list_of_everybody(self, name: str) -> None:
        registered()
        with pytest.raises(Refusal, match="短すぎます"):
            find_mandates(by=CLERK, name=name)

    def test_at_most_so_many_and_it_says_that_there_are_more(self) -> None:
        for number in range(MOST_FOUND + 1):
            last = registered(principal=Party(f"見本{number}　花子"))
        found = find_mandates(by=CLERK, name="花子")
        assert len(found.mandates) == MOST_FOUND and found.is_cut
        assert found.mandates[0] == last, "the newest first"

    def test_what_one_registered_today_is_at_hand(self) -> None:
        mandate = registered()
        since = start_of_day(TODAY)
        assert mandates_registered_by(by=CLERK, since=since) == [mandate]
        other = Person(id="other", name="別", kind=CLERK.kind, roles=CLERK.roles)
        assert mandates_registered_by(by=other, since=since) == []
        assert mandates_registered_by(by=CLERK, since=start_of_day(TODAY + timedelta(days=1))) == []

    @pytest.mark.parametrize("by", [HANAKO, IT, SECRETARIAT, AUDITOR], ids=lambda one: one.name)
    def test_nobody_else_finds_or_reads(self, by: Person) -> None:
        mandate = registered()
        for ask in (
            lambda: find_mandates(by=by, name="花子"),
            lambda: mandates_registered_by(by=by, since=start_of_day(TODAY)),
            lambda: read_mandate(by=by, public_id=mandate.public_id),
        ):
            with pytest.raises(NotAllowed):
                ask()

    def test_what_is_revoked_is_still_found(self) -> None:
        mandate = registered()
        revoke_mandate(by=CLERK, mandate=mandate, reason="本人の申出", clock=FixedClock(TODAY))
        assert find_mandates(by=CLERK, name="花子").mandates[0].state == "revoked"


class TestChildren:
    @pytest.mark.parametrize(
        ("born", "last"),
        [
            (date(2010, 5, 1), date(2028, 4, 30)),
            (date(2008, 2, 29), date(2026, 2, 28)),
            (date(2010, 1, 1), date(2027, 12, 31)),
        ],
    )
    def test_a_parent_acts_until_the_child_comes_of_age(self, born: date, last: date) -> None:
        assert last_day_as_minor(born) == last
        start = last - timedelta(days=30)
        period = checked_period(MandateKind.PARENT, start, None, principal_born_on=born)
        assert period.last_day == last
        with pytest.raises(Refusal, match="成年になる前の日"):
            checked_period(MandateKind.PARENT, start, last + timedelta(days=1), principal_born_on=born)
        with pytest.raises(Refusal, match="成年になるため"):
            checked_period(MandateKind.PARENT, last + timedelta(days=1), None, principal_born_on=born)

    def test_an_earlier_end_stays(self) -> None:
        end = date(2027, 3, 31)
        assert checked_period(MandateKind.PARENT, TODAY, end, principal_born_on=date(2015, 5, 1)).last_day == end


@pytest.mark.parametrize(
    ("name", "born", "expected"),
    [
        ("渡辺 花子", None, True),
        ("渡邊花子", date(1980, 5, 1), True),
        ("渡辺 花子", date(1980, 5, 2), False),
        ("渡辺 華子", date(1980, 5, 1), False),
        ("", None, False),
    ],
)
def test_a_mandate_is_about_one_person(name: str, born: date | None, expected: bool) -> None:
    assert is_about(principal_name=NAME, principal_born_on=date(1980, 5, 1), name=name, born_on=born) is expected
    if born is not None and not name.startswith("渡辺 花子"):
        assert is_about(principal_name=NAME, principal_born_on=None, name=name, born_on=born) is expected
