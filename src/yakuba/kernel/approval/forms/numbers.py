"""The forms of document numbers."""

from __future__ import annotations

from django import forms

from yakuba.kernel.approval.forms.base import VerbForm
from yakuba.kernel.ui.api import DateField


class VoidForm(VerbForm):
    """Why a number is not used."""

    reason = forms.CharField(
        label="欠番にする理由",
        max_length=200,
        help_text="文書番号簿に残ります。個人の名前などは書かないでください。例：施行前に起案を取りやめた",
    )


class SymbolForm(VerbForm):
    """The symbol of a section from a day on."""

    symbol = forms.CharField(label="文書記号", max_length=10, help_text="漢字・かな・英大文字の1〜4文字")
    starts_on = DateField(label="この日から", help_text="すでに取った番号は変わりません。")
