"""Texts in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from yakuba.kernel.values.api import Text

register = template.Library()


@register.filter
def in_language(value: object) -> str:
    """A ``Text`` in the language of the page; anything else as it is."""
    if isinstance(value, Text):
        return value.in_language(get_language() or "ja")
    return "" if value is None else str(value)
