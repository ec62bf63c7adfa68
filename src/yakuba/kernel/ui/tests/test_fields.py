"""Form fields on the page: kind, words, and what a screen reader hears."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template import Context, Template
from django.utils.datastructures import MultiValueDict

from yakuba.kernel.ui.api import DateField, EraDateField, SeveralFilesField
from yakuba.kernel.ui.forms import era_words
from yakuba.kernel.ui.presentation import error_lines, present


class Application(forms.Form):
    name = forms.CharField(label="氏名", help_text="住民票のとおりに", max_length=20)
    reason = forms.CharField(label="理由", widget=forms.Textarea, required=False)
    district = forms.ChoiceField(label="地区", choices=[("1", "坂下"), ("2", "若宮")])
    means = forms.ChoiceField(label="受取", choices=[("post", "郵送"), ("counter", "窓口")], widget=forms.RadioSelect)
    topics = forms.MultipleChoiceField(
        label="話題", choices=[("w", "水道")], widget=forms.CheckboxSelectMultiple, required=False
    )
    wanted_on = DateField(label="希望日")
    born_on = EraDateField(label="生年月日", required=False)
    papers = SeveralFilesField(label="書類", required=False, most=2)
    agreed = forms.BooleanField(label="同意します")
    version = forms.CharField(widget=forms.HiddenInput, required=False)


def rendered(field: Any, extra: str = "") -> str:
    source = '{% load ui %}{% cotton field :field="field" ' + extra + " only %}{% endcotton %}"
    return Template(source).render(Context({"field": field}))


class Elements(HTMLParser):
    """All elements with their attributes."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def first(self, tag: str) -> dict[str, str | None]:
        return next(attrs for name, attrs in self.found if name == tag)

    def ids(self) -> set[str | None]:
        return {attrs.get("id") for _, attrs in self.found}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("name", "text"), ("reason", "textarea"), ("district", "select"), ("means", "choices"), ("topics", "choices"),
     ("wanted_on", "date"), ("born_on", "date"), ("papers", "file"), ("agreed", "checkbox"), ("version", "hidden")],
)  # fmt: skip
def test_every_widget_has_its_kind(name: str, kind: str) -> None:
    assert present(Application()[name]).kind == kind


@pytest.mark.parametrize("name", list(Application.base_fields))
def test_everything_a_control_refers_to_stands_beside_it(name: str) -> None:
    for form in (Application(), Application({"means": "x"})):
        elements = Elements(rendered(form[name]))
        for _, attrs in elements.found:
            for reference in (attrs.get("aria-describedby") or "").split():
                assert reference in elements.ids(), reference
            if attrs.get("for"):
                assert attrs["for"] in elements.ids()


def test_help_and_error_are_both_read_with_the_control() -> None:
    control = Elements(rendered(Application({})["name"])).first("input")
    assert control["aria-describedby"] == "id_name_help id_name_error"
    assert control["aria-invalid"] == "true"
    assert "required" in control


def test_a_group_of_choices_has_a_legend_and_carries_its_error() -> None:
    body = rendered(Application({})["means"])
    elements = Elements(body)
    assert elements.first("fieldset")["aria-describedby"].strip() == "id_means_error"  # type: ignore[union-attr]
    assert "<legend" in body
    assert [attrs["value"] for tag, attrs in elements.found if tag == "input"] == ["post", "counter"]


def test_what_was_typed_and_what_is_wrong_is_escaped() -> None:
    form = Application({"name": '"><script>x</script>', "district": "<b>"})
    for name in ("name", "district"):
        assert "<script>" not in rendered(form[name])
        assert "<b>" not in rendered(form[name])


def test_required_is_said_in_words() -> None:
    assert "必須" in rendered(Application()["name"])
    assert "必須" not in rendered(Application()["reason"])
    assert "任意" in rendered(Application()["reason"], "optional")


def test_a_hidden_field_is_only_its_control() -> None:
    assert Elements(rendered(Application()["version"])).found[0][1]["type"] == "hidden"
    assert "label" not in rendered(Application()["version"])


def test_a_day_is_shown_with_its_era() -> None:
    body = rendered(Application(initial={"wanted_on": date(2026, 4, 1)})["wanted_on"])
    assert "令和8年4月1日" in body
    assert 'value="2026-04-01"' in body


def test_a_day_that_is_none_stays_in_the_line_as_typed() -> None:
    form = Application({"wanted_on": "令和8年2月30日"})
    control = Elements(rendered(form["wanted_on"])).first("input")
    assert control["value"] == "令和8年2月30日"
    assert control["type"] == "text"


@pytest.mark.parametrize("text", ["2026-04-01", "R8.4.1", "令和8年4月1日", "20260401", "Ｒ８．４．１"])
def test_days_are_understood_as_people_write_them(text: str) -> None:
    assert DateField().clean(text) == date(2026, 4, 1)
    assert EraDateField().clean(text) == date(2026, 4, 1)


def test_a_day_that_does_not_exist_is_named_and_the_way_out_too() -> None:
    with pytest.raises(forms.ValidationError) as refused:
        DateField().clean("令和8年2月30日")
    assert "令和8年2月30日" in refused.value.messages[0]
    assert "入力し直してください" in refused.value.messages[0]


def test_days_before_the_eras_are_written_plainly() -> None:
    assert era_words(date(1989, 1, 7)) == "昭和64年1月7日"
    assert era_words(date(1860, 3, 4)) == "1860年3月4日"


def test_the_error_summary_leads_to_the_first_control_of_each_field() -> None:
    lines = error_lines(Application({"name": "佐藤", "district": "1", "wanted_on": "2026-04-01"}))
    assert [(line.label, line.target) for line in lines] == [("受取", "id_means_0"), ("同意します", "id_agreed")]


def test_the_error_summary_shows_what_belongs_to_no_field_first() -> None:
    form = Application({"name": "佐藤"})
    form.add_error(None, "ほかの人が先に変更しました。")
    assert error_lines(form)[0].text == "ほかの人が先に変更しました。"
    assert error_lines(form)[0].target == ""


def test_a_form_without_errors_has_no_summary() -> None:
    body = Template('{% cotton error-summary :form="form" only %}{% endcotton %}').render(
        Context({"form": Application()})
    )
    assert body.strip() == ""


def files(*names: str) -> MultiValueDict[str, Any]:
    return MultiValueDict({"papers": [SimpleUploadedFile(name, b"x") for name in names]})


def test_several_files_come_as_a_list_and_too_many_are_refused() -> None:
    complete = QueryDict("name=a&district=1&means=post&wanted_on=2026-04-01&agreed=on")
    form = Application(complete, files("a.pdf", "b.pdf"))
    assert form.is_valid(), form.errors
    assert [file.name for file in form.cleaned_data["papers"]] == ["a.pdf", "b.pdf"]
    assert Application(complete).is_valid()
    many = Application(complete, files("a", "b", "c"))
    assert many.errors["papers"] == ["ファイルは2個までです（今回は3個）。"]


def test_missing_files_are_refused_where_they_are_required() -> None:
    class Strict(forms.Form):
        papers = SeveralFilesField(label="書類")

    assert "papers" in Strict({}, {}).errors
    assert "papers" in Strict({}, MultiValueDict({"papers": [SimpleUploadedFile("empty.pdf", b"")]})).errors
