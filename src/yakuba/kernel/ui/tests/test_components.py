"""Components and layouts: each renders alone, escapes what it is given, and uses only classes the stylesheet has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from yakuba.kernel.access.api import VISITOR, Face
from yakuba.kernel.ui import views
from yakuba.kernel.ui.charts import Bar, bar_chart
from yakuba.kernel.ui.icons import ICON_NAMES, icon
from yakuba.kernel.ui.listing.rules import pages
from yakuba.kernel.ui.showcase import SampleForm, showcase
from yakuba.kernel.ui.tests.seat import seated

UI = Path(__file__).parents[1]
PACKAGE = UI.parents[1]
COMPONENTS = sorted(path.stem for path in (UI / "templates" / "cotton").glob("*.html"))
HOSTILE = '"><script>alert(1)</script>'


def component(name: str, attributes: str = "", slot: str = "", **context: Any) -> str:
    source = f"{{% cotton {name.replace('_', '-')} {attributes} only %}}{slot}{{% endcotton %}}"
    return Template(source).render(Context(context))


FILLED: dict[str, tuple[str, dict[str, Any]]] = {
    "field": (':field="x"', {"x": SampleForm()["name"]}),
    "error_summary": (':form="x"', {"x": SampleForm({})}),
    "chart": (':chart="x"', {"x": bar_chart(title="t", unit="件", bars=[Bar("a", 1)])}),
    "pagination": (':pages="x"', {"x": pages(total=90, size=10, asked=2, url=lambda number: f"?page={number}")}),
    "listing": (':listing="x"', {"x": None}),
    "dialog": ('id="d" title="t"', {}),
    "grade": ('letter="A"', {}),
}


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_renders_on_its_own(name: str) -> None:
    attributes, context = FILLED.get(name, ("", {}))
    if name == "listing":
        context = {"x": showcase(seated(RequestFactory().get("/")))["listing"]}
    body = component(name, attributes, "内容", **context)
    assert "<" in body
    assert "{{" not in body
    assert "{%" not in body


TEXTS = [
    ("button", 'data-note="{{ x }}"'), ("button", ':data-note="x"'), ("link_button", ':href="x"'), ("card", ':title="x" :href="x"'),
    ("notice", ':title="x"'), ("grade", ':letter="x" :text="x"'), ("page_header", ':title="x" :lead="x" :eyebrow="x"'),
    ("kpi_tile", ':label="x" :value="x" :unit="x" :target="x" :note="x"'), ("progress", ':label="x" :words="x" :value="x"'),
    ("ground", ':source="x" :url="x" :summary="x"'), ("disclosure", ':summary="x"'), ("empty_state", ':title="x"'),
    ("section", ':title="x" :id="x"'), ("dialog", ':title="x" :id="x"'), ("upload", ':name="x" :label="x" :help="x" :error="x"'),
    ("sort_header", ':label="x" :url="x"'), ("filter_bar", ':label="x" :action="x"'), ("table", ':caption="x" :label="x"'),
    ("toolbar", ':label="x"'), ("badge", ':kind="x"'), ("description_row", ':term="x"'), ("stamp_row", ':label="x"'), ("steps", ':label="x"'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "attributes"), TEXTS)
def test_texts_given_to_a_component_cannot_become_markup(name: str, attributes: str) -> None:
    body = component(name, attributes, x=HOSTILE)
    assert "<script" not in body
    assert '"><' not in re.sub(r'="[^"]*"', '=""', body).replace('=""><', "") or "alert(1)" not in body


LISTS = {
    "breadcrumb": {"title": HOSTILE, "url": HOSTILE},
    "tabs": {"title": HOSTILE, "url": "javascript:x", "badge": HOSTILE},
    "steps": {"title": HOSTILE, "note": HOSTILE, "state": HOSTILE},
    "description_list": {"term": HOSTILE, "value": HOSTILE, "url": HOSTILE},
    "timeline": {"title": HOSTILE, "when": HOSTILE, "text": HOSTILE, "url": "javascript:x", "state": HOSTILE},
    "link_list": {"title": HOSTILE, "url": "javascript:x", "note": HOSTILE},
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_given_to_a_component_cannot_become_markup(name: str) -> None:
    body = component(name, ':items="x"', x=[LISTS[name], LISTS[name]])
    assert "<script" not in body
    assert "javascript:" not in body


def test_a_component_does_not_see_the_page_around_it() -> None:
    source = "{% cotton badge only %}{% endcotton %}"
    assert "success" not in Template(source).render(Context({"kind": "success", "icon": "check"}))


def test_states_are_told_in_words_and_not_by_colour_alone() -> None:
    for kind, word in (("info", "お知らせ"), ("success", "完了"), ("warning", "注意"), ("error", "エラー")):
        assert f'aria-label="{word}"' in component("notice", f'kind="{kind}"')
    steps = component(
        "steps", ':items="x"', x=[{"title": "受付", "state": "done"}, {"title": "審査", "state": "current"}]
    )
    assert "いまここ" in steps
    assert 'aria-current="step"' in steps
    assert "未計測" in component("kpi_tile", 'label="x"')


def test_a_value_of_zero_is_a_measured_value() -> None:
    assert "未計測" not in component("kpi_tile", ':value="x"', x=0)
    assert 'value="0"' in component("progress", ':value="x"', x=0)


@pytest.mark.parametrize("name", ICON_NAMES)
def test_every_icon_is_decoration_or_has_a_name(name: str) -> None:
    assert 'aria-hidden="true"' in icon(name)
    assert 'role="img" aria-label="印刷"' in icon(name, label="印刷")


def test_an_unknown_icon_is_noticed() -> None:
    with pytest.raises(KeyError):
        icon("no-such-icon")


def test_the_component_page_shows_every_component() -> None:
    shown = "".join(
        example.source for group in showcase(seated(RequestFactory().get("/")))["groups"] for example in group.examples
    )
    used = {name.replace("-", "_") for name in re.findall(r"<c-([\w-]+)", shown)} - {"slot"}
    page = (UI / "templates" / "ui" / "components.html").read_text() + (
        UI / "templates" / "cotton" / "listing.html"
    ).read_text()
    used |= {name.replace("-", "_") for name in re.findall(r"<c-([\w-]+)", page)}
    assert set(COMPONENTS) - used == {"description_row", "section"}, "these two stand in pages only"


@pytest.mark.parametrize("query", ["", "?face=resident"])
def test_the_component_page_is_complete_in_both_looks(query: str) -> None:
    body = views.components(seated(RequestFactory().get(f"/office/components{query}"))).content.decode()
    assert body.count("<h3") > 25
    assert "<script src=" in body
    assert not re.search(r"\sstyle=", body)


@pytest.mark.parametrize(
    ("language", "word"), [("ja", "本文へ移動"), ("ja-easy", "ほんぶん"), ("en", "Skip to main content")]
)
def test_the_public_frame_speaks_the_language_of_the_reader(language: str, word: str) -> None:
    request = seated(RequestFactory().get("/office/components?face=resident"), face=Face.PUBLIC, person=VISITOR)
    with translation.override(language):
        body = views.components(request).content.decode()
    assert word in body
    assert f'<html lang="{"en" if language == "en" else "ja"}">' in body
    assert len(re.findall(r'class="language__link"[^>]*aria-current="true"', body)) == 1


def test_switching_the_language_leads_back_to_the_same_page() -> None:
    request = seated(RequestFactory().get("/office/components?face=resident&q=a%26b"), face=Face.PUBLIC, person=VISITOR)
    body = views.components(request).content.decode()
    assert "/language?code=en&amp;next=%2Foffice%2Fcomponents%3Fface%3Dresident%26q%3Da%2526b" in body


STYLESHEETS = [*PACKAGE.rglob("static/**/*.css")]
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))


def test_every_class_a_template_uses_is_in_a_stylesheet() -> None:
    known = {
        name
        for sheet in STYLESHEETS
        for name in re.findall(r"\.(-?[a-zA-Z_][\w-]*)", sheet.read_text(encoding="utf-8"))
    }
    missing = []
    for template in TEMPLATES:
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", template.read_text(encoding="utf-8"), flags=re.S)
        for attribute in re.findall(r'\bclass="([^"]*)"', text):
            for name in re.sub(r"\S*\{\{.*?\}\}\S*", "", attribute).split():
                if name not in known and not name.endswith("--"):
                    missing.append(f"{template.relative_to(PACKAGE)}: {name}")
    assert not missing, "\n".join(missing)


def test_the_first_load_stays_light() -> None:
    import gzip

    weight = sum(
        len(gzip.compress((UI / "static" / "ui" / name).read_bytes(), 9)) for name in ("app.css", "page.js", "icon.svg")
    )
    assert weight <= 25_000
