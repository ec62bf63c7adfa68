"""Every kind of page passes axe once, at the width its readers use, and nothing sticks out at 320 pixels.

Pages of one template are one kind: their parts are the same. The full proof looks at every address of every route.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.harness.browser import DESKTOP, PHONE, axe_violations
from tests.pages.walk import WALKS, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STICKS_OUT = "document.documentElement.scrollWidth > window.innerWidth + 1"
LOOKED_AT: set[str] = set()
PERSONAS = [
    ("visitor", PHONE),
    ("町民", PHONE),
    ("DX推進事務局", DESKTOP),
    ("情報システム担当", DESKTOP),
    ("監査委員", DESKTOP),
]
IDS = ["visitor", "resident", "secretariat", "it", "auditor"]


def enter(page: Page, persona: str) -> None:
    enter_at, _ = WALKS[persona]
    if enter_at:
        page.goto(enter_at.removesuffix("/as"))
        page.get_by_role("button", name=re.compile(persona)).first.click()
        page.wait_for_load_state()


@pytest.mark.xdist_group("axe")  # one process, so that each kind of page is looked at once
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("persona", "size"), PERSONAS, ids=IDS)
def test_pages_pass_axe(
    open_sample_town: None, browse: Callable[..., Page], persona: str, size: tuple[int, int]
) -> None:
    addresses, visits = {}, 0
    for visit in walk(persona, each=1):
        visits += 1
        if visit.html and visit.response.status_code == 200:
            kind = str(visit.response.templates[0].name)
            if kind not in LOOKED_AT:
                addresses.setdefault(kind, visit.address)
    assert visits >= 3  # that none is new is possible: earlier personas may have been shown the same kinds of page
    LOOKED_AT.update(addresses)
    look_at(browse(size=size), persona, addresses, size)


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("persona", "size"), PERSONAS, ids=IDS)
def test_every_route_passes_axe_for_everybody_who_sees_it(
    open_sample_town: None, browse: Callable[..., Page], persona: str, size: tuple[int, int]
) -> None:
    seen = [one for one in walk(persona) if one.html and one.response.status_code == 200]
    look_at(browse(size=size), persona, {one.address: one.address for one in seen}, size, everything=True)


def look_at(
    page: Page, persona: str, addresses: dict[str, str], size: tuple[int, int], *, everything: bool = False
) -> None:
    """Menus are the same on every page of a persona, colours those of the components: looked at on the first page."""
    enter(page, persona)
    faults = []
    for place, (kind, address) in enumerate(addresses.items()):
        page.goto(address)
        for violation in axe_violations(page, everything=everything or place == 0 or "components" in kind):
            nodes = "; ".join(node["html"][:140] for node in violation["nodes"][:3])
            faults.append(f"{kind} {address} {violation['id']}: {violation['help']} — {nodes}")
        if size == PHONE:
            page.set_viewport_size({"width": 320, "height": 640})
            if page.evaluate(STICKS_OUT):
                faults.append(f"{kind} {address} sticks out at 320 pixels")
            page.set_viewport_size({"width": size[0], "height": size[1]})
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", ["ja-easy", "en"])
def test_public_pages_pass_axe_in_every_language(
    open_sample_town: None, browse: Callable[..., Page], language: str
) -> None:
    page = browse(size=PHONE)
    page.goto("/")
    page.context.add_cookies([{"name": "yakuba_language", "value": language, "url": page.url}])
    faults = []
    for address in (
        "/",
        "/plan/initiatives/1-1/",
        "/plan/schedule/",
        "/plan/survey/",
        "/accessibility/",
        "/privacy/",
        "/my/sign-in",
    ):
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == ("en" if language == "en" else "ja")
        faults += [f"{address} {one['id']}: {one['help']}" for one in axe_violations(page)]
        if language == "en":
            heading = page.locator("h1").inner_text()
            assert not re.search(r"[ぁ-ヿ]", heading), f"{address}: the heading is not English: {heading}"
    assert not faults, "\n".join(faults)
