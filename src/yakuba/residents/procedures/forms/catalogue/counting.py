"""Sheets of the catalogue and the yearly counts."""

from __future__ import annotations

from typing import Any

from django import forms

from yakuba.kernel.catalogue.rules.kinds import (
    ChannelKind,
)
from yakuba.kernel.ui.api import DateField
from yakuba.kernel.values.api import FiscalYear
from yakuba.residents.procedures.forms.catalogue.base import (
    CatalogueForm,
    lines,
)


class BaselineListForm(CatalogueForm):
    """The list behind the baseline."""

    as_of = DateField(
        label="基準日", help_text="計画の現状値の日。この日までにオンラインだった手続きだけを取り込みます"
    )
    file = forms.FileField(label="一覧のファイル（CSV・Excel）")


class SheetForm(CatalogueForm):
    """The whole catalogue as a sheet."""

    file = forms.FileField(
        label="表のファイル（CSV・Excel）", help_text="書き出した表を直したもの。版の列は消さないでください。"
    )
    note = forms.CharField(label="変えた理由", max_length=400, required=False)


class YearlyCountsForm(CatalogueForm):
    """The cases of one procedure in one year that this system did not receive, by channel."""

    source = forms.CharField(
        label="出典", max_length=400, help_text="何から数えたか（例：証明発行簿、ぴったりサービスの受付一覧）"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields.pop("source")
        for kind in ChannelKind:
            self.fields[kind.value] = forms.IntegerField(
                label=kind.label, required=False, min_value=0, max_value=10_000_000
            )
            self.fields[f"{kind.value}_seen"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, min_value=0, max_value=10_000_000
            )
        self.fields["source"] = source


class PublishForm(CatalogueForm):
    """Publishing the table of a year."""

    note = forms.CharField(
        label="注記",
        max_length=400,
        required=False,
        widget=lines(2),
        help_text="数え方や、直した理由など。公開ページに出ます",
    )


def years_to_choose(today_year: FiscalYear) -> list[tuple[str, str]]:
    """The fiscal years counts are entered for: this one and the six before."""
    return [(str(today_year.year - back), FiscalYear(today_year.year - back).label) for back in range(7)]
