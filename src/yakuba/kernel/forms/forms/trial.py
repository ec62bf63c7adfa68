"""How a trial begins: in which language, and through which door."""

from __future__ import annotations

from typing import Any

from django import forms

from yakuba.kernel.forms.rules.naming import CHANNELS
from yakuba.kernel.ui.api import TownForm


class TrialForm(TownForm):
    """The facts a form may ask for without asking."""

    language = forms.ChoiceField(
        label="言語", choices=(("ja", "日本語"), ("ja-easy", "やさしい日本語"), ("en", "English")), widget=forms.RadioSelect,
        initial="ja",
    )  # fmt: skip
    channel = forms.ChoiceField(label="受付の方法", choices=tuple(CHANNELS.items()), initial="online")
    is_agent = forms.BooleanField(label="代理人として手続きする", required=False)
    has_mandate = forms.BooleanField(label="委任が町に登録されている", required=False)
    is_signed_in = forms.BooleanField(label="ログインしている", required=False)
    is_certified = forms.BooleanField(label="マイナンバーカードなどで本人を確認した", required=False)

    @property
    def facts(self) -> dict[str, Any]:
        """The facts as rules name them (``facts.channel``)."""
        names = ("channel", "is_agent", "has_mandate", "is_signed_in", "is_certified")
        return {name: self.cleaned_data[name] for name in names}
