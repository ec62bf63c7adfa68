"""`{% load procedures %}`: texts in the reader's language."""

from __future__ import annotations

from django import template

from yakuba.kernel.values.api import Text

register = template.Library()


@register.filter
def in_words(text: Text | str | None, language: str) -> str:
    """A text of several languages in the reader's."""
    return text.in_language(language) if isinstance(text, Text) else str(text or "")
