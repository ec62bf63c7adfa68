"""The form of a record, made from the definition and what the person may write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from yakuba.kernel.ui.api import DateField, TownForm
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.values import UNSEEN, Names, from_text

PREFIX = "f_"
_NAMED = (FieldType.PERSON, FieldType.SECTION, FieldType.LOOKUP)


class RecordForm(TownForm):
    """One control for each field that may be written; what is typed is read by the rules of the field."""

    def __init__(
        self,
        *args: Any,
        definition: AppDefinition,
        editable: frozenset[str],
        names: Names,
        values: Mapping[str, Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names = names
        self.asked = [one for one in definition.fields if one.key in editable and one.type.is_typed]
        for one in self.asked:
            self.fields[PREFIX + one.key] = _control(one, names, values.get(one.key))
            self.initial[PREFIX + one.key] = _typed(one, values.get(one.key))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.values: dict[str, Any] = {}
        for one in self.asked:
            name = PREFIX + one.key
            if name not in cleaned:
                continue
            given = cleaned[name]
            try:
                self.values[one.key] = self._read(one, given)
            except Refusal as refusal:
                self.add_error(name, f"{refusal.message}{refusal.hint or ''}")
        return cleaned

    def _read(self, one: AppField, given: Any) -> Any:
        if given in (None, "", []):
            return None
        if isinstance(given, date):
            return given.isoformat()
        if one.type is FieldType.CHOICES:
            return sorted(given)
        if one.type is FieldType.YES_NO:
            return given == "yes"
        if one.type.has_choices or one.type in _NAMED:
            return given
        return from_text(one, given, self.names)

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Put what the verb refused at its fields."""
        for key, message in faults.items():
            name = PREFIX + key
            self.add_error(name if name in self.fields else None, message)


def _typed(one: AppField, value: Any) -> Any:
    if value is None:
        return None
    if one.type is FieldType.DATE:
        return date.fromisoformat(value)
    if one.type is FieldType.YES_NO:
        return "yes" if value else "no"
    return value


def _control(one: AppField, names: Names, value: Any) -> forms.Field:
    said: dict[str, Any] = {"label": one.label, "help_text": one.help, "required": one.required}
    said["error_messages"] = {"required": f"「{one.label}」を入力してください。"}
    kind = one.type
    if kind is FieldType.DATE:
        return DateField(**said)
    if kind is FieldType.YES_NO:
        options = [("", "未回答"), ("yes", "はい"), ("no", "いいえ")][1 if one.required else 0 :]
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **said)
    if kind.has_choices:
        held = value if isinstance(value, list) else [value]
        options = [(choice.key, choice.label) for choice in one.choices if choice.is_used or choice.key in held]
        if kind is FieldType.CHOICES:
            return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **said)
        return forms.ChoiceField(choices=[("", "選んでください"), *options], **said)
    if kind in _NAMED:
        known = dict(names.of(one))
        if value is not None:
            known.setdefault(value, UNSEEN)
        options = (
            sorted(known.items(), key=lambda pair: pair[1]) if kind is not FieldType.LOOKUP else list(known.items())
        )
        return forms.ChoiceField(choices=[("", "選んでください"), *options], **said)
    if kind is FieldType.LONG_TEXT:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=5000, **said)
    if one.unit or kind is FieldType.YEN:
        said["help_text"] = f"{one.help}（単位：{one.unit or '円'}）".strip()
    attrs = {"autocomplete": "off", **_KEYBOARDS.get(kind, {})}
    return forms.CharField(max_length=1000, widget=forms.TextInput(attrs=attrs), **said)


_KEYBOARDS: dict[FieldType, dict[str, str]] = {
    FieldType.NUMBER: {"inputmode": "decimal"},
    FieldType.YEN: {"inputmode": "numeric"},
    FieldType.PHONE: {"inputmode": "tel"},
    FieldType.MAIL: {"inputmode": "email"},
    FieldType.TIME: {"placeholder": "9:30"},
}
