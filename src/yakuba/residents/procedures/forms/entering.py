"""The forms with which a clerk enters what came by telephone, over the counter or on paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from yakuba.kernel.cases.rules.parties import Arrival
from yakuba.kernel.ui.api import EraDateField
from yakuba.residents.procedures.forms.act import ActForm

_WAYS = [(one.value, one.label) for one in (Arrival.COUNTER, Arrival.PHONE, Arrival.POST, Arrival.OTHER)]


class BeginForm(ActForm):
    """How it came, who it is about: found in the register, or written by hand."""

    arrival = forms.ChoiceField(
        label="受付の方法", choices=_WAYS, widget=forms.RadioSelect, initial=Arrival.COUNTER.value
    )
    form = forms.ChoiceField(label="どの様式ですか", required=False)
    is_agent = forms.BooleanField(label="代理人からの受付です", required=False)
    name = forms.CharField(label="氏名かフリガナ", required=False, max_length=60)
    born_on = EraDateField(label="生年月日", required=False)
    address = forms.CharField(label="住所の一部", required=False, max_length=60)
    resident = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(choices)
        field: Any = self.fields["form"]
        field.choices = offered
        if len(offered) < 2:
            field.widget = forms.HiddenInput()


class AgentForm(ActForm):
    """Who acts for the applicant."""

    name = forms.CharField(label="代理人の氏名", max_length=120)
    kana = forms.CharField(label="フリガナ", required=False, max_length=120)
    phone = forms.CharField(label="電話", required=False, max_length=30)
    address = forms.CharField(label="住所", required=False, max_length=300)


class SendForm(ActForm):
    """The last look: whether the person gets a password for looking the case up."""

    with_password = forms.BooleanField(
        label="本人が状況を確かめるためのパスワードを発行する", required=False, initial=True,
        help_text="控えに印刷されます。電話のときは、読み上げて伝えてください。",
    )  # fmt: skip
