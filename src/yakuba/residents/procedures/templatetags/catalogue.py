"""`{% load catalogue %}`: fees, days and places in the reader's language."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yakuba.kernel.catalogue.rules.content import FeeItem
from yakuba.kernel.japan.api import era_date
from yakuba.kernel.values.api import FiscalYear, Refusal, Text

register = template.Library()


@register.filter
def amount(item: FeeItem) -> str:
    """`300円`, `200〜300円`, `無料`; with the unit it is paid for."""
    if item.most is not None:
        words = _("%(low)s〜%(high)s円") % {"low": f"{item.yen:,}", "high": f"{item.most:,}"}
    elif item.yen:
        words = _("%(yen)s円") % {"yen": f"{item.yen:,}"}
    else:
        words = _("無料です")
    if item.unit and item.yen:
        return _("%(amount)s（%(unit)sにつき）") % {"amount": words, "unit": in_its_language(item.unit)}
    return words


@register.filter
def day(value: date | None) -> str:
    """A day on a public page: `令和8年11月23日`, `2026年11月23日` in やさしい日本語, `2026-11-23` in English."""
    if value is None:
        return ""
    language = get_language()
    if language == "en":
        return value.isoformat()
    if language == "ja-easy":
        return f"{value.year}年 {value.month}月 {value.day}日"
    try:
        return era_date(value)
    except Refusal:
        return f"{value.year}年{value.month}月{value.day}日"


@register.filter
def fiscal(year: int | FiscalYear) -> str:
    """`令和7年度`; `FY2025` on English pages."""
    value = year if isinstance(year, FiscalYear) else FiscalYear(int(year))
    return f"FY{value.year}" if get_language() == "en" else value.label


@register.filter
def in_its_language(value: Text | str | None) -> str:
    """A text in the language of the page."""
    return value.in_language(get_language() or "ja") if isinstance(value, Text) else str(value or "")


@register.filter
def joined(texts: object) -> str:
    """Several texts in a row, with the comma of the language."""
    found = [in_its_language(one) for one in texts]  # type: ignore[attr-defined]
    return (", " if get_language() == "en" else "、").join(found)
