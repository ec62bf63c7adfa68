"""The town's look, the language switch, the pages of refusal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from yakuba.kernel.access.api import VISITOR, Face
from yakuba.kernel.ui import views
from yakuba.kernel.ui.api import refuse, safe_return, town_look
from yakuba.kernel.ui.checks import town_colour_is_usable
from yakuba.kernel.ui.templatetags.ui import html_attributes, safe_address
from yakuba.kernel.ui.tests.seat import seated

PROFILE = django_settings.TOWN


def town(**changed: str) -> Any:
    return replace(
        PROFILE, **{"name": "会津坂下町", "name_en": "Aizubange Town", "colour": "#00629b", "crest_path": "", **changed}
    )


def test_the_stylesheet_of_the_town_names_its_colour(settings: Any) -> None:
    settings.TOWN = town()
    answer = views.town_css(RequestFactory().get("/town.css"))
    assert answer.content.decode() == ":root{--town-colour:#00629b;--town-ink:#ffffff}\n"
    assert answer["Content-Type"] == "text/css; charset=utf-8"


@pytest.mark.parametrize("colour", ["red;}*{display:none", "", "#12"])
def test_a_colour_nobody_can_read_becomes_the_standard_blue(colour: str, settings: Any) -> None:
    settings.TOWN = town(colour=colour)
    assert (
        views.town_css(RequestFactory().get("/town.css")).content.decode()
        == ":root{--town-colour:#0017c1;--town-ink:#ffffff}\n"
    )


def test_only_the_current_version_of_the_stylesheet_is_kept_for_long(settings: Any) -> None:
    settings.TOWN = town()
    address = Template("{% load ui %}{% town_stylesheet_url %}").render(Context({}))
    versioned = views.town_css(RequestFactory().get(address))
    assert "immutable" in versioned["Cache-Control"]
    assert "immutable" not in views.town_css(RequestFactory().get("/town.css?v=old"))["Cache-Control"]


def test_the_operator_hears_of_an_unreadable_or_pale_colour(settings: Any) -> None:
    for colour, ids in (("#00629b", []), ("#ffe380", ["ui.W002"]), ("blue", ["ui.W001"])):
        settings.TOWN = town(colour=colour)
        assert [message.id for message in town_colour_is_usable(None)] == ids


def test_a_profile_without_anything_still_gives_a_page(settings: Any) -> None:
    settings.TOWN = None
    assert (town_look().name, town_look().mark, town_look().crest) == ("役場", "役", "")


def test_the_town_has_an_english_name_on_english_pages(settings: Any) -> None:
    settings.TOWN = town()
    with translation.override("en"):
        assert town_look().name == "Aizubange Town"
        assert town_look().mark == "会"
        assert town_look().office == "Aizubange Town Office"


@pytest.mark.parametrize(
    "path", ["https://evil.example/x.png", "javascript:alert(1)", "//evil.example/x.png", "/etc/passwd"]
)
def test_a_crest_comes_from_this_house_only(path: str, settings: Any) -> None:
    settings.TOWN = town(crest_path=path)
    crest = town_look().crest
    assert crest == "" or crest.startswith(settings.STATIC_URL)


def switch(query: str, **headers: str) -> Any:
    return views.language(RequestFactory().get(f"/language?{query}", **headers))


@pytest.mark.parametrize("code", ["ja", "ja-easy", "en"])
def test_the_chosen_language_is_kept_and_leads_back(code: str, settings: Any) -> None:
    answer = switch(f"code={code}&next=/plan?x=1")
    assert answer.status_code == 302
    assert answer["Location"] == "/plan?x=1"
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["samesite"], bool(cookie["httponly"])) == (code, "Lax", True)


@pytest.mark.parametrize("code", ["fr", "", "ja-easy\r\nSet-Cookie: x=1", "../../x"])
def test_an_unknown_language_changes_nothing(code: str) -> None:
    answer = views.language(RequestFactory().get("/language", {"code": code, "next": "/"}))
    assert answer.status_code == 302
    assert not answer.cookies


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\\\\evil", "http:///evil.example",
     "/a\r\nX: y", "/" + "a" * 3000, "", "https:evil.example", " //evil.example", "/\t/evil.example"],
)  # fmt: skip
def test_nobody_is_sent_to_another_house(address: str) -> None:
    answer = views.language(RequestFactory().get("/language", {"code": "en", "next": address}))
    assert answer["Location"] == "/"


def test_a_way_back_on_this_host_is_taken() -> None:
    assert safe_return(RequestFactory().get("/"), "/plan/1?a=b#c") == "/plan/1?a=b#c"
    assert safe_return(RequestFactory().get("/"), "https://testserver/x", otherwise="/y") in (
        "https://testserver/x",
        "/y",
    )


@pytest.mark.parametrize(("language", "lang"), [("ja", "ja"), ("ja-easy", "ja"), ("en", "en")])
def test_easy_japanese_is_japanese_to_a_screen_reader(language: str, lang: str) -> None:
    with translation.override(language):
        assert Template("{% load ui %}{% html_lang %}").render(Context({})) == lang


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 503])
def test_a_refusal_is_a_page_in_three_languages_with_a_way_on(status: int) -> None:
    request = seated(RequestFactory().get("/x"), face=Face.PUBLIC, person=VISITOR)
    answer = refuse(request, status, retry_after=60 if status in (429, 503) else None, limit="10MB")
    body = answer.content.decode()
    assert answer.status_code == status
    assert "やさしい日本語" in body
    assert '<div class="card card--soft" lang="en">' in body
    assert 'class="button button--primary"' in body
    assert answer.get("Retry-After") == ("60" if status in (429, 503) else None)


def test_the_office_reads_refusals_in_japanese_only() -> None:
    body = refuse(seated(RequestFactory().get("/office/x")), 404).content.decode()
    assert "やさしい日本語" not in body
    assert 'data-face="office"' in body


def test_the_reason_of_a_refusal_is_shown_escaped() -> None:
    body = refuse(seated(RequestFactory().get("/x")), 403, reason="<b>理由</b>").content.decode()
    assert "&lt;b&gt;理由&lt;/b&gt;" in body


def test_a_status_without_a_page_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="418"):
        refuse(RequestFactory().get("/x"), 418)


def test_the_page_of_a_broken_system_needs_nothing_of_the_system() -> None:
    from django.template.loader import get_template

    template = get_template("500.html")
    body = template.render()
    assert "システムで問題が起きました" in body
    assert {type(node).__name__ for node in template.template.nodelist} <= {"TextNode"}  # type: ignore[attr-defined]


def test_attributes_given_to_a_component_are_escaped_and_handlers_dropped() -> None:
    given = {
        "data-x": '"><script>',
        "disabled": True,
        "onclick": "x()",
        "hidden": False,
        "title": None,
        'a"b': "1",
        "aria-label": "閉じる",
    }
    assert html_attributes(given) == 'data-x="&quot;&gt;&lt;script&gt;" disabled aria-label="閉じる"'


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "java\tscript:alert(1)"],
)
def test_an_address_that_would_run_something_becomes_harmless(address: str) -> None:
    made = safe_address(address)
    assert made == "#" or made.startswith("java%09script")


@pytest.mark.parametrize(
    "address", ["/x?a=1#b", "?page=2", "#top", "https://example.lg.jp/", "mailto:a@b", "tel:0242", "a/b:c"]
)
def test_an_ordinary_address_stays(address: str) -> None:
    assert safe_address(address) == address
