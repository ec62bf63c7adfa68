"""`{% load card_support %}`: texts, days and purposes in the reader's language."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils.translation import get_language

from yakuba.kernel.values.api import Text
from yakuba.residents.card_support.purposes import purpose_title
from yakuba.residents.card_support.words import day_text, moment_text, time_words

register = template.Library()


@register.filter
def said(text: Text | str | None) -> str:
    """A text of several languages in the reader's."""
    return text.in_language(_language()) if isinstance(text, Text) else str(text or "")


@register.filter
def spoken_moment(moment: datetime) -> str:
    """Day and time in the reader's language."""
    return moment_text(moment).in_language(_language())


@register.filter
def spoken_day(day: date) -> str:
    """A day in the reader's language."""
    return day_text(day).in_language(_language())


@register.filter
def clock_time(moment: datetime) -> str:
    """``9:30``."""
    return time_words(moment)


@register.filter
def purpose_name(key: str) -> str:
    """A purpose in the reader's language."""
    return purpose_title(key, _language())


def _language() -> str:
    return get_language() or "ja"
