"""Groups of the records a person sees, named and in order: tables put together, cross tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yakuba.kernel.access.api import Person
from yakuba.office.appbuilder.queries.names import lookup_names, section_names, staff_names
from yakuba.office.appbuilder.queries.scope import Scope
from yakuba.office.appbuilder.queries.tallies import Keys, tallies
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.tallies import (
    MOST_GROUPS,
    MOST_STEPS,
    NOTHING,
    NOWHERE,
    OTHERS,
    Tally,
    folded,
    largest,
    ordered,
    steps_between,
)
from yakuba.office.appbuilder.rules.values import NO_NAMES, Names
from yakuba.office.appbuilder.rules.view_check import is_day, is_yes_no
from yakuba.office.appbuilder.rules.view_words import group_words, measure_words, unit_of
from yakuba.office.appbuilder.rules.views import AppView, Axis, How, Measure

MOST_SERIES, MOST_COLUMNS = 8, 20
UNNAMED = "\x00unnamed"
"""The group of people, sections and records without a name for the person who looks."""


@dataclass(frozen=True)
class Grouped:
    """Groups of one or two axes, named and in order."""

    rows: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    tallies: Mapping[Keys, Tally]
    was_cut: bool = False

    def at(self, row: str, column: str | None = None) -> Tally:
        """The tally of a group."""
        return self.tallies.get((row,) if column is None else (row, column), NOTHING)


def grouped(
    scope: Scope,
    axes: Sequence[Axis],
    measures: Sequence[Measure],
    *,
    person: Person,
    today: date,
    most: Sequence[int] = (MOST_GROUPS, MOST_SERIES),
    fill: bool = False,
    naming: Callable[[AppField, Axis, str, Names], str] | None = None,
) -> Grouped:
    """The groups of a scope by at most two axes. `fill`: days without records stand between those with some."""
    fields = [scope.definition.field(axis.field) for axis in axes]
    pairs = [(one, axis) for one, axis in zip(fields, axes, strict=True) if one is not None]
    found = tallies(scope, pairs, measures)
    measure = measures[0] if measures else Measure()
    lines: list[list[tuple[str, str]]] = []
    was_cut = False
    for place, (one, axis) in enumerate(pairs):
        names = names_of_groups(person, one, {keys[place] for keys in found}, today)
        if one.type in (FieldType.PERSON, FieldType.SECTION, FieldType.LOOKUP):
            known = names.of(one)
            found = _renamed(found, place, dict.fromkeys(_at(found, place) - set(known) - {NOWHERE}, UNNAMED))
        alone = folded((keys[place], tally) for keys, tally in found.items())
        if is_day(one):
            keys = steps_between(alone, axis.step) if fill else ordered(alone, ())
            cut = [key for key in keys if key != NOWHERE][:-MOST_STEPS]
            was_cut = was_cut or bool(cut)
            keys = [key for key in keys if key not in set(cut) and key != NOWHERE]
            keys += [NOWHERE] if NOWHERE in alone else []
        else:
            kept = largest(alone, most=most[place], others=OTHERS, weight=lambda tally: tally.says(How.COUNT, ""))
            found = _renamed(found, place, {key: OTHERS for key in alone if key not in kept})
            keys = _ordered(one, kept, names, measure)
        lines.append([(key, (naming or _named)(one, axis, key, names)) for key in keys])
    return Grouped(
        tuple(lines[0]) if lines else (), tuple(lines[1]) if len(lines) > 1 else (), found, was_cut
    )  # fmt: skip


def _at(found: Mapping[Keys, Tally], place: int) -> set[str]:
    return {keys[place] for keys in found}


def _renamed(found: Mapping[Keys, Tally], place: int, new: Mapping[str, str]) -> dict[Keys, Tally]:
    if not new:
        return dict(found)
    return folded(
        ((*keys[:place], new.get(keys[place], keys[place]), *keys[place + 1 :]), tally)
        for keys, tally in found.items()
    )  # fmt: skip


def names_of_groups(person: Person, one: AppField, keys: set[str], today: date) -> Names:
    if one.type is FieldType.PERSON:
        return Names(staff=staff_names())
    if one.type is FieldType.SECTION:
        return Names(sections=section_names())
    if one.type is FieldType.LOOKUP:
        return Names(records={one.key: lookup_names(person, one, keys - {NOWHERE}, today=today)})
    return NO_NAMES


def _named(one: AppField, axis: Axis, key: str, names: Names) -> str:
    return "（表示できません）" if key == UNNAMED else group_words(one, axis, key, names)


def _ordered(one: AppField, kept: Mapping[str, Tally], names: Names, measure: Measure) -> list[str]:
    if one.type.has_choices:
        return ordered(kept, [choice.key for choice in one.choices])
    if is_yes_no(one):
        return ordered(kept, ("1", "0"))
    if one.type in (FieldType.PERSON, FieldType.SECTION):
        by_name = sorted(names.of(one).items(), key=lambda pair: pair[1]) if one.type is FieldType.PERSON else None
        return ordered(kept, [key for key, _ in by_name] if by_name is not None else list(names.of(one)))
    by_size = sorted(kept, key=lambda key: (-(kept[key].says(measure.how, measure.field) or Decimal(0)), key))
    return ordered(kept, by_size)


def number_words(value: Decimal | None) -> str:
    """A number in a table of numbers."""
    if value is None:
        return "—"
    rounded = round(value, 2)
    return f"{rounded.normalize():,f}" if rounded == rounded.to_integral_value() else f"{rounded:,}"


@dataclass(frozen=True)
class NumberTable:
    """Heads, rows of a name with numbers, totals."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    totals: tuple[str, ...]
    was_cut: bool = False


