"""Somebody applies for another person: with a letter of attorney, or on a mandate the town has registered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.models import Case, CaseParty
from yakuba.kernel.forms.models import Filling
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.tests.people import a_resident_account, sign_in
from yakuba.kernel.people.models import Mandate
from yakuba.residents.procedures.tests.counter import start_of
from yakuba.residents.procedures.tests.filling import picture
from yakuba.residents.procedures.tests.own import answer

ABOUT_ME = {"name": "例示 太郎", "address": "会津坂下町字見本2番地", "phone": "0242-00-0001", "mail": "taro@example.jp"}


def begin(client: Client, counter: Any, ground: str) -> Any:
    page = client.post(start_of(counter, "application"), {"for_whom": ground}, follow=True)
    assert page.request["PATH_INFO"].endswith("/agent/"), page.content.decode()[-1500:]
    return page


def fill_in(client: Client, page: Any, **first: Any) -> Any:
    """From the agent's own page to the last look."""
    page = client.post(page.request["PATH_INFO"], ABOUT_ME, follow=True)
    page = answer(client, answer(client, page, **first))
    assert page.request["PATH_INFO"].endswith("/check/"), page.content.decode()[-2000:]
    return page


def registered(agent: Account, *, principal: str = "", scope: str = "sample-application") -> Mandate:
    with unaudited_writes("test"):
        return Mandate.objects.create(
            kind="letter",
            principal_name="見本 花子",
            principal_account=principal,
            agent_account=agent.public_id,
            agent_name="例示 太郎",
            scope=[scope],
            scope_words="見本の手続き",
            starts_on=date(2026, 4, 1),
            ends_on=date(2027, 4, 1),
            state="in_force",
            requested_by="test",
            requested_at="2026-04-01T00:00:00+00:00",
        )


def test_with_a_letter_of_attorney_and_without_an_account(client, counter) -> None:
    page = begin(client, counter, "letter")
    assert "本人（頼んだ人）のこと" in page.content.decode()
    check = fill_in(client, page, mandate=picture("inin.png"))
    html = check.content.decode()
    assert "例示 太郎" in html and "inin.png" in html and "0242-00-0001" in html
    receipt = client.post(check.request["PATH_INFO"], follow=True)
    case = Case.objects.get(pk=receipt.context["case"].pk)
    agent = CaseParty.objects.get(case=case, role="agent")
    assert (agent.name, agent.phone, agent.mandate_checked) == ("例示 太郎", "0242-00-0001", False)
    assert agent.mandate_file and agent.mandate is None
    assert (case.applicant_name, case.applicant_account, case.agent_account) == ("見本　花子", "", "")
    assert case.answers.facts["is_agent"] is True


def test_without_a_letter_it_is_not_sent_and_says_why(client, counter) -> None:
    check = fill_in(client, begin(client, counter, "letter"))
    refused = client.post(check.request["PATH_INFO"], follow=True)
    assert "委任状が必要です" in refused.content.decode() and not Case.objects.exists()


def test_a_registered_mandate_needs_no_paper_and_shows_the_case_to_both(counter) -> None:
    client, agent = Client(), a_resident_account("taro@example.jp", name="例示 太郎")
    principal = a_resident_account("hanako@example.jp", name="見本 花子")
    sign_in(client, agent)
    mandate = registered(agent, principal=principal.public_id)
    start = client.get(start_of(counter, "application")).content.decode()
    assert "見本 花子 さんの代わり" in start and mandate.public_id in start
    page = begin(client, counter, mandate.public_id)
    assert "委任状を付ける必要はありません" in page.content.decode()
    receipt = client.post(fill_in(client, page).request["PATH_INFO"], follow=True)
    case = Case.objects.get(pk=receipt.context["case"].pk)
    party = CaseParty.objects.get(case=case, role="agent")
    assert party.mandate == mandate and party.mandate_checked
    assert (case.agent_account, case.applicant_account) == (agent.public_id, principal.public_id)
    assert "代理人として手続きしています" in client.get(f"/my/cases/{case.public_id}/").content.decode()
    assert "さんの代理" in client.get("/my/cases/").content.decode()
    theirs = Client()
    sign_in(theirs, principal)
    page = theirs.get(f"/my/cases/{case.public_id}/")
    assert page.status_code == 200 and "代理人として手続きしています" not in page.content.decode()


def test_nothing_of_the_agent_is_filled_in_for_the_applicant(counter) -> None:
    client, agent = Client(), a_resident_account("taro@example.jp", name="例示 太郎")
    sign_in(client, agent)
    page = begin(client, counter, "letter")
    assert "例示 太郎" in page.content.decode(), "the page about the agent knows the agent"
    assert not Filling.objects.get().answers
    case_page = client.post(fill_in(client, page, mandate=picture()).request["PATH_INFO"], follow=True)
    case = Case.objects.get(pk=case_page.context["case"].pk)
    assert (case.applicant_account, case.agent_account) == ("", agent.public_id)


@pytest.mark.parametrize("ground", ["nonsense", "0123456789abcdef"])
def test_a_mandate_that_does_not_hold_begins_nothing(counter, ground) -> None:
    client, agent = Client(), a_resident_account("taro@example.jp")
    sign_in(client, agent)
    others = registered(a_resident_account("other@example.jp"))
    elsewhere = registered(agent, scope="another-procedure")
    for tried in (ground, others.public_id, elsewhere.public_id):
        page = client.post(start_of(counter, "application"), {"for_whom": tried})
        assert page.status_code == 422 and "いまは使えません" in page.content.decode()
    assert not Filling.objects.exists()


def test_what_is_wrong_about_the_agent_is_said_and_nothing_is_lost(client, counter) -> None:
    page = begin(client, counter, "letter")
    wrong = client.post(page.request["PATH_INFO"], {**ABOUT_ME, "phone": "", "postal_code": "12"})
    html = wrong.content.decode()
    assert wrong.status_code == 422 and 'value="例示 太郎"' in html and 'value="12"' in html
    number = client.post(page.request["PATH_INFO"], {**ABOUT_ME, "address": "123456789018"})
    assert number.status_code == 422


def test_on_another_device_the_agent_says_again_who_they_are(client, counter) -> None:
    page = client.post(begin(client, counter, "letter").request["PATH_INFO"], ABOUT_ME, follow=True)
    saved = answer(client, answer(client, page, mandate=picture()), action="save")
    filling = Filling.objects.get()
    check = client.get(f"/my/apply/f/{filling.public_id}/check/", follow=True)
    assert check.status_code == 200
    link = client.get(f"/my/apply/f/{filling.public_id}/saved/").context["link"]
    desktop = Client()
    desktop.get(link.replace("http://testserver", ""), follow=True)
    asked = desktop.get(f"/my/apply/f/{filling.public_id}/check/", follow=True)
    assert asked.request["PATH_INFO"].endswith("/agent/") and saved.status_code == 200
    assert "例示 太郎" not in asked.content.decode()
