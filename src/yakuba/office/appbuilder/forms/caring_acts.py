"""Forms of looking after an app: handing it over, closing it, opening it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from yakuba.kernel.ui.api import TownForm


class HandOverForm(TownForm):
    """A section and its people who manage the app from now on."""

    section = forms.ChoiceField(label="引き継ぐ所管課")
    keepers = forms.MultipleChoiceField(
        label="管理する人",
        help_text="引き継ぐ所管課の職員から選びます。いままで管理していた人は、選ばなければ管理しなくなります。",
    )
    reason = forms.CharField(label="理由", max_length=200, required=False, help_text="例：人事異動のため")

    def __init__(
        self, *args: Any, sections: Sequence[tuple[str, str]], staff: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["section"].choices = [("", "選んでください"), *sections]
        fields["keepers"].choices = list(staff)
        fields["keepers"].widget.attrs["size"] = 8


class ReasonForm(TownForm):
    """Why."""

    reason = forms.CharField(label="理由", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
