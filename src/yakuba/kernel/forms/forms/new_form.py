"""A new form: from nothing, from another form, from the library, from a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from yakuba.kernel.forms.models import Form
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.ui.api import TownForm

SOURCES = (
    ("blank", "白紙から作る"),
    ("copy", "ほかの様式を写す"),
    ("library", "備え付けの様式から作る"),
    ("file", "ファイルから作る（Excelの質問一覧、XLSForm、JSON）"),
)


class NewFormForm(TownForm):
    """What a new form begins with. Only the fields of the chosen source must be filled in."""

    source = forms.ChoiceField(label="作り方", choices=SOURCES, widget=forms.RadioSelect, initial="blank")
    title = forms.CharField(
        label="題名", max_length=120, required=False,
        help_text="例：放課後児童クラブの利用申込。ファイルから作るときは、空欄ならファイルの題名になります。",
    )  # fmt: skip
    copy = forms.ModelChoiceField(
        label="写す様式",
        queryset=Form.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label="選んでください",
    )
    library = forms.ChoiceField(label="備え付けの様式", required=False)
    file = forms.FileField(
        label="ファイル", required=False, allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.json"}),
        help_text="Excelの質問一覧（.xlsx）、XLSForm（.xlsx）、様式の定義（.json）。",
    )  # fmt: skip
    section = forms.ModelChoiceField(
        label="担当", queryset=Section.objects.none(), to_field_name="public_id", empty_label="選んでください",
        help_text="この課・班の職員が、様式を変え、申請を受け付けます。",
    )  # fmt: skip
    key = forms.CharField(
        label="様式の名前（英数字）", max_length=60, required=False,
        help_text="町の中でただ一つの名前です。空欄なら自動で付けます。例：after-school-club",
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, copies: QuerySet[Form], library: Sequence[tuple[str, str]],
        sections: QuerySet[Section], source: str = "blank", own: Section | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, files, initial={"source": source, "section": own.public_id if own else None})
        self.fields["copy"].queryset = copies  # type: ignore[attr-defined]
        self.fields["library"].choices = [("", "選んでください"), *library]  # type: ignore[attr-defined]
        self.fields["section"].queryset = sections  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        source = cleaned.get("source")
        needed = {"blank": "title", "copy": "copy", "library": "library", "file": "file"}.get(source or "")
        if needed and not cleaned.get(needed) and needed not in self.errors:
            words = {"title": "題名を入力してください。", "file": "ファイルを選んでください。"}
            self.add_error(needed, words.get(needed, "元にする様式を選んでください。"))
        return cleaned


class FileForm(TownForm):
    """A file for a draft that is there already."""

    file = forms.FileField(
        label="ファイル", allow_empty_file=True, widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.json"}),
        help_text="Excelの質問一覧（.xlsx）、XLSForm（.xlsx）、様式の定義（.json）。取り込む前に、違うところを表示します。",
    )  # fmt: skip


class SheetForm(TownForm):
    """A sheet of the town that is filled from the answers."""

    title = forms.CharField(label="題名", max_length=120, help_text="例：様式第1号 利用申込書")
    kind = forms.ChoiceField(
        label="ファイルの種類", choices=(("word", "Word"), ("excel", "Excel")), widget=forms.RadioSelect
    )
