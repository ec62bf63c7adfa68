"""Forms of those who build the process of an app: its states, one button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from yakuba.kernel.approval.api import Decider
from yakuba.kernel.ui.api import TownForm
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.forms.setting import SettingRows
from yakuba.office.appbuilder.rules.definition import AppDefinition, ComputedAs, FieldType
from yakuba.office.appbuilder.rules.formula import in_formula, read_formula
from yakuba.office.appbuilder.rules.guessing import key_for
from yakuba.office.appbuilder.rules.process import MOST_ASKED, Approval, Button, By, Process
from yakuba.office.appbuilder.rules.values import Names


class StatesForm(TownForm):
    """Which state a new record has, and where the way ends."""

    start = forms.ChoiceField(label="最初の状態", help_text="新しい記録と、取り込んだ記録がこの状態になります。")
    ends = forms.MultipleChoiceField(
        label="終わりの状態",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="先に進むボタンがなくてよい状態です。",
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], before: Process | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["start"].choices = fields["ends"].choices = choices
        if before is not None:
            self.initial.update({"start": before.start, "ends": list(before.ends)})


class ButtonForm(TownForm):
    """One button of the process."""

    label = forms.CharField(label="ボタンの名前", max_length=30, help_text="例：貸し出す、返却を受ける")
    states = forms.MultipleChoiceField(
        label="出す状態", widget=forms.CheckboxSelectMultiple, help_text="記録がこの状態のときに、ボタンを出します。"
    )
    to = forms.ChoiceField(label="押したあとの状態")
    groups = forms.MultipleChoiceField(
        label="押せるグループ",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="「権限」のグループです。その人の権限を決めているグループで見ます。",
    )
    maker = forms.BooleanField(label="記録を作った人も押せる", required=False)
    people = forms.MultipleChoiceField(
        label="押せる人を決める項目",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="「職員」の項目に入っている人が押せます。",
    )
    rule = forms.CharField(
        label="条件",
        required=False,
        max_length=2000,
        help_text="例：「数量」<= 3。満たさないときは、ボタンを出しません。",
    )
    asks = forms.MultipleChoiceField(
        label="押すときに必要な項目",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="空のままでは押せません。押す人が書ける項目は、押すときに尋ねます。",
    )
    confirm = forms.CharField(
        label="押す前に見せる文", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    kind = forms.CharField(
        label="決裁の種類",
        required=False,
        max_length=40,
        help_text="書くと、押したときに決裁を求め、承認されてから状態が変わります。例：高額備品の貸出。同じ名前の決裁ルートがあれば、それに従います。",
    )
    decider = forms.ChoiceField(
        label="決裁する人（ルートがないとき）", required=False, choices=[(one.value, one.label) for one in Decider]
    )
    section = forms.ChoiceField(
        label="決裁する所属",
        required=False,
        choices=[("owner", "アプリの所管課"), ("presser", "押した人の課")],
    )
    amount = forms.ChoiceField(label="専決の金額にする項目", required=False)
    refused = forms.ChoiceField(label="否決されたときの状態", required=False)

    def __init__(
        self,
        *args: Any,
        definition: AppDefinition,
        process: Process,
        groups: Sequence[str],
        names: Names,
        before: Button | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.definition, self.process, self.before = definition, process, before
        field = definition.field(process.field)
        states = [(one.key, one.label) for one in field.choices if one.is_used] if field else []
        typed = [(one.key, one.label) for one in definition.fields if one.key in definition.by_hand]
        gone = [
            (name, f"{name}（権限にありません）") for name in (before.groups if before else ()) if name not in groups
        ]
        offered: dict[str, list[tuple[str, str]]] = {
            "states": states,
            "to": states,
            "refused": [("", "変えない"), *states],
            "groups": [*((name, name) for name in groups), *gone],
            "people": [(one.key, one.label) for one in definition.fields if one.type is FieldType.PERSON],
            "asks": typed,
            "amount": [
                ("", "使わない"),
                *(
                    (one.key, one.label)
                    for one in definition.fields
                    if one.type is FieldType.YEN or (one.type is FieldType.COMPUTED and one.gives is ComputedAs.YEN)
                ),
            ],
        }
        fields: Any = self.fields
        for name, choices in offered.items():
            fields[name].choices = choices
        if not offered["people"]:
            del self.fields["people"]
        self.rows = SettingRows(
            self,
            definition,
            names=names,
            before=before.sets if before else (),
            keys=definition.by_hand,
            kinds=(By.TODAY, By.NOW, By.PRESSER, By.CONSTANT, By.EMPTY),
        )
        if before is not None:
            self.initial.update(self._shown(before))

    def _shown(self, one: Button) -> dict[str, Any]:
        shown: dict[str, Any] = {
            name: getattr(one, name)
            for name in ("label", "states", "to", "groups", "maker", "people", "asks", "confirm")
        }
        shown["rule"] = in_formula(one.rule, self.definition)
        if one.approval is not None:
            shown |= one.approval.model_dump(mode="json")
        return shown

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        sets = self.rows.read(cleaned)
        try:
            rule = read_formula(cleaned.get("rule", ""), self.definition)
        except Refusal as refusal:
            self.add_error("rule", f"{refusal.message}{refusal.hint or ''}")
            rule = None
        if len(cleaned.get("asks", ())) > MOST_ASKED:
            self.add_error("asks", f"{MOST_ASKED}項目までです。")
        if self.errors:
            return cleaned
        key = self.before.key if self.before else key_for(cleaned["label"], {one.key for one in self.process.buttons})
        approval = None
        if cleaned["kind"].strip():
            given = {name: cleaned[name] for name in ("amount", "refused")}
            approval = Approval.model_validate(
                {
                    **given,
                    "kind": cleaned["kind"].strip(),
                    "decider": cleaned["decider"] or "section_head",
                    "section": cleaned["section"] or "owner",
                }
            )
        self.made = Button(
            key=key,
            rule=rule,
            sets=sets,
            approval=approval,
            people=cleaned.get("people", ()),
            **{name: cleaned[name] for name in ("label", "states", "to", "groups", "maker", "asks", "confirm")},
        )
        return cleaned
