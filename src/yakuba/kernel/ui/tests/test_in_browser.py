"""The component page in a real browser, in both looks and on both screens, under the site's own content policy.

The pages are answered inside the test process: no server and no database stand behind them.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from csp.utils import build_policy
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.shortcuts import render
from django.test import RequestFactory
from django.urls import resolve
from playwright.sync_api import Page, Route

from tests.harness.browser import DESKTOP, PHONE, axe
from yakuba.kernel.access.api import VISITOR, Face
from yakuba.kernel.ui.tests.seat import CLERK, seated

HOST = "http://town.test"
OFFICE, RESIDENT = "/office/components", "/office/components?face=resident"
ERRORS = ("400", "403", "403_csrf", "404", "413", "429", "500", "503")


@pytest.fixture
def site_url() -> str:
    return HOST


def answer(route: Route) -> None:
    parts = urlsplit(route.request.url)
    if parts.path.startswith("/static/"):
        found = finders.find(parts.path.removeprefix("/static/"))
        if not found:
            route.fulfill(status=404)
            return
        route.fulfill(
            body=Path(str(found)).read_bytes(), content_type=mimetypes.guess_type(parts.path)[0] or "text/plain"
        )
        return
    is_office = parts.path.startswith("/office/") and "face=resident" not in parts.query
    request = seated(
        RequestFactory().get(f"{parts.path}?{parts.query}"),
        face=Face.OFFICE if is_office else Face.PUBLIC,
        person=CLERK if is_office else VISITOR,
    )
    if parts.path.startswith("/error/"):
        made: HttpResponse = render(request, f"{parts.path.removeprefix('/error/')}.html")
    else:
        made = resolve(parts.path).func(request)
    headers = {**made.headers, "Content-Security-Policy": build_policy()}
    route.fulfill(
        status=made.status_code, headers={name: str(value) for name, value in headers.items()}, body=made.content
    )


@pytest.fixture
def visit(browse: Callable[..., Page]) -> Callable[..., Page]:
    def open_at(path: str, size: tuple[int, int] = DESKTOP, *, javascript: bool = True) -> Page:
        page = browse(size=size, javascript=javascript)
        page.route("**/*", answer)
        page.goto(path)
        return page

    return open_at


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("path", [OFFICE, RESIDENT], ids=["office", "resident"])
def test_every_component_passes_axe(visit: Callable[..., Page], path: str, size: tuple[int, int]) -> None:
    page = visit(path, size)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    axe(page)


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_page_passes_axe(visit: Callable[..., Page], name: str) -> None:
    axe(visit(f"/error/{name}", PHONE))


@pytest.mark.parametrize("path", [OFFICE, RESIDENT], ids=["office", "resident"])
@pytest.mark.parametrize("width", [320, 360, 683, 1366])
def test_nothing_runs_off_the_screen(visit: Callable[..., Page], path: str, width: int) -> None:
    # 683 px is 1,366 px at 200 % zoom.
    page = visit(path, (width, 768))
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("width", [320, 360, 700, 1366])
def test_letters_in_charts_are_never_smaller_than_twelve_pixels(visit: Callable[..., Page], width: int) -> None:
    page = visit(RESIDENT, (width, 768))
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('.chart svg text')].filter(text => text.getClientRects().length)
            .map(text => parseFloat(text.getAttribute('font-size')) * text.ownerSVGElement.getBoundingClientRect().width
                / text.ownerSVGElement.viewBox.baseVal.width))"""
    )
    assert smallest >= 12


def test_each_chart_is_drawn_once_for_the_reader(visit: Callable[..., Page]) -> None:
    for width in (360, 1366):
        page = visit(OFFICE, (width, 768))
        seen = page.evaluate(
            "[...document.querySelectorAll('figure.chart')].map(one => [...one.querySelectorAll('.chart__drawing > svg')].filter(svg => svg.getClientRects().length).length)"
        )
        assert seen
        assert set(seen) == {1}


