"""Filling in forms in a real browser, as somebody does who reads the questions: with and without JavaScript."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from playwright.sync_api import Locator, Page

from tests.harness.browser import axe
from yakuba.kernel.forms.api import library_forms
from yakuba.kernel.forms.library import library_folder
from yakuba.kernel.forms.rules.definition import FormDefinition, Group, Step
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.tests.people import sign_in
from yakuba.residents.procedures.tests.filling import PNG, fields_of

STICKS_OUT = "document.documentElement.scrollWidth > window.innerWidth + 1"
ANSWER_STEPS = 40


def form_of(key: str) -> tuple[FormDefinition, dict[str, Any]]:
    """A form of the house and its complete example answers."""
    definition = next(one.definition for one in library_forms() if one.definition.key == key)
    text = (library_folder() / "examples" / f"{key}.complete.json").read_text(encoding="utf-8")
    answers: dict[str, Any] = json.loads(text)
    answers.pop("facts", None)
    return definition, answers


def look(page: Page, looked_at: set[str]) -> None:
    """Look once at each kind of page (they differ by title and heading): axe, and nothing sticks out. axe is a script, so
    a browser without JavaScript is not looked at in this way."""
    kind = f"{page.title()}|{page.locator('main h1').first.inner_text()}"
    if kind in looked_at:
        return
    looked_at.add(kind)
    assert not page.evaluate(STICKS_OUT), f"{page.url} sticks out at {page.viewport_size}"
    axe(page)


def fill_in(
    page: Page, definition: FormDefinition, answers: dict[str, Any], *, looked_at: set[str] | None = None
) -> None:
    """Answer page after page until the last look before sending."""
    for _ in range(ANSWER_STEPS):
        if "/check/" in page.url:
            return
        step = definition.step(urlsplit(page.url).path.rstrip("/").rpartition("/")[2])
        if looked_at is not None:
            look(page, looked_at)
        answer_step(page, step, answers)
        press(page, 'button[name="action"][value="next"]:not([aria-hidden])')
    raise AssertionError(f"the form leads nowhere: {page.url}\n{page.locator('main').inner_text()[:2000]}")


def answer_step(page: Page, step: Step, answers: dict[str, Any]) -> None:
    """Type the answers of a step; questions that come up by an answer are left for the next look at the page."""
    for question in step.questions:
        rows = answers.get(question.key) if isinstance(question, Group) else None
        for _ in range(
            len(rows or []) - page.locator(f'[name="{question.key}.0.{_first(question)}"]').count() if rows else 0
        ):
            press(page, f'button[name="action"][value="add:{question.key}"]')
    for name, value in fields_of(step, answers).items():
        _type(page, name, value)


def _first(question: Any) -> str:
    first = question.questions[0]
    return f"{first.key}.family" if first.type == "name" else first.key


def _type(page: Page, name: str, value: Any) -> None:
    fields = page.locator(f'[name="{name}"]')
    if not fields.count():
        return
    first = fields.first
    kind = first.get_attribute("type") or first.evaluate("one => one.tagName.toLowerCase()")
    if kind == "hidden":
        return
    if kind == "file":
        if not page.locator(f'input[type="hidden"][name="{name}._files"], button[value^="drop:{name}:"]').count():
            first.set_input_files(
                [{"name": f"{n}.png", "mimeType": "image/png", "buffer": PNG} for n, _ in enumerate(value, start=1)]
            )
    elif kind in ("radio", "checkbox"):
        for one in value if isinstance(value, list) else [value]:
            _tick(page.locator(f'[name="{name}"][value="{one}"]'))
    elif kind == "select":
        first.select_option(str(value))
    else:
        first.fill(str(value))


def _tick(choice: Locator) -> None:
    choice.check(force=True)


def press(page: Page, selector: str) -> None:
    """Press a button and wait for the page behind it."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def seat(page: Page, account: Account) -> None:
    """Sit somebody down at this browser, as if they had signed in with a passkey."""
    client = Client()
    sign_in(client, account)
    page.goto("/accessibility/")
    origin = page.url.split("/accessibility")[0]
    page.context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": origin + (morsel["path"] or "/")}
            for name, morsel in client.cookies.items()
        ]
    )


def speak(page: Page, language: str) -> None:
    """Read the pages in a language."""
    page.goto("/accessibility/")
    origin = page.url.split("/accessibility")[0]
    page.context.add_cookies([{"name": "yakuba_language", "value": language, "url": origin + "/"}])
