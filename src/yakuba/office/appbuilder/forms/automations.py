"""Forms of those who build automations: when one runs, one of its actions, a place outside, an allowed host."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from yakuba.kernel.ui.api import TownForm
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.forms.setting import SettingRows
from yakuba.office.appbuilder.rules.automations import (
    LONGEST_TEXT,
    WEEKDAYS,
    Automation,
    Create,
    Given,
    Mapped,
    Notify,
    Rhythm,
    SetFields,
    Webhook,
    When,
)
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.formula import in_formula, read_formula
from yakuba.office.appbuilder.rules.guessing import key_for
from yakuba.office.appbuilder.rules.process import By
from yakuba.office.appbuilder.rules.values import Names

MOST_MAPPED = 20


class AutomationForm(TownForm):
    """When an automation runs. What does not belong to its kind is left out."""

    name = forms.CharField(label="名前", max_length=60, help_text="例：返却のお願い。知らせの題にもなります。")
    is_on = forms.BooleanField(label="動かす", required=False)
    fields_watched = forms.MultipleChoiceField(
        label="きっかけの項目",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="選んだ項目のどれかが変わったときだけ動きます。一つも選ばないと、どの項目が変わっても動きます。",
    )
    reached = forms.ChoiceField(label="なったら動く状態")
    day_field = forms.ChoiceField(
        label="日付の項目", help_text="検索・絞り込みか並べ替えに使う日付の項目から選べます。"
    )
    days = forms.IntegerField(label="日数", min_value=0, max_value=400, help_text="0は当日です。")
    side = forms.ChoiceField(label="前か後か", choices=[("after", "日後"), ("before", "日前")])
    rhythm = forms.ChoiceField(label="いつ", choices=[(one.value, one.label) for one in Rhythm])
    weekday = forms.ChoiceField(
        label="曜日（毎週のとき）", choices=[(str(number), f"{name}曜") for number, name in enumerate(WEEKDAYS)]
    )
    day = forms.IntegerField(
        label="日（毎月のとき）", min_value=1, max_value=31, help_text="31は、その月の最後の日になります。"
    )
    hour = forms.IntegerField(label="時（0〜23）", min_value=0, max_value=23, help_text="10分以内に始まります。")
    rule = forms.CharField(
        label="条件",
        required=False,
        max_length=2000,
        help_text='条件に合う記録だけが対象です。例：「状態」= "貸出中" かつ 「数量」>= 2',
    )

    def __init__(
        self, *args: Any, kind: When, definition: AppDefinition, before: Automation | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.definition, self.before = kind, definition, before
        for name in self.fields.keys() - _asked(kind):
            del self.fields[name]
        fields: Any = self.fields
        if "fields_watched" in self.fields:
            fields["fields_watched"].choices = [(one.key, one.label) for one in definition.stored]
        if "reached" in self.fields:
            fields["reached"].choices = [
                (f"{one.key}:{choice.key}", f"{one.label}：{choice.label}")
                for one in definition.fields
                if one.type is FieldType.STATUS
                for choice in one.choices
                if choice.is_used
            ]
        if "day_field" in self.fields:
            fields["day_field"].choices = [
                (one.key, one.label) for one in definition.stored if one.value_type.value == "date" and one.has_cell
            ]
        self.initial.update(self._shown(before))

    def _shown(self, one: Automation | None) -> dict[str, Any]:
        if one is None:
            return {"is_on": True, "days": 1, "side": "after", "hour": 8, "day": 1}
        return {
            "name": one.name,
            "is_on": one.is_on,
            "fields_watched": list(one.fields),
            "reached": f"{one.field}:{one.state}",
            "day_field": one.field,
            "days": abs(one.days),
            "side": "before" if one.days < 0 else "after",
            "rhythm": one.rhythm.value,
            "weekday": str(one.weekday),
            "day": one.day,
            "hour": one.hour,
            "rule": in_formula(one.rule, self.definition),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        try:
            rule = read_formula(cleaned.get("rule", ""), self.definition)
        except Refusal as refusal:
            self.add_error("rule", f"{refusal.message}{refusal.hint or ''}")
            return cleaned
        if self.errors:
            return cleaned
        field, _, state = cleaned.get("reached", "").partition(":")
        days = cleaned.get("days", 0)
        taken = {one.key for one in self.definition.automations}
        self.made = Automation(
            key=self.before.key if self.before else key_for(cleaned["name"], taken),
            name=cleaned["name"],
            is_on=cleaned["is_on"],
            when=self.kind,
            fields=tuple(cleaned.get("fields_watched", ())),
            field=field or cleaned.get("day_field", ""),
            state=state,
            days=-days if cleaned.get("side") == "before" else days,
            hour=cleaned.get("hour", 8),
            rhythm=Rhythm(cleaned.get("rhythm", "daily")),
            weekday=int(cleaned.get("weekday", 0)),
            day=cleaned.get("day", 1),
            rule=rule,
            actions=self.before.actions if self.before else (),
        )
        return cleaned


def _asked(kind: When) -> set[str]:
    more = {
        When.CHANGED: {"fields_watched"},
        When.REACHED: {"reached"},
        When.DAY: {"day_field", "days", "side", "hour"},
        When.EVERY: {"rhythm", "weekday", "day", "hour"},
    }
    return {"name", "is_on", "rule"} | more.get(kind, set())


class NotifyForm(TownForm):
    """Whom to tell what."""

    text = forms.CharField(
        label="知らせる文",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="「項目の名前」は、その記録の値に置き換わります。その項目を見られない人には、値を見せません。",
    )
    maker = forms.BooleanField(label="記録を作った人", required=False)
    people = forms.MultipleChoiceField(label="項目の職員", required=False, widget=forms.CheckboxSelectMultiple)
    sections = forms.MultipleChoiceField(label="項目の所属の全員", required=False, widget=forms.CheckboxSelectMultiple)
    groups = forms.MultipleChoiceField(label="グループの全員", required=False, widget=forms.CheckboxSelectMultiple)
    staff = forms.MultipleChoiceField(
        label="決まった職員",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="Ctrl キーを押しながら、いくつか選べます。",
    )

    def __init__(
        self,
        *args: Any,
        definition: AppDefinition,
        groups: Sequence[str],
        staff: Sequence[tuple[str, str]],
        before: Notify | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        for name, kind in (("people", FieldType.PERSON), ("sections", FieldType.SECTION)):
            fields[name].choices = [(one.key, one.label) for one in definition.fields if one.type is kind]
            if not fields[name].choices:
                del self.fields[name]
        gone = [name for name in (before.groups if before else ()) if name not in groups]
        fields["groups"].choices = [(name, name) for name in (*groups, *gone)]
        left = [(key, "（いない職員）") for key in (before.staff if before else ()) if key not in dict(staff)]
        fields["staff"].choices = [*staff, *left]
        if before is not None:
            self.initial.update(before.model_dump(mode="json"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = [name for name in ("maker", "people", "sections", "groups", "staff") if cleaned.get(name)]
        if not self.errors and not chosen:
            self.add_error(None, "知らせる相手を一つ以上選んでください。")
        if not self.errors:
            self.made = Notify(
                does="notify", **{name: value for name, value in cleaned.items() if name in Notify.model_fields}
            )
        return cleaned


class SetForm(TownForm):
    """Which fields are set to what."""

    def __init__(
        self, *args: Any, definition: AppDefinition, names: Names, before: SetFields | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = SettingRows(
            self,
            definition,
            names=names,
            before=before.sets if before else (),
            keys=frozenset(one.key for one in definition.fields if one.type.is_typed),
            kinds=(By.CONSTANT, By.TODAY, By.NOW, By.EMPTY),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        sets = self.rows.read(cleaned)
        if not self.errors and not sets:
            self.add_error(None, "項目を一つ以上選んでください。")
        if not self.errors:
            self.made = SetFields(does="set", sets=sets)
        return cleaned


class CreateForm(TownForm):
    """What each field of the new record gets: a field of this record, the day, the record itself, or written words."""

    def __init__(
        self,
        *args: Any,
        app: str,
        targets: Sequence[AppField],
        definition: AppDefinition,
        before: Create | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.app, self.targets = app, [one for one in targets if one.type.is_in_sheets][:MOST_MAPPED]
        held = {one.to: one for one in (before.fields if before and before.app == app else ())}
        sources = [
            (f"{Given.FIELD.value}:{one.key}", f"「{one.label}」")
            for one in definition.stored
            if not one.type.holds_files
        ]
        options = [
            ("", "—"),
            *sources,
            (Given.TODAY.value, Given.TODAY.label),
            (Given.RECORD.value, Given.RECORD.label),
            (Given.CONSTANT.value, Given.CONSTANT.label),
        ]
        for one in self.targets:
            self.fields[f"from_{one.key}"] = forms.ChoiceField(
                label=f"「{one.label}」に入れるもの",
                required=False,
                choices=options,
                widget=forms.Select(attrs={"class": "select"}),
            )
            self.fields[f"value_{one.key}"] = forms.CharField(
                label=f"「{one.label}」の決まった値",
                required=False,
                max_length=1000,
                widget=forms.TextInput(attrs={"class": "input"}),
            )
            mapped = held.get(one.key)
            if mapped is not None:
                is_field = mapped.given is Given.FIELD
                self.initial[f"from_{one.key}"] = f"field:{mapped.value}" if is_field else mapped.given.value
                self.initial[f"value_{one.key}"] = mapped.value if mapped.given is Given.CONSTANT else ""

    def lines(self) -> list[dict[str, Any]]:
        """The fields of the other app with their controls."""
        return [
            {"field": one, "source": self[f"from_{one.key}"], "value": self[f"value_{one.key}"]} for one in self.targets
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        mapped = []
        for one in self.targets:
            given, _, key = cleaned.get(f"from_{one.key}", "").partition(":")
            if not given:
                continue
            value = key if given == Given.FIELD.value else cleaned.get(f"value_{one.key}", "")
            if given == Given.CONSTANT.value and not value.strip():
                self.add_error(f"value_{one.key}", "入れる値を書いてください。")
                continue
            mapped.append(Mapped(to=one.key, given=Given(given), value=value if given in ("field", "constant") else ""))
        if not self.errors and not mapped:
            self.add_error(None, "項目を一つ以上選んでください。")
        if not self.errors:
            self.made = Create(does="create", app=self.app, fields=tuple(mapped))
        return cleaned


class WebhookForm(TownForm):
    """Where to send which fields."""

    hook = forms.ChoiceField(label="送り先")
    fields_sent = forms.MultipleChoiceField(
        label="送る項目",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="選んだ項目の値だけが庁外に出ます。個人情報は、外部提供の決まりを確かめてから選んでください。",
    )

    def __init__(
        self,
        *args: Any,
        definition: AppDefinition,
        hooks: Sequence[tuple[str, str]],
        before: Webhook | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["hook"].choices = hooks
        fields["fields_sent"].choices = [
            (one.key, one.label if one.data_class.value == "open" else f"{one.label}（{one.data_class.label}）")
            for one in definition.stored
            if not one.type.holds_files
        ]
        if before is not None:
            self.initial.update({"hook": before.hook, "fields_sent": list(before.fields)})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self.made = Webhook(does="webhook", hook=cleaned["hook"], fields=tuple(cleaned["fields_sent"]))
        return cleaned


class HookForm(TownForm):
    """A place outside an app may tell."""

    name = forms.CharField(label="名前", max_length=60, help_text="例：県の防災システム")
    url = forms.CharField(label="URL", max_length=500, help_text="https:// で始まる、許可されたホストのURL")


class HostForm(TownForm):
    """A host outside that apps may tell."""

    host = forms.CharField(
        label="ホスト名", max_length=253, help_text="例：hooks.example.jp。番号（IPアドレス）は使えません。"
    )
    reason = forms.CharField(label="理由", max_length=200, help_text="どの事務のために、何を送るのか")
    is_plain = forms.BooleanField(
        label="暗号化なし（http）も許可する", required=False, help_text="ふつうは入れません。内容が途中で読まれます。"
    )
