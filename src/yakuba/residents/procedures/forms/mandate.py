"""What a clerk enters about a mandate (委任) that was handed in at the counter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from yakuba.kernel.people.api import MandateKind, Party
from yakuba.kernel.ui.api import DateField, EraDateField, TownForm
from yakuba.residents.procedures.forms.act import ActForm, words_field

CHOSEN, EVERYTHING = "chosen", "everything"
_FIELD_OF = {"principal": "principal_name", "agent": "agent_name", "scope": "procedures"}
_MAIL = {"autocomplete": "off", "class": "input--medium", "inputmode": "email"}


class FindForm(TownForm):
    """A name, or a part of it."""

    name = forms.CharField(
        label="本人か代理人の氏名",
        max_length=60,
        required=False,
        help_text="2文字以上。字体の違い（髙と高など）や空白は、区別しません。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )


class MandateForm(ActForm):
    """The paper, line by line, and the accounts of those it names."""

    kind = forms.ChoiceField(
        label="何による代理ですか",
        choices=[(one.value, one.label) for one in MandateKind],
        widget=forms.RadioSelect,
        initial=MandateKind.LETTER.value,
    )
    principal_name = forms.CharField(
        label="本人の氏名", max_length=120, help_text="法人や団体は、名称を書いてください。"
    )
    principal_born_on = EraDateField(
        label="本人の生年月日",
        required=False,
        help_text="法人・団体のほかは必ず。手続きをするとき、同じ名前の別の人と区別します。",
    )
    principal_address = forms.CharField(label="本人の住所", max_length=300)
    principal_mail = forms.EmailField(
        label="本人のアカウントのメールアドレス",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs=_MAIL),
        help_text="利用登録がある人だけ。代理人が出した手続きを、本人も自分の画面で見られます。",
    )
    agent_name = forms.CharField(label="代理人の氏名", max_length=120)
    agent_address = forms.CharField(label="代理人の住所", max_length=300)
    agent_mail = forms.EmailField(
        label="代理人のアカウントのメールアドレス",
        max_length=254,
        widget=forms.EmailInput(attrs=_MAIL),
        help_text="登録した委任は、このアカウントでログインした人が使えます。",
    )
    scope = forms.ChoiceField(
        label="委任する手続き",
        choices=[(CHOSEN, "下で選んだ手続きだけ"), (EVERYTHING, "すべての手続き（これから始まるものも）")],
        widget=forms.RadioSelect,
        initial=CHOSEN,
    )
    procedures = forms.MultipleChoiceField(label="手続き", required=False, widget=forms.CheckboxSelectMultiple)
    starts_on = DateField(label="始まりの日")
    last_day = DateField(
        label="終わりの日",
        required=False,
        help_text="委任状と法人・団体の担当者は、1年以内の日。親権者は空欄にすると成年になる前の日まで、"
        "成年後見人などは終わりが決まっていなければ空欄にします。",
    )
    evidence_note = forms.CharField(
        label="確かめた書類", max_length=170, help_text="例：委任状（原本）と、代理人の運転免許証"
    )

    def __init__(self, *args: Any, procedures: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["procedures"]
        field.choices = list(procedures)
        self.titles = dict(field.choices)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        needs_birth = said.get("kind") != MandateKind.OFFICER.value
        if needs_birth and not said.get("principal_born_on") and "principal_born_on" not in self.errors:
            self.add_error("principal_born_on", "生年月日を入力してください。")
        if said.get("scope") == CHOSEN and not said.get("procedures") and "procedures" not in self.errors:
            self.add_error("procedures", "手続きを選ぶか、「すべての手続き」を選んでください。")
        return said

    def clean_principal_born_on(self) -> date | None:
        born: date | None = self.cleaned_data["principal_born_on"]
        if born is not None and born.year < 1900:
            raise forms.ValidationError("生年月日を確かめてください。")
        return born

    def add_error(self, field: str | None, error: Any) -> None:
        """Refusals of the verb name the parties; here each has several fields."""
        super().add_error(_FIELD_OF.get(field, field) if field and field not in self.fields else field, error)

    @property
    def mandate_kind(self) -> MandateKind:
        return MandateKind(self.cleaned_data["kind"])

    @property
    def is_for_everything(self) -> bool:
        return bool(self.cleaned_data["scope"] == EVERYTHING)

    def chosen_titles(self) -> list[str]:
        """The chosen procedures as they are called."""
        return [] if self.is_for_everything else [self.titles[key] for key in self.cleaned_data["procedures"]]

    def principal(self, account: str) -> Party:
        said = self.cleaned_data
        return Party(said["principal_name"], account, said["principal_address"], said["principal_born_on"])

    def agent(self, account: str) -> Party:
        said = self.cleaned_data
        return Party(said["agent_name"], account, said["agent_address"])


class SureForm(ActForm):
    """What a clerk states when the name of an account is not the name on the paper."""

    is_sure = forms.BooleanField(
        label="名前は違いますが、この人のアカウントであることを、本人の画面などで確かめました",
        required=True,
        error_messages={"required": "確かめてから、印を付けてください。"},
    )


class RevokeForm(ActForm):
    """Why a mandate is over."""

    reason = words_field(
        "取り消す理由",
        rows=2,
        longest=200,
        help_text="例：本人からの申出（窓口）、本人の死亡、後見の終了。本人と代理人には、取り消されたことだけを知らせます。",
    )
