"""Forms of the sheets' pages."""

from __future__ import annotations

from typing import Any

from django import forms

from yakuba.kernel.organisation.models import Section
from yakuba.kernel.paper.sheets.fields import SheetKind
from yakuba.kernel.ui.api import TownForm


class SheetFileForm(TownForm):
    """A new file for a sheet."""

    file = forms.FileField(label="様式のファイル", allow_empty_file=True)

    def __init__(self, *args: Any, kind: SheetKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        field.widget.attrs["accept"] = kind.extension
        field.help_text = f"{kind.label}（{kind.extension}）。次の画面で項目を確かめ、試し刷りをしてから使い始めます。"


class AdoptForm(TownForm):
    """Why the file is put in use; `seen` is the version the person looked at."""

    reason = forms.CharField(
        label="差し替えの理由", max_length=200, help_text="例：規則の改正（令和8年4月1日施行）のため"
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)


class RestoreForm(TownForm):
    """Back to an earlier version."""

    number = forms.IntegerField(min_value=0, max_value=1_000_000)
    seen = forms.IntegerField(min_value=0, max_value=1_000_000)


class SectionForm(TownForm):
    """Which section looks after the sheet."""

    section = forms.ModelChoiceField(
        label="担当",
        queryset=Section.objects.none(),
        required=False,
        empty_label="決めない（事務局と情報システム担当だけが差し替える）",
        to_field_name="public_id",
        help_text="担当課の職員も、この様式を差し替えられるようになります。",
    )

    def __init__(self, *args: Any, sections: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = sections  # type: ignore[attr-defined]