def test_focus_is_a_black_line_around_a_yellow_ring(visit: Callable[..., Page]) -> None:
    page = visit("/error/404")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Tab")
    look = page.evaluate(
        "(({outlineColor, outlineStyle, boxShadow}) => [outlineColor, outlineStyle, boxShadow])(getComputedStyle(document.activeElement))"
    )
    assert look[0] == "rgb(0, 0, 0)"
    assert look[1] == "solid"
    assert "rgb(255, 212, 61)" in look[2]


def test_the_skip_link_leads_to_the_content(visit: Callable[..., Page]) -> None:
    page = visit("/error/404")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_question_mark_opens_the_list_of_keys_and_escape_closes_it(visit: Callable[..., Page]) -> None:
    page = visit(OFFICE)
    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.locator("#shortcuts").is_visible()
    assert "ホームへ移動" in page.locator("[data-shortcuts]").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#shortcuts").is_visible()


def test_g_h_goes_home_but_not_while_typing_or_when_switched_off(visit: Callable[..., Page]) -> None:
    page = visit(OFFICE)
    gone: list[str] = []
    page.route(
        "**/office/",
        lambda route: (
            gone.append(route.request.url),
            route.fulfill(body="<title>home</title>", content_type="text/html"),
        )[1],
    )
    page.locator("#sample_name").focus()
    page.keyboard.type("gh")
    assert page.locator("#sample_name").input_value() == "gh"
    page.locator("h1").click()
    page.keyboard.press("?")
    page.locator("[data-shortcuts-switch]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    assert not gone
    page.locator("[data-opens=shortcuts]").click()
    page.locator("[data-shortcuts-switch]").check()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/office/")
    assert gone


def test_j_and_k_walk_along_the_rows(visit: Callable[..., Page]) -> None:
    page = visit(OFFICE)
    page.locator("h1").click()
    where = "document.activeElement.closest('tr')?.rowIndex ?? 0"
    walked = []
    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)
        walked.append(page.evaluate(where))
    assert walked == [1, 2, 3, 2]


def test_a_dialog_opens_takes_the_focus_and_gives_it_back(visit: Callable[..., Page]) -> None:
    page = visit(OFFICE)
    opener = page.locator("[data-opens=sample-dialog]")
    opener.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('dialog')?.id") == "sample-dialog"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.opens") == "sample-dialog"


def test_the_era_follows_what_is_typed(visit: Callable[..., Page]) -> None:
    page = visit(OFFICE)
    page.locator("#sample_birthday").fill("S64.1.7")
    assert page.locator("[data-era-of=sample_birthday]").inner_text() == "昭和64年1月7日（1989/01/07）"
    page.locator("#sample_birthday").fill("S64.1.8")
    assert page.locator("[data-era-of=sample_birthday]").inner_text() == ""
    page.locator("#sample_wanted_on").fill("2019-05-01")
    assert page.locator("[data-era-of=sample_wanted_on]").inner_text() == "令和元年5月1日"


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(visit: Callable[..., Page]) -> None:
    page = visit(OFFICE)
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("link", name="受取方法").click()
    assert page.evaluate("document.activeElement.id") == "wrong_means_0"


def test_chosen_files_are_listed_with_their_size(visit: Callable[..., Page]) -> None:
    page = visit(OFFICE)
    page.locator("#photo").set_input_files([{"name": "道路.png", "mimeType": "image/png", "buffer": b"x" * 2048}])
    assert page.locator("#photo + ul").inner_text() == "道路.png（2 KB）"


def test_residents_need_no_script(visit: Callable[..., Page]) -> None:
    page = visit(RESIDENT, PHONE, javascript=False)
    page.locator("summary", has_text="数値を表で見る").first.click()
    assert page.locator("figure.chart table").first.is_visible()
    assert page.get_by_role("link", name="English").is_visible()


def test_paper_shows_the_content_and_not_the_controls(visit: Callable[..., Page]) -> None:
    page = visit(OFFICE)
    page.emulate_media(media="print")
    assert not page.locator(".office-side").is_visible()
    assert not page.locator(".toolbar").first.is_visible()
    assert page.locator("h1").is_visible()
