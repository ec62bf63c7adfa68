"""A view as a chart, drawn by the server with its table beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from yakuba.kernel.access.api import Person
from yakuba.kernel.ui.charts import Bar, Chart, Stack, bar_chart, stack_chart, trend_chart
from yakuba.office.appbuilder.queries.groups import Grouped, grouped
from yakuba.office.appbuilder.queries.scope import Scope
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.tallies import MOST_STEPS, NOWHERE
from yakuba.office.appbuilder.rules.view_check import is_day
from yakuba.office.appbuilder.rules.view_words import measure_words, unit_of
from yakuba.office.appbuilder.rules.views import AppView, Drawn, Measure


def chart_of(view: AppView, scope: Scope, *, person: Person, today: date, title: str = "") -> Chart:
    """A view as a chart; what was left out is said beside it. Raises `TooManyGroups`."""
    measure = view.measure
    axes = [axis for axis in (view.group, view.split) if axis is not None]
    by_day = (one := scope.definition.field(axes[0].field)) is not None and is_day(one)
    found = grouped(scope, axes, [measure], person=person, today=today, fill=by_day)
    return drawn_chart(view, found, scope.definition, title=title or measure_words(measure, scope.definition))


def drawn_chart(
    view: AppView,
    found: Grouped,
    definition: AppDefinition,
    *,
    title: str,
    note: str = "",
    language: str = "ja",
    words: str = "",
    unit: str | None = None,
) -> Chart:
    """The groups drawn as the view says."""
    measure = view.measure
    unit = unit_of(measure, definition) if unit is None else unit
    words = words or measure_words(measure, definition)
    numbers = [(name, found.at(key).says(measure.how, measure.field)) for key, name in found.rows]
    if view.split is not None:
        numbers = []
    notes = [words if words != title else "", note]
    if found.was_cut:
        notes.append(f"新しい方から{MOST_STEPS}だけを示しています。")
    said = "　".join(one for one in notes if one)
    places = places_of(found, measure)
    if view.drawn is Drawn.STACKED and view.split is not None:
        stacks = [
            Stack(
                name,
                tuple(
                    max(Decimal(0), found.at(key, column).says(measure.how, measure.field) or Decimal(0))
                    for column, _ in found.columns
                ),
            )
            for key, name in found.rows
        ]
        return stack_chart(
            title=title,
            unit=unit,
            series=[name for _, name in found.columns],
            stacks=stacks,
            total_words="合計",
            places=places,
            note=said,
            language=language,
        )
    if view.drawn is Drawn.LINE:
        days = [(name, value) for (key, _), (name, value) in zip(found.rows, numbers, strict=True) if key != NOWHERE]
        return trend_chart(
            title=title, unit=unit, points=days, value_words=words, places=places, note=said, language=language
        )
    if view.drawn is Drawn.SHARE:
        whole = sum(max(Decimal(0), value or Decimal(0)) for _, value in numbers) or Decimal(1)
        bars = [Bar(name, max(Decimal(0), value or Decimal(0)) * 100 / whole) for name, value in numbers]
        return bar_chart(
            title=title, unit="%", bars=bars, value_words=f"{words}の割合", places=1, note=said, language=language
        )
    return bar_chart(
        title=title,
        unit=unit,
        bars=[Bar(name, value) for name, value in numbers],
        value_words=words,
        places=places,
        note=said,
        language=language,
    )


def places_of(found: Grouped, measure: Measure) -> int:
    """Decimal places of the numbers, at most two."""
    numbers = [tally.says(measure.how, measure.field) for tally in found.tallies.values()]
    exponents = [one.normalize().as_tuple().exponent for one in numbers if one is not None]
    return min(2, max([0, *(-one for one in exponents if isinstance(one, int))]))
