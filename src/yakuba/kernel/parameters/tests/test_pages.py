"""The page of a dated value: a decision that is refused keeps the reason that was typed."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from yakuba.kernel.access.api import Person, PersonKind, Role
from yakuba.kernel.identity.tests.people import a_staff_account, sign_in
from yakuba.kernel.parameters.api import approve_value, propose_value
from yakuba.kernel.parameters.models import ParameterValue
from yakuba.kernel.values.api import SystemClock

pytestmark = pytest.mark.django_db
CLOCK = SystemClock()
KEY = "kpi.small_count"
#: A number of the form of a My Number, made up: 11 digits and their check digit.
MY_NUMBER = "123456789018"


@pytest.fixture
def proposed() -> ParameterValue:
    clerk = Person(id="c" * 16, name="提案 一", kind=PersonKind.STAFF, roles=frozenset({Role.SECTION_HEAD}))
    return propose_value(by=clerk, key=KEY, written="7", valid_from=date(2027, 4, 1), source="要綱第3条", clock=CLOCK)


@pytest.fixture
def decider(client: Client) -> Client:
    sign_in(client, a_staff_account("8001", roles=(Role.SECRETARIAT,)))
    return client


def decide(client: Client, value: ParameterValue, **sent: str):
    return client.post(reverse("parameter-decide", args=[value.public_id]), sent)


def test_a_my_number_in_the_reason_is_refused_and_the_reason_is_kept(decider, proposed):
    typed = f"番号 {MY_NUMBER} の方の件と合わない"
    answer = decide(decider, proposed, decision="reject", reason=typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "個人番号" in page
    assert f'value="{typed}"' in page
    proposed.refresh_from_db()
    assert proposed.state == "proposed"


def test_a_missing_reason_is_said_on_the_same_page(decider, proposed):
    answer = decide(decider, proposed, decision="reject", reason=" ")
    assert answer.status_code == 422
    assert "理由" in answer.content.decode()


def test_a_reason_for_what_somebody_decided_meanwhile_is_not_lost(decider, proposed):
    other = Person(id="o" * 16, name="別 人", kind=PersonKind.STAFF, roles=frozenset({Role.MAYOR}))
    approve_value(by=other, value=proposed, clock=CLOCK)
    answer = decide(decider, proposed, decision="reject", reason="長い理由を書いた")
    assert answer.status_code == 422
    assert "長い理由を書いた" in answer.content.decode()
    proposed.refresh_from_db()
    assert proposed.state == "approved"


def test_a_decision_goes_on_to_the_page_of_the_value(decider, proposed):
    answer = decide(decider, proposed, decision="reject", reason="根拠の条が違う")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("parameter", args=[KEY])
    assert "根拠の条が違う" in decider.get(answer["Location"]).content.decode()


def test_a_proposal_that_is_refused_keeps_what_was_typed(decider):
    answer = decider.post(
        reverse("parameter", args=[KEY]), {"written": "たくさん", "valid_from": "R9.4.1", "source": "要綱"}
    )
    assert answer.status_code == 422
    assert 'value="たくさん"' in answer.content.decode()
