"""The form that takes an app's file in."""

from __future__ import annotations

from django import forms

from yakuba.kernel.ui.api import TownForm
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.package import LARGEST_PACKAGE, Package, read_package


class PackageForm(TownForm):
    """An app's file."""

    file = forms.FileField(
        label="アプリのファイル（.json）",
        help_text=f"ほかの役場や、この役場のアプリの「アプリを書き出す」で作ったファイル。{LARGEST_PACKAGE // 1_000_000}MBまで。",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": "ファイルを選んでください。", "empty": "ファイルが空（0 バイト）です。"},
    )

    def clean_file(self) -> Package:
        """The app in the file."""
        sent = self.cleaned_data["file"]
        content = sent.read(LARGEST_PACKAGE + 1)
        try:
            return read_package(content)
        except Refusal as refusal:
            raise forms.ValidationError(f"{refusal.message}{refusal.hint or ''}") from None
