"""The form of a change of many records."""

from __future__ import annotations

from typing import Any

from django import forms

from yakuba.office.appbuilder.forms.record_form import PREFIX, RecordForm
from yakuba.office.appbuilder.rules.bulk import MOST_CHANGED

ON = "on_"


class BulkForm(RecordForm):
    """The controls of the fields, each with a box that says whether it is to be changed at all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in self.asked:
            self.fields[PREFIX + one.key].required = False
            ticked = forms.CheckboxInput(attrs={"aria-label": f"「{one.label}」を変える"})
            self.fields[ON + one.key] = forms.BooleanField(label="この項目を変える", required=False, widget=ticked)

    def lines(self) -> list[dict[str, Any]]:
        """The fields with their boxes, as the page shows them."""
        return [{"on": self[ON + one.key], "field": self[PREFIX + one.key]} for one in self.asked]

    def hidden(self) -> list[Any]:
        """What was chosen, to be carried along."""
        return [part for line in self.lines() if line["on"].value() for part in (line["on"], line["field"])]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = {one.key for one in self.asked if cleaned.get(ON + one.key)}
        for one in self.asked:
            if one.key not in chosen and PREFIX + one.key in self.errors:
                del self.errors[PREFIX + one.key]  # a control nobody asked to use
            elif one.key in chosen and one.required and self.values.get(one.key) is None:
                self.add_error(PREFIX + one.key, f"「{one.label}」は必須です。空にはできません。")
        self.values = {key: value for key, value in self.values.items() if key in chosen}
        if not chosen:
            self.add_error(None, "変える項目を選んでください。")
        elif len(chosen) > MOST_CHANGED:
            self.add_error(None, f"一度に変えられるのは{MOST_CHANGED}項目までです。")
        return cleaned
