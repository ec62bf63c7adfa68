"""Which answers are to go out, and as what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from yakuba.kernel.ui.api import DateField, TownForm

SHAPES = (
    ("xlsx", "Excel（くり返しの質問は別のシート）"),
    ("csv", "CSV（UTF-8）"),
    ("cp932", "CSV（古いExcel用、Shift_JIS）"),
    ("json", "JSON（ほかのシステム用、構造の説明つき）"),
)


class AnswersOutForm(TownForm):
    """One procedure, a period of receipt, a shape of file."""

    procedure = forms.ChoiceField(label="手続き", error_messages={"required": "手続きを選んでください。"})
    since = DateField(label="受付日（から）", required=False, help_text="空欄のときは、はじめから")
    until = DateField(label="受付日（まで）", required=False, help_text="空欄のときは、きょうまで")
    shape = forms.ChoiceField(label="形式", choices=SHAPES, widget=forms.RadioSelect, initial="xlsx")

    def __init__(self, *args: Any, procedures: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["procedure"].choices = [("", "選んでください"), *procedures]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        since: date | None = given.get("since")
        until: date | None = given.get("until")
        if since and until and since > until:
            self.add_error("until", "「から」より後の日にしてください。")
        return given
