"""Acting for somebody else: what was asked counts only after the other side, or a clerk with the paper, agreed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import ProtectedError

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, PersonKind
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.people.access import get_for, visible_to
from yakuba.kernel.people.api import Party, mandates_for, read_mandate
from yakuba.kernel.people.models import Mandate
from yakuba.kernel.people.rules.mandates import MANDATE_STATES, MandateKind, MandateState
from yakuba.kernel.people.services import (
    accept_mandate,
    forget_old_records,
    refuse_mandate,
    request_mandate,
    revoke_mandate,
)
from yakuba.kernel.people.tests.persons import CLERK, CLOCK, HANAKO, IT, TARO, TODAY
from yakuba.kernel.values.api import FixedClock, Refusal, TransitionRefused

pytestmark = pytest.mark.django_db
STRANGER = Person(id="stranger00000000", name="他人", kind=PersonKind.RESIDENT)


def asked(by: Person = TARO, **changed: Any) -> Mandate:
    """Taro asks to act for Hanako."""
    given: dict[str, Any] = {
        "kind": MandateKind.LETTER,
        "principal": Party("渡邉　花子", account=HANAKO.id),
        "agent": Party("渡邉　太郎", account=TARO.id),
        "scope": ["tax-certificate"],
        "scope_words": "所得証明書の交付申請",
        "is_for_everything": False,
        "starts_on": TODAY,
        "last_day": TODAY + timedelta(days=90),
        "evidence_file": "",
        **changed,
    }
    return request_mandate(by=by, clock=CLOCK, **given)


def may_act(procedure: str = "tax-certificate", on: date = TODAY) -> bool:
    return bool(mandates_for(agent=TARO.id, procedure=procedure, on=on))


@pytest.mark.database
def test_the_principal_agrees_on_their_own_account() -> None:
    mandate = asked()
    assert not may_act(), "asking alone opens nothing"
    with pytest.raises(NotAllowed):
        accept_mandate(by=TARO, mandate=mandate, evidence_note="委任状", clock=CLOCK)
    kept = accept_mandate(by=HANAKO, mandate=mandate, evidence_note="", clock=CLOCK)
    assert (kept.state, kept.evidence_note) == ("in_force", "本人が画面で承認")
    assert may_act() and not may_act("other")
    assert not may_act(on=TODAY - timedelta(days=1))
    assert may_act(on=TODAY + timedelta(days=90)) and not may_act(on=TODAY + timedelta(days=91))
    assert not mandates_for(agent="", procedure="tax-certificate", on=TODAY)


def test_a_clerk_agrees_only_with_what_was_seen() -> None:
    mandate = asked(by=CLERK, principal=Party("見本　ウメ", address="塔寺1", born_on=date(1940, 1, 1)))
    with pytest.raises(Refusal, match="確かめたもの"):
        accept_mandate(by=CLERK, mandate=mandate, evidence_note=" ", clock=CLOCK)
    with pytest.raises(NotAllowed):
        accept_mandate(by=IT, mandate=mandate, evidence_note="委任状", clock=CLOCK)
    accept_mandate(by=CLERK, mandate=mandate, evidence_note="委任状（押印あり）と運転免許証", clock=CLOCK)
    assert may_act()


@pytest.mark.parametrize("by", [HANAKO, TARO, CLERK], ids=lambda one: one.name)
def test_either_side_ends_it_at_any_time(by: Person) -> None:
    mandate = accept_mandate(by=HANAKO, mandate=asked(), evidence_note="", clock=CLOCK)
    revoke_mandate(by=by, mandate=mandate, reason="申出", clock=CLOCK)
    assert not may_act()
    with pytest.raises(TransitionRefused):
        accept_mandate(by=HANAKO, mandate=mandate, evidence_note="", clock=CLOCK)


def test_a_legal_representative_is_not_sent_away_on_a_screen() -> None:
    mandate = asked(kind=MandateKind.GUARDIAN, is_for_everything=True, scope=[], last_day=None)
    accept_mandate(by=CLERK, mandate=mandate, evidence_note="登記事項証明書", clock=CLOCK)
    assert may_act("anything", on=TODAY + timedelta(days=4000))
    with pytest.raises(Refusal, match="法律による代理"):
        revoke_mandate(by=HANAKO, mandate=mandate, reason="", clock=CLOCK)
    revoke_mandate(by=CLERK, mandate=mandate, reason="後見の終了", clock=CLOCK)
    assert not may_act("anything")


def test_strangers_neither_ask_nor_see_nor_end() -> None:
    with pytest.raises(NotAllowed):
        asked(by=STRANGER)
    mandate = asked()
    assert not visible_to(STRANGER).exists() and not visible_to(CLERK).exists()
    assert visible_to(HANAKO).get() == visible_to(TARO).get() == mandate
    with pytest.raises(NotVisible):
        get_for(STRANGER, mandate.public_id)
    for act in (
        lambda: accept_mandate(by=STRANGER, mandate=mandate, evidence_note="x", clock=CLOCK),
        lambda: refuse_mandate(by=STRANGER, mandate=mandate, reason="x", clock=CLOCK),
        lambda: revoke_mandate(by=STRANGER, mandate=mandate, reason="x", clock=CLOCK),
        lambda: read_mandate(by=STRANGER, public_id=mandate.public_id),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_clerk_who_reads_a_mandate_is_logged_for_both_sides() -> None:
    mandate = asked()
    assert read_mandate(by=CLERK, public_id=mandate.public_id) == mandate
    event = AuditEvent.objects.get(verb="people.read_mandate")
    assert {f"identity.account:{HANAKO.id}", f"identity.account:{TARO.id}"} <= set(event.subjects)


@pytest.mark.parametrize(
    "changed",
    [
        {"agent": Party("渡邉　花子", account=HANAKO.id), "by": HANAKO},
        {"agent": Party(" ", account=TARO.id)},
        {"scope": []},
        {"last_day": None},
        {"last_day": TODAY.replace(year=2027) + timedelta(days=1)},
        {"last_day": TODAY - timedelta(days=1)},
        {"agent": Party("太郎\nBcc: x", account=TARO.id)},
    ],
)
def test_what_cannot_be_a_mandate_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        asked(**changed)


def test_the_table_of_states_ends_in_refused_and_revoked() -> None:
    assert MANDATE_STATES.final == {MandateState.REFUSED, MandateState.REVOKED}


def test_a_mandate_something_rests_on_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    free, needed = asked(), asked()
    for mandate in (free, needed):
        refuse_mandate(by=HANAKO, mandate=mandate, reason="", clock=CLOCK)
    plain_delete = Mandate.delete

    def delete(self: Mandate, *args: Any, **kwargs: Any) -> Any:
        if self.pk == needed.pk:
            raise ProtectedError("a case rests on it", {self})
        return plain_delete(self, *args, **kwargs)

    monkeypatch.setattr(Mandate, "delete", delete)
    assert forget_old_records(by=CLERK, clock=FixedClock(TODAY + timedelta(days=5 * 366))) == 1
    assert Mandate.objects.get() == needed
