"""Rows of a form that say which field is set to what: for buttons and for automations."""

from __future__ import annotations

from typing import Any

from django import forms

from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.definition import AppDefinition, FieldType
from yakuba.office.appbuilder.rules.process import MOST_SET, By, SetTo
from yakuba.office.appbuilder.rules.values import Names, from_text, in_words


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "select"})


def _input() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "input"})


class SettingRows:
    """`MOST_SET` rows of field, what and value within a form; names begin with `prefix`."""

    def __init__(
        self,
        form: Any,
        definition: AppDefinition,
        *,
        names: Names,
        before: tuple[SetTo, ...],
        keys: frozenset[str],
        kinds: tuple[By, ...],
        prefix: str = "set",
    ) -> None:
        self.form, self.definition, self.names, self.prefix = form, definition, names, prefix
        fields = [
            (one.key, one.label)
            for one in definition.fields
            if one.key in keys and one.type.is_in_sheets and one.type is not FieldType.LOOKUP
        ]
        for number in range(MOST_SET):
            place = number + 1
            form.fields[f"{prefix}_field_{number}"] = forms.ChoiceField(
                label=f"項目（{place}）", required=False, choices=[("", "—"), *fields], widget=_select()
            )
            form.fields[f"{prefix}_to_{number}"] = forms.ChoiceField(
                label=f"入れるもの（{place}）",
                required=False,
                choices=[(one.value, one.label) for one in kinds],
                widget=_select(),
            )
            form.fields[f"{prefix}_value_{number}"] = forms.CharField(
                label=f"決まった値（{place}）", required=False, max_length=1000, widget=_input()
            )
            if number < len(before):
                one = definition.field(before[number].field)
                form.initial[f"{prefix}_field_{number}"] = before[number].field
                form.initial[f"{prefix}_to_{number}"] = before[number].to.value
                value = before[number].value
                form.initial[f"{prefix}_value_{number}"] = in_words(one, value, names) if one else ""

    def lines(self) -> list[list[Any]]:
        """The rows as bound fields."""
        return [
            [self.form[f"{self.prefix}_{name}_{number}"] for name in ("field", "to", "value")]
            for number in range(MOST_SET)
        ]

    def names_of(self) -> set[str]:
        """The names of all their controls."""
        return {f"{self.prefix}_{name}_{number}" for name in ("field", "to", "value") for number in range(MOST_SET)}

    def read(self, cleaned: dict[str, Any]) -> tuple[SetTo, ...]:
        """What the rows say; faults stand at their value."""
        found: list[SetTo] = []
        for number in range(MOST_SET):
            key = cleaned.get(f"{self.prefix}_field_{number}")
            one = self.definition.field(key) if key else None
            if one is None:
                continue
            to = By(cleaned.get(f"{self.prefix}_to_{number}") or By.CONSTANT)
            value = None
            if to is By.CONSTANT:
                name = f"{self.prefix}_value_{number}"
                try:
                    value = from_text(one, cleaned.get(name, ""), self.names)
                except Refusal as refusal:
                    self.form.add_error(name, f"{refusal.message}{refusal.hint or ''}")
                    continue
                if value is None:
                    self.form.add_error(name, f"「{one.label}」に入れる値を書いてください。")
                    continue
            found.append(SetTo(field=one.key, to=to, value=value))
        return tuple(found)
