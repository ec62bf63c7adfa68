"""Forms of an app's sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from yakuba.kernel.files.api import Kind, Limits
from yakuba.kernel.paper.api import SheetField
from yakuba.kernel.ui.api import TownForm

LIMITS = Limits(max_bytes=5 * 1024 * 1024).allowing(Kind.XLSX, Kind.DOCX)


class PaperForm(TownForm):
    """A sheet: its name and its file."""

    title = forms.CharField(label="様式の名前", max_length=60, help_text="例：備品貸出票、貸出台帳")
    file = forms.FileField(
        label="Excel か Word のファイル",
        help_text=f"いまお使いの様式をそのまま送れます。{LIMITS.words()}。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.docx"}),
        error_messages={"required": "ファイルを選んでください。", "empty": "ファイルが空（0 バイト）です。"},
    )


class MarksForm(TownForm):
    """Which field goes into which empty cell."""

    def __init__(self, *args: Any, places: Sequence[Any], fields: Sequence[SheetField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        options = [("", "入れない"), *((one.name, one.name) for one in fields)]
        for number, place in enumerate(places):
            self.fields[f"at_{number}"] = forms.ChoiceField(
                label=f"「{place.label}」の{place.cell}", choices=options, required=False
            )

    def lines(self) -> list[dict[str, Any]]:
        """The places with their controls."""
        return [{"place": place, "field": self[f"at_{number}"]} for number, place in enumerate(self.places)]

    def chosen(self) -> dict[tuple[str, str], str]:
        """Field name by sheet and cell."""
        return {
            (place.sheet, place.cell): self.cleaned_data[f"at_{number}"]
            for number, place in enumerate(self.places)
            if self.cleaned_data[f"at_{number}"]
        }
