"""What the forms of the catalogue share: texts in three languages, refusals at their fields, one part of a description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from yakuba.kernel.catalogue.rules.content import ProcedureContent
from yakuba.kernel.ui.api import TownForm
from yakuba.kernel.values.api import Refusal, Text

LANGUAGES = (("ja", "日本語"), ("easy", "やさしい日本語"), ("en", "英語"))
_CODES = {"ja": "ja", "easy": "ja-easy", "en": "en"}
BLANK_ROWS = 3


def lines(rows: int = 2) -> forms.Textarea:
    """A field of several lines."""
    return forms.Textarea(attrs={"rows": rows})


def text_of(values: Mapping[str, Any], name: str) -> dict[str, str] | None:
    """The three languages of a text from cleaned fields; `None` when none is written."""
    found = {_CODES[code]: str(values.get(f"{name}_{code}") or "").strip() for code, _ in LANGUAGES}
    written = {code: words for code, words in found.items() if words}
    return written or None


def shown_in_fields(name: str, text: Text | None) -> dict[str, str]:
    """The initial values of the fields of a text."""
    written = text.to_dict() if text else {}
    return {f"{name}_{code}": written.get(_CODES[code], "") for code, _ in LANGUAGES}


class CatalogueForm(TownForm):
    """A form whose verb may refuse; the refusal stands at the field it names."""

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal of the verb."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, f"{refusal.message}{refusal.hint or ''}")


class PartForm(CatalogueForm):
    """One part of the description. `parts` gives what the verb takes."""

    title = ""
    lead = ""
    seen_edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000_000)
    note = forms.CharField(
        label="変えた理由",
        max_length=400,
        required=False,
        help_text="例：規則の改正、窓口の扱いと合わせた。版の記録に残ります。",
    )

    def __init__(self, *args: Any, content: ProcedureContent, edition: int, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {**self.initial_of(content), "seen_edition": edition})
        super().__init__(*args, **kwargs)
        self.content = content
        note = self.fields.pop("note")
        self.build(content)
        self.fields["note"] = note

    def build(self, content: ProcedureContent) -> None:
        """Add the fields that depend on what is there."""

    @classmethod
    def initial_of(cls, content: ProcedureContent) -> dict[str, Any]:
        raise NotImplementedError

    def parts(self) -> dict[str, Any]:
        raise NotImplementedError

    def text_groups(self) -> list[tuple[str, list[Any]]]:
        """The fields as the page shows them: (heading, bound fields)."""
        return [("", [self[name] for name in self.fields if name not in ("note", "seen_edition")])]
