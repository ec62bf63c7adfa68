"""`{% load plan %}`: words and marks of the plan board."""

from __future__ import annotations

from datetime import date

from django import template
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy

from yakuba.kernel.japan.api import era_date
from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.rules.kpi_path import Standing
from yakuba.plan.rules.schedule import PhaseState

register = template.Library()

_STANDING_KINDS = {
    Standing.REACHED: "success",
    Standing.AHEAD: "success",
    Standing.ON_PLAN: "info",
    Standing.IMPROVED: "info",
    Standing.LATE: "warning",
    Standing.WORSENED: "warning",
    Standing.STALE: "warning",
}
_PHASE_KINDS = {PhaseState.RUNNING: "info", PhaseState.DONE: "success", PhaseState.UNCONFIRMED: "warning"}


@register.filter
def standing_kind(standing: Standing) -> str:
    """Kind of the badge for a KPI's standing; what nobody can judge has no colour."""
    return _STANDING_KINDS.get(standing, "")


@register.filter
def phase_kind(state: PhaseState) -> str:
    """Kind of the badge for a phase."""
    return _PHASE_KINDS.get(state, "")


@register.filter
def fiscal(year: int | FiscalYear | None) -> str:
    """`令和8年度`; `FY2026` on English pages; "" for nothing."""
    if not year:
        return ""
    value = year if isinstance(year, FiscalYear) else FiscalYear(int(year))
    return f"FY{value.year}" if get_language() == "en" else value.label


@register.filter
def fiscal_short(year: int | FiscalYear) -> str:
    """`R8`; `FY2026` on English pages."""
    value = year if isinstance(year, FiscalYear) else FiscalYear(int(year))
    return f"FY{value.year}" if get_language() == "en" else value.short


@register.filter
def fiscal_of(day: date) -> str:
    """The fiscal year a day lies in."""
    return fiscal(FiscalYear.of(day))


@register.filter
def day(value: date | None) -> str:
    """A day on a public page: `令和8年11月23日`, `2026-11-23` in English."""
    if value is None:
        return ""
    if get_language() == "en":
        return value.isoformat()
    return era_date(value)


# The rules speak Japanese; these are the words of theirs that residents read.
_SAID = {
    "未計測": pgettext_lazy("plan", "未計測"),
    "測定が古い": pgettext_lazy("plan", "測定が古い"),
    "基準値なし": pgettext_lazy("plan", "基準値なし"),
    "目標達成": pgettext_lazy("plan", "目標達成"),
    "計画より先": pgettext_lazy("plan", "計画より先"),
    "計画どおり": pgettext_lazy("plan", "計画どおり"),
    "計画より遅れ": pgettext_lazy("plan", "計画より遅れ"),
    "基準より改善": pgettext_lazy("plan", "基準より改善"),
    "基準と同じ": pgettext_lazy("plan", "基準と同じ"),
    "基準より悪化": pgettext_lazy("plan", "基準より悪化"),
    "観測中": pgettext_lazy("plan", "観測中"),
    "計画より進んでいる": pgettext_lazy("plan", "計画より進んでいる"),
    "計画どおり進んでいる": pgettext_lazy("plan", "計画どおり進んでいる"),
    "計画より遅れている": pgettext_lazy("plan", "計画より遅れている"),
    "判定できない": pgettext_lazy("plan", "判定できない"),
    "確認済み": pgettext_lazy("plan", "確認済み"),
    "期限を過ぎて未確認": pgettext_lazy("plan", "期限を過ぎて未確認"),
    "今年度が期限": pgettext_lazy("plan", "今年度が期限"),
    "これから": pgettext_lazy("plan", "これから"),
    "遅れあり": pgettext_lazy("plan", "遅れあり"),
    "節目をすべて確認": pgettext_lazy("plan", "節目をすべて確認"),
    "節目を一部確認": pgettext_lazy("plan", "節目を一部確認"),
    "節目はこれから": pgettext_lazy("plan", "節目はこれから"),
    "少人数のため非公表": pgettext_lazy("plan", "少人数のため非公表"),
}


@register.filter
def said(words: str) -> str:
    """A fixed Japanese word of the rules in the reader's language; anything else as it is."""
    return str(_SAID.get(words, words))


@register.filter
def csv_of_kpi(key: str) -> str:
    """Address of the values of a KPI as CSV."""
    return reverse("plan-data-kpi", args=[key, "csv"])


@register.filter
def json_of_kpi(key: str) -> str:
    """Address of the values of a KPI as JSON."""
    return reverse("plan-data-kpi", args=[key, "json"])


@register.filter
def csv_of_schedule(key: str) -> str:
    """Address of the schedule of an initiative as CSV."""
    return reverse("plan-data-schedule", args=[key, "csv"])


@register.filter
def json_of_schedule(key: str) -> str:
    """Address of the schedule of an initiative as JSON."""
    return reverse("plan-data-schedule", args=[key, "json"])
