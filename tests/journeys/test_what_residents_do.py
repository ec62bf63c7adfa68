"""What residents do with the town's procedures: for somebody else, on two devices, over the stages of a subsidy; and a
届出, which nobody examines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.filling_in import answer_step, fill_in, form_of, look, press, seat
from tests.journeys.test_a_case_from_both_sides import confirm_mail, seat_clerk
from yakuba.kernel.cases.models import Case, CaseParty, Grant
from yakuba.kernel.cases.services import complete_case, start_work
from yakuba.kernel.identity.api import IdentityLevel, IdentityProof
from yakuba.kernel.identity.models import Persona
from yakuba.kernel.parameters.api import town_clock
from yakuba.residents.procedures import doors
from yakuba.residents.procedures.tests.townspeople import town_at_work, town_does

pytestmark = [pytest.mark.browser, pytest.mark.slow]
START = 'main form button[type="submit"].button--primary'


@pytest.fixture
def card_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody has just shown their card: how that is done has journeys of its own."""
    proof = IdentityProof(IdentityLevel.PUBLIC_AUTH, datetime(2026, 11, 23, tzinfo=UTC), "card")
    monkeypatch.setattr(doors, "proof_of", lambda request: proof)
    monkeypatch.setattr(doors, "way_to_prove", lambda onward: "/my/")


def send(page: Page, looked_at: set[str]) -> Case:
    """From the last look to the receipt."""
    look(page, looked_at)
    press(page, START)
    assert "/receipt/" in page.url, page.locator("main").inner_text()[:1500]
    look(page, looked_at)
    return Case.objects.get(number=page.locator("main strong.number").first.inner_text())


@pytest.mark.timeout(120)
def test_an_agent_applies_with_a_letter_of_attorney(open_sample_town: None, browse: Callable[..., Page]) -> None:
    page, looked_at = browse(size=PHONE), set[str]()
    confirm_mail(page)
    page.locator("#for-letter").check(force=True)
    look(page, looked_at)
    press(page, START)
    look(page, looked_at)
    for name, value in (("name", "例示 太郎"), ("address", "会津坂下町字見本2番地"), ("phone", "0242-00-0001")):
        page.locator(f'main [name="{name}"]').fill(value)
    press(page, START)
    definition, answers = form_of("disaster-certificate")
    fill_in(page, definition, {**answers, "mandate": ["letter"]})
    words = page.locator("main").inner_text()
    assert "例示 太郎" in words and "委任状の写真" in words
    case = send(page, looked_at)
    party = CaseParty.objects.get(case=case, role="agent")
    assert party.name == "例示 太郎" and party.mandate_file
    clerk = browse(size=DESKTOP)
    seat_clerk(clerk, case)
    clerk.goto(f"/office/cases/{case.public_id}/")
    words = clerk.locator("main").inner_text()
    assert "例示 太郎" in words and "まだ確かめていません" in words


@pytest.mark.timeout(120)
def test_begun_on_a_telephone_and_sent_from_a_desktop(open_sample_town: None, browse: Callable[..., Page]) -> None:
    phone, looked_at = browse(size=PHONE), set[str]()
    definition, answers = form_of("water-start")
    phone.goto("/my/apply/water-start/")
    look(phone, looked_at)
    press(phone, START)
    answer_step(phone, definition.steps[0], answers)
    press(phone, 'button[name="action"][value="save"]')
    look(phone, looked_at)
    link = phone.locator("#resume").input_value()
    desktop = browse(size=DESKTOP)
    desktop.goto(link)
    assert link.rstrip("/").rpartition("/")[2] not in desktop.url
    family = desktop.locator('[name="applicant_name.family"]')
    assert family.input_value() == answers["applicant_name"]["family"]
    fill_in(desktop, definition, answers)
    case = send(desktop, looked_at)
    phone.goto(link)
    assert "/receipt/" in phone.url and case.number in phone.locator("main").inner_text()
    assert Case.objects.filter(first_answers__filling=case.first_answers.filling).count() == 1


@pytest.mark.prove  # four long forms; `test_every_form` walks the same stages without a browser
@pytest.mark.timeout(180)
@pytest.mark.usefixtures("card_shown")
def test_a_subsidy_over_its_stages_with_one_refusal(open_sample_town: None, browse: Callable[..., Page]) -> None:
    page, looked_at = browse(size=PHONE), set[str]()
    seat(page, Persona.objects.select_related("account").get(label="町民").account)
    page.goto("/my/apply/septic-and-solar-subsidy/")
    press(page, START)
    fill_in(page, *form_of("septic-subsidy"))
    case = send(page, looked_at)
    grant = Grant.objects.get(stages__case=case)
    case = town_does(case, "notified")
    refused = refuse_and_tell(go_on(page, case, "report", looked_at))
    accepted = town_does(go_on(page, refused, "report", looked_at), "notified")
    go_on(page, accepted, "claim", looked_at)
    grant.refresh_from_db()
    assert [one.case.stage for one in grant.stages.order_by("position")] == ["apply", "report", "report", "claim"]
    assert grant.state == "claimed"


def go_on(page: Page, case: Case, stage: str, looked_at: set[str]) -> Case:
    """From a case's page into the form of the next stage, and send it; what was said before stands there already."""
    page.goto(f"/my/cases/{case.public_id}/")
    look(page, looked_at)
    press(page, f'a[href$="/next/{stage}/"]')
    look(page, looked_at)
    press(page, START)
    assert page.locator('[name="applicant_name.family"]').input_value() == "見本"
    fill_in(page, *form_of(f"septic-subsidy-{stage}"))
    return send(page, looked_at)


def refuse_and_tell(case: Case) -> Case:
    """The town does not accept a report, and tells it by letter."""
    from yakuba.kernel.access.api import system_person
    from yakuba.kernel.cases.services import print_notice, send_notice

    case = town_does(case, "refused")
    assert case.state == "refused"
    clerk = town_at_work()._clerk(case.section)
    assert clerk is not None
    notice = print_notice(by=system_person("jobs"), notice=case.notices.get(), clock=town_clock())
    send_notice(by=clerk, notice=notice, clock=town_clock())
    return Case.objects.get(pk=case.pk)


@pytest.mark.timeout(120)
def test_a_notification_is_never_examined(open_sample_town: None, browse: Callable[..., Page]) -> None:
    page, looked_at = browse(size=PHONE), set[str]()
    page.goto("/my/apply/water-start/")
    press(page, START)
    fill_in(page, *form_of("water-start"))
    assert page.locator("#enotice").count() == 0, "nothing is decided, so no letter is asked about"
    case = send(page, looked_at)
    assert case.kind == "notification"
    clerk = town_at_work()._clerk(case.section)
    assert clerk is not None
    seen = []
    for step in (None, start_work, complete_case):
        if step is not None:
            step(by=clerk, case=Case.objects.get(pk=case.pk), clock=town_clock())
        page.goto(f"/my/cases/{case.public_id}/")
        look(page, looked_at)
        seen.append(page.locator("main").inner_text())
    assert all("審査" not in one for one in seen)
    assert "いかがでしたか" in seen[-1]
