"""A form refuses a My Number at its field, keeps what was typed, and lets nobody else see the number."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from yakuba.kernel.ui.api import DateField, SeveralFilesField, TownForm, without_my_number
from yakuba.kernel.values.api import Refusal

MINE = "123456789018"  # a made-up number with a valid check digit


class Letter(TownForm):
    numbers_allowed = {"parcel": "numbers of parcels have twelve digits"}

    title = forms.CharField(label="題名")
    body = forms.CharField(label="本文", widget=forms.Textarea, required=False)
    amount = forms.IntegerField(label="金額", required=False)
    on = DateField(label="日付", required=False)
    district = forms.ChoiceField(label="地区", choices=[(MINE, "坂下")], required=False)
    parcel = forms.CharField(label="荷物の番号", required=False)
    password = forms.CharField(label="パスワード", widget=forms.PasswordInput, required=False)
    code = forms.CharField(
        label="番号", widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}), required=False
    )
    papers = SeveralFilesField(label="書類", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heard: list[str] = []

    def clean_title(self) -> str:
        self.heard.append(self.cleaned_data["title"])
        return str(self.cleaned_data["title"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.heard += [str(value) for value in values.values()]
        if not values.get("title") and "title" not in self.errors:
            self.add_error("title", "題名がありません。")
        return values


@pytest.mark.parametrize("field", ["title", "body", "amount", "on"])
@pytest.mark.parametrize("typed", [MINE, "１２３４－５６７８－９０１８", "母の番号は1234 5678 9018です"])
def test_a_my_number_is_refused_at_the_field_in_which_it_was_typed(field: str, typed: str) -> None:
    form = Letter({"title": "お願い"} | {field: typed})
    assert not form.is_valid()
    assert list(form.errors) == [field]
    (said,) = form.errors[field]
    assert "個人番号（マイナンバー）" in said and "番号を消して" in said
    assert typed not in said and MINE not in said


@pytest.mark.parametrize("typed", ["123456789019", "7000012050002", "090-1234-5678", "+81 90-1234-5678", f"{MINE}3456"])
def test_other_numbers_are_taken(typed: str) -> None:
    assert Letter({"title": typed}).is_valid()


def test_what_was_typed_stays_on_the_page() -> None:
    form = Letter({"title": f"番号 {MINE}", "body": "長い手紙"})
    body = Template('{% cotton field :field="field" only %}{% endcotton %}').render(Context({"field": form["title"]}))
    assert f'value="番号 {MINE}"' in body and 'aria-invalid="true"' in body
    assert form["body"].value() == "長い手紙"
    assert form.cleaned_data["body"] == "長い手紙"


def test_no_code_of_the_form_gets_to_see_the_number() -> None:
    form = Letter({"title": MINE, "body": MINE})
    assert not form.is_valid()
    assert not [text for text in form.heard if MINE in text]
    assert "title" not in form.cleaned_data and "body" not in form.cleaned_data


def test_secrets_choices_and_exceptions_are_not_looked_at() -> None:
    form = Letter({"title": "a", "password": MINE, "code": MINE, "district": MINE, "parcel": MINE})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["parcel"] == MINE


def test_the_name_of_a_file_is_looked_at_and_its_content_is_not() -> None:
    def sent(name: str) -> Letter:
        return Letter({"title": "a"}, MultiValueDict({"papers": [SimpleUploadedFile(name, MINE.encode())]}))

    assert sent("手紙.txt").is_valid()
    (said,) = sent(f"{MINE}の手紙.pdf").errors["papers"]
    assert "ファイルの名前" in said and "選んでください" in said


def test_a_form_with_a_prefix_refuses_too() -> None:
    assert Letter({"second-title": MINE}, prefix="second").has_error("title", "my_number")


@pytest.mark.parametrize(("language", "words"), [("en", "Individual Number"), ("ja-easy", "マイナンバーは ここに")])
def test_residents_read_the_refusal_in_their_language(language: str, words: str) -> None:
    with translation.override(language):
        assert words in Letter({"title": MINE}).errors["title"][0]


def test_a_text_read_without_a_form_is_refused_with_the_way_out() -> None:
    assert without_my_number("資料が足りない", field="reason") == "資料が足りない"
    with pytest.raises(Refusal) as refused:
        without_my_number(f"番号は{MINE}", field="reason")
    assert refused.value.field == "reason" and refused.value.hint
    assert MINE not in str(refused.value) + refused.value.hint
