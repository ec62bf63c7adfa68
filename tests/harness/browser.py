"""Journeys in a real browser: one Chromium per test process, a phone and a desktop, and an eye on everything it says.

A journey fails when a page logs an error, breaks the content security policy, asks another host for anything, or
answers with a server error, even if the test itself saw nothing of it.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path(os.environ.get("YAKUBA_CHROMIUM", "/usr/bin/chromium"))
AXE = ROOT / "node_modules" / "axe-core"
SHOTS = ROOT / "var" / "shots"
PHONE = (360, 740)
DESKTOP = (1366, 768)

_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
_STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Watch:
    """What a browser context must not do; `expected` are parts of console messages a journey provokes on purpose."""

    host: str
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        context.on("console", lambda message: self._console(message.type, message.text))
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", lambda request: self._request(request.url))
        context.on("response", lambda response: self._response(response.status, response.url))

    def unexpected(self) -> list[str]:
        return [fault for fault in self.faults if not any(part in fault for part in self.expected)]

    def _console(self, kind: str, text: str) -> None:
        if kind == "error":
            self.faults.append(f"console: {text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.faults.append(f"third party: {url}")

    def _response(self, status: int, url: str) -> None:
        if status >= 500:
            self.faults.append(f"server error {status}: {url}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this test process."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium がありません: sudo apt-get install chromium")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*sandbox, *_QUIET])
        yield browser
        browser.close()


@pytest.fixture
def site_url(live_server: Any) -> str:
    """Where the pages of a journey are; a test module may override it with another running town hall."""
    return str(live_server.url)


@contextmanager
def watched_pages(chromium: Browser, site_url: str) -> Iterator[Callable[..., Page]]:
    """Opens pages, each in a context of its own; raises AssertionError at the end if a browser had to complain."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_page(
        *, size: tuple[int, int] = DESKTOP, javascript: bool = True, expect_in_console: list[str] | None = None
    ) -> Page:
        context = chromium.new_context(
            base_url=site_url,
            viewport={"width": size[0], "height": size[1]},
            is_mobile=size == PHONE,
            has_touch=size == PHONE,
            java_script_enabled=javascript,
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        watch = Watch(host=urlsplit(site_url).netloc, expected=expect_in_console or [])
        watch.attach(context)
        opened.append((context, watch))
        return context.new_page()

    try:
        yield open_page
    finally:
        for context, _ in opened:
            context.close()
    faults = [fault for _, watch in opened for fault in watch.unexpected()]
    assert not faults, "the browser reports:\n  " + "\n  ".join(faults)


@pytest.fixture
def browse(chromium: Browser, site_url: str) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own: `browse(size=PHONE, javascript=False, expect_in_console=["404"])`."""
    with watched_pages(chromium, site_url) as open_page:
        yield open_page


@pytest.fixture
def phone(browse: Callable[..., Page]) -> Page:
    """A page as wide as a small phone."""
    return browse(size=PHONE)


@pytest.fixture
def desktop(browse: Callable[..., Page]) -> Page:
    """A page as large as an office screen."""
    return browse(size=DESKTOP)


def shot(page: Page, name: str, *, whole_page: bool = True) -> Path:
    """Keep a picture of the page in `var/shots/<name>.png`."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    target = SHOTS / f"{re.sub(r'[^A-Za-z0-9_.-]', '_', name)}.png"
    page.screenshot(path=target, full_page=whole_page)
    return target


def axe(page: Page, *, within: str | None = None) -> None:
    """Fail with readable words if the page breaks WCAG 2.2 AA as far as axe-core can tell.

    `within` limits the check to a CSS selector.
    """
    violations = axe_violations(page, within=within)
    assert not violations, f"{page.url}\n" + "\n".join(_in_words(each) for each in violations)


@cache
def _axe_script() -> str:
    return (AXE / "axe.min.js").read_text(encoding="utf-8")


@cache
def _axe_locale() -> str:
    return (AXE / "locales" / "ja.json").read_text(encoding="utf-8")


def axe_violations(page: Page, *, within: str | None = None, everything: bool = True) -> list[dict[str, Any]]:
    """What axe-core finds wrong: each with `id`, `impact`, `help` (Japanese) and `nodes`.

    Without ``everything`` menus (`nav`) and contrasts are left out, for whoever has looked at them on another page.
    """
    if not (AXE / "axe.min.js").exists():
        pytest.skip("axe-core がありません: make env")
    page.evaluate(_axe_script())
    page.evaluate(f"axe.configure({{locale: {_axe_locale()}}})")
    found = page.evaluate(
        """([within, everything, tags]) => axe.run(
            within || {include: [document], exclude: everything ? [] : [['nav']]},
            {
                runOnly: {type: 'tag', values: tags},
                rules: {'color-contrast': {enabled: everything}},
                resultTypes: ['violations'],
            },
        )""",
        [within, everything, _STANDARD],
    )
    assert found["passes"] or found["violations"], "axe looked at nothing"
    return list(found["violations"])


def _in_words(violation: dict[str, Any]) -> str:
    places = [f"      {node['html'][:160]}\n        {node['failureSummary']}" for node in violation["nodes"][:4]]
    return f"  {violation['id']}（{violation['impact']}）: {violation['help']}\n" + "\n".join(places)
