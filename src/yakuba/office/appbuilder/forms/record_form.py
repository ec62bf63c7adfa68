"""The form of a record, made from the definition and what the person may write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from yakuba.kernel.access.api import Person
from yakuba.kernel.files.api import IMAGES, Kind, Limits, receive_file
from yakuba.kernel.ui.api import DateField, SeveralFilesField, TownForm
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.limits import condition_in_words, limits_in_words, reads_of
from yakuba.office.appbuilder.rules.values import MOST_FILES, UNSEEN, Names, from_text, is_id

PREFIX = "f_"
KEPT = "__kept"
PHOTOS = Limits(longest_side=2_400).allowing(*sorted(IMAGES))
FILES = Limits().allowing(*(kind for kind in Kind if kind is not Kind.ZIP))
_TEXTS = (FieldType.SHORT_TEXT, FieldType.LONG_TEXT, FieldType.ADDRESS)
_SAID_BELOW = 50
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
        self.values: dict[str, Any] = {}
        self.held: dict[str, list[str]] = {}
        self.asked = [one for one in definition.fields if one.key in editable and one.type.is_typed]
        for one in self.asked:
            self.fields[PREFIX + one.key] = _control(one, names, values.get(one.key))
            self._say_more(one, definition, editable)
            if one.type.holds_files:
                self.fields[PREFIX + one.key + KEPT] = KeptFilesField(label=one.label, required=False)
                self.initial[PREFIX + one.key + KEPT] = values.get(one.key) or []
            else:
                self.initial[PREFIX + one.key] = _typed(one, values.get(one.key))

    def _say_more(self, one: AppField, definition: AppDefinition, editable: frozenset[str]) -> None:
        """Limits and conditions, as far as they speak of what the person writes."""
        # A long way to go before a text is full: nobody needs to hear of it while typing.
        is_far = one.type in _TEXTS and not one.least and int(one.most or 0) > _SAID_BELOW
        more = [limits_in_words(one)] if (one.least or one.most) and not is_far else []
        if one.needed_when is not None and reads_of(one.needed_when) <= editable:
            more.append(f"{condition_in_words(one.needed_when, definition)}は必要です")
        if more:
            control = self.fields[PREFIX + one.key]
            control.help_text = f"{control.help_text}（{'。'.join(more)}）"

    def take_in(self, *, by: Person, clock: Clock) -> None:
        """Store the files that were sent and put them to those that stay; what was refused stands at its field.

        They belong to nobody until the record is written, and are gone after two days if it never is.
        """
        for one in self.asked:
            name = PREFIX + one.key
            if not one.type.holds_files or name not in self.cleaned_data:
                continue
            kept = [key for key in self.cleaned_data.get(name + KEPT, []) if is_id(key)]
            limits = PHOTOS if one.type is FieldType.PHOTOS else FILES
            if len(kept) + len(self.cleaned_data[name]) > MOST_FILES:
                self.add_error(name, f"「{one.label}」は{MOST_FILES}個までです。減らしてください。")
                continue
            for sent in self.cleaned_data[name]:
                try:
                    file = receive_file(by=by, stream=sent, filename=sent.name, clock=clock, limits=limits)
                except Refusal as refusal:
                    self.add_error(name, f"{refusal.message}{refusal.hint or ''}")
                else:
                    kept.append(file.public_id)
            self.held[one.key] = kept
            self.values[one.key] = kept or None
            if one.required and not kept and name not in self.errors:
                self.add_error(name, f"「{one.label}」を付けてください。")

    def files_of(self, one: AppField) -> list[str]:
        """The files a field shows: those stored, those just sent, without those taken out."""
        if one.key in self.held:
            return self.held[one.key]
        name = PREFIX + one.key + KEPT
        found = self.data.getlist(name) if self.is_bound else self.initial.get(name, [])  # type: ignore[attr-defined]  # a QueryDict when bound
        return [key for key in found if is_id(key)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.values = {}
        for one in self.asked:
            name = PREFIX + one.key
            if name not in cleaned or one.type.holds_files:
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


class KeptFilesField(forms.MultipleChoiceField):
    """The files that stay; whether they may is asked by the verb, of the database."""

    widget = forms.MultipleHiddenInput

    def valid_value(self, value: Any) -> bool:
        return is_id(value)


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
    if kind.holds_files:
        limits = PHOTOS if kind is FieldType.PHOTOS else FILES
        accept = ",".join(end for one_kind in sorted(limits.allow) for end in one_kind.extensions)
        said["required"] = False
        field = SeveralFilesField(most=MOST_FILES, **said)
        field.widget.attrs["accept"] = "image/*" if kind is FieldType.PHOTOS else accept
        field.help_text = f"{one.help} {limits.words()}、{MOST_FILES}個まで。".strip()
        return field
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
