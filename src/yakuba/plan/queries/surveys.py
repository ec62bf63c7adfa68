"""Surveys with their quadrants."""

from __future__ import annotations

from dataclasses import dataclass

from yakuba.kernel.access.api import Person
from yakuba.plan.access import visible_to
from yakuba.plan.models import Survey
from yakuba.plan.queries.current import PlanInForce
from yakuba.plan.rules.survey import Item, QuadrantChart, place_in_quadrants


@dataclass(frozen=True)
class SurveyShown:
    """A survey with the items that may be shown; `hidden` counts those with too few answers."""

    survey: Survey
    chart: QuadrantChart | None
    hidden: int


def surveys_that_count(in_force: PlanInForce, person: Person) -> list[Survey]:
    """The newest edition of every survey, newest survey first."""
    rows = visible_to(person, Survey).filter(plan=in_force.plan).order_by("edition")
    newest = {(row.title, row.fiscal_year): row for row in rows}
    return sorted(newest.values(), key=lambda row: (row.held_on, row.pk), reverse=True)


def survey_shown(survey: Survey, *, for_public: bool) -> SurveyShown:
    """A survey sorted into quadrants."""
    items = [
        Item(row.key, row.title, row.satisfaction, row.importance, row.answered)
        for row in survey.items.order_by("position")
    ]
    shown = [item for item in items if item.may_be_public or not for_public]
    return SurveyShown(survey, place_in_quadrants(shown), len(items) - len(shown))
