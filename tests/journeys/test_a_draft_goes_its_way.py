"""Drafts of the sample town in a browser: 専決 under a threshold, the mayor above it, 後閲 of what was decided meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.harness.browser import DESKTOP, PHONE, axe
from tests.journeys.filling_in import press, seat
from yakuba.kernel.approval.api import first_in_turn, stamps_of
from yakuba.kernel.approval.models import DecisionRequest, RouteAct, RouteStage, SealUse
from yakuba.kernel.identity.models import Account, Persona
from yakuba.kernel.parameters.api import town_clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def persona(label: str) -> Account:
    return Persona.objects.get(label=label).account


def whose_turn(request: DecisionRequest) -> Account:
    """Whoever sits first where the draft stands now."""
    [staff, *_] = first_in_turn(request, on=town_clock().today())
    return Account.objects.get(staff=staff)


def two_taps(page: Page, title: str, act: str) -> None:
    """From the first page of the day: open the draft, press the button."""
    page.goto("/office/")
    page.get_by_role("link", name=title).first.click()
    expect(page.locator("h1")).to_contain_text(title)
    press(page, f'button[name="act"][value="{act}"]')


@pytest.mark.timeout(300)
def test_from_the_draft_to_the_decision_on_telephones(open_sample_town: None, browse: Callable[..., Page]) -> None:
    small = DecisionRequest.objects.get(title__startswith="窓口用タブレットの購入")
    head = persona("所属長")
    for act in ("agree", "examine"):
        assert small.is_waiting
        page = browse(size=PHONE)
        account = whose_turn(small)
        assert account != head
        seat(page, account)
        two_taps(page, "窓口用タブレットの購入", act)
        small.refresh_from_db()
    assert whose_turn(small) == head, "248,000 yen are the head of the section's"
    page = browse(size=PHONE)
    seat(page, head)
    two_taps(page, "窓口用タブレットの購入", "approve")
    small.refresh_from_db()
    assert small.state == "approved"
    assert [one.state for one in stamps_of(small)] == ["done", "done", "", "done", "done"], "財政の合議 was not needed"

    page.goto("/office/")
    page.get_by_role("link", name="年末の窓口時間の延長").click()
    expect(page.locator("main")).to_contain_text("代決")
    press(page, 'button:has-text("後閲した")')
    expect(page.locator("main")).to_contain_text("後閲を済ませました")
    axe(page)
    page.goto("/office/")
    expect(page.get_by_role("link", name="年末の窓口時間の延長")).to_have_count(0)

    large = DecisionRequest.objects.get(title__startswith="書かない窓口の機器の借上げ")
    assert whose_turn(large) == persona("町長"), "2,400,000 yen are above every delegation"
    page = browse(size=PHONE)
    seat(page, persona("町長"))
    two_taps(page, "書かない窓口の機器の借上げ", "approve")
    large.refresh_from_db()
    assert large.state == "approved"


@pytest.mark.timeout(300)
def test_what_is_decided_and_examined_goes_out_with_number_and_seal(
    open_sample_town: None, browse: Callable[..., Page]
) -> None:
    letter = DecisionRequest.objects.get(title__startswith="県への照会の回答")
    examined = RouteStage.objects.get(request=letter, kind="examine")
    assert examined.state == "done", "公印審査 is done in the sample town"
    clerk = browse(size=DESKTOP)
    seat(clerk, persona("担当者"))
    clerk.goto("/office/")
    clerk.get_by_role("link", name="県への照会の回答").first.click()
    press(clerk, 'button:has-text("施行する")')
    said = clerk.locator("main").inner_text()
    assert "施行しました" in said
    [issued] = RouteAct.objects.filter(request=letter, act="issue").select_related("said")
    assert issued.said.words in said
    sealed = [one.document_number for one in SealUse.objects.filter(request=letter)]
    assert sealed == ([issued.said.words] if letter.authority.seal_name else [])
    axe(clerk)
