"""A text in the three languages of the house as three fields: ``label_ja``, ``label_easy``, ``label_en``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

LANGUAGES = (("ja", "ja", "日本語"), ("easy", "ja-easy", "やさしい日本語"), ("en", "en", "英語"))
"""Ending of the field, code in the definition, name."""


def text_fields(
    name: str,
    label: str,
    *,
    given: Any = None,
    required: bool = False,
    most: int = 1000,
    lines: int = 1,
    help_text: str = "",
) -> dict[str, forms.Field]:
    """The three fields of a text; Japanese first, the others never required."""
    texts = {"ja": given} if isinstance(given, str) else dict(given or {})
    found: dict[str, forms.Field] = {}
    for ending, code, words in LANGUAGES:
        widget = forms.Textarea(attrs={"rows": lines}) if lines > 1 else forms.TextInput()
        found[f"{name}_{ending}"] = forms.CharField(
            label=label if ending == "ja" else f"{label}（{words}）",
            required=required and ending == "ja",
            max_length=most,
            initial=texts.get(code, ""),
            widget=widget,
            help_text=help_text if ending == "ja" else "",
        )
    return found


def text_of(cleaned: Mapping[str, Any], name: str, given: Any = None) -> dict[str, str] | None:
    """The text that was typed; other languages of the stored one stay. ``None`` without Japanese words."""
    texts = {"ja": given} if isinstance(given, str) else dict(given or {})
    for ending, code, _words in LANGUAGES:
        typed = str(cleaned.get(f"{name}_{ending}", "")).replace("\r\n", "\n").strip()
        if typed:
            texts[code] = typed
        else:
            texts.pop(code, None)
    return texts if texts.get("ja") else None


def three(form: forms.Form, name: str) -> dict[str, Any]:
    """The three fields of a text."""
    return {ending: form[f"{name}_{ending}"] for ending in ("ja", "easy", "en")}


def error_lines(*parts: tuple[forms.BaseForm, str]) -> list[dict[str, str]]:
    """All errors of several forms for one summary: words before the label, label, sentence, what the link leads to."""
    found = []
    for form, before in parts:
        for name, errors in form.errors.items():
            field = form.fields.get(name)
            target = "" if field is None else form[name].id_for_label or f"id_{form[name].html_name}"
            label = before or (str(field.label or "") if field is not None else "")
            found += [{"label": label, "text": str(error), "target": target} for error in errors]
    return found
