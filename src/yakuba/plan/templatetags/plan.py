"""`{% load plan %}`: words and marks of the plan board."""

from __future__ import annotations

from datetime import date

from django import template
from django.urls import reverse
from django.utils.translation import get_language, pgettext

from yakuba.kernel.japan.api import era_date
from yakuba.kernel.values.api import FiscalYear
from yakuba.plan import wording
from yakuba.plan.models import Initiative, Survey
from yakuba.plan.queries.current import PlanInForce
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


register.filter("said", wording.said)
register.filter("with_unit", wording.with_unit)
register.filter("figure_said", wording.figure_said)
register.filter("in_its_language", wording.in_its_language)
register.filter("in_brackets", wording.in_brackets)


register.filter("way_said", wording.way_said)
register.filter("until", wording.until)


@register.filter
def title_of(in_force: PlanInForce, initiative: Initiative) -> str:
    """The title of an initiative in the language of the page; its last one when it left the plan."""
    return next((one.title for one in in_force.content.initiatives if one.id == initiative.key), initiative.title)


@register.filter
def returned_said(survey: Survey) -> str:
    """How many answered: `回答数 612 / 1500`."""
    said = f"{pgettext('plan', '回答数')} {survey.returned}"
    return f"{said} / {survey.sent}" if survey.sent else said


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