def group_table(scope: Scope, axis: Axis, measures: Sequence[Measure], *, person: Person, today: date) -> NumberTable:
    """A table put together by one field: the count, then the numbers asked for."""
    wanted = [Measure(), *(one for one in measures if one.how is not How.COUNT)]
    found = grouped(scope, [axis], wanted, person=person, today=today, most=(200, 200))
    whole = _whole(scope, found, [axis], wanted)
    return NumberTable(
        tuple(_head(one, scope.definition) for one in wanted),
        tuple(
            (key, name, tuple(number_words(found.at(key).says(one.how, one.field)) for one in wanted))
            for key, name in found.rows
        ),
        tuple(number_words(whole.says(one.how, one.field)) for one in wanted),
        found.was_cut,
    )


def _whole(scope: Scope, found: Grouped, axes: Sequence[Axis], measures: Sequence[Measure]) -> Tally:
    """The tally of all records: that of all groups together, unless a record may stand in several of them."""
    fields = [scope.definition.field(axis.field) for axis in axes]
    if any(one is not None and one.type is FieldType.CHOICES for one in fields):
        return tallies(scope, [], measures)[()]
    return folded(((), tally) for tally in found.tallies.values()).get((), NOTHING)


def _head(measure: Measure, definition: AppDefinition) -> str:
    unit = unit_of(measure, definition)
    words = measure_words(measure, definition)
    return f"{words}（{unit}）" if unit and measure.how is not How.COUNT else words


@dataclass(frozen=True)
class CrossTable:
    """Rows by columns with totals; `cells` by (row, column), `across` and `down` the totals of rows and columns."""

    rows: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    cells: Mapping[Keys, Decimal | None]
    across: Mapping[str, Decimal | None]
    down: Mapping[str, Decimal | None]
    whole: Decimal | None
    was_cut: bool = False


def cross_table(view: AppView, scope: Scope, *, person: Person, today: date) -> CrossTable:
    """A view as a cross table. Totals are of the records themselves, so that averages stay averages."""
    measure = view.measure
    axes = [axis for axis in (view.group, view.split) if axis is not None]
    found = grouped(scope, axes, [measure], person=person, today=today, most=(MOST_GROUPS, MOST_COLUMNS))
    return crossed(found, measure, _whole(scope, found, axes, [measure]))


def crossed(found: Grouped, measure: Measure, whole: Tally) -> CrossTable:
    """Groups as a cross table; rows and columns that are not shown count in no total but the last."""
    rows, columns = {key for key, _ in found.rows}, {key for key, _ in found.columns}
    inside = {keys: tally for keys, tally in found.tallies.items() if keys[0] in rows and keys[1] in columns}
    across = folded((keys[0], tally) for keys, tally in inside.items())
    down = folded((keys[1], tally) for keys, tally in inside.items())

    def says(tally: Tally | None) -> Decimal | None:
        return tally.says(measure.how, measure.field) if tally is not None else None

    return CrossTable(
        found.rows,
        found.columns,
        {keys: says(tally) for keys, tally in inside.items()},
        {key: says(across.get(key, NOTHING)) for key, _ in found.rows},
        {key: says(down.get(key, NOTHING)) for key, _ in found.columns},
        says(whole),
        found.was_cut,
    )
