"""Fields that sum up the records of another app that lead to a record (集計).

What one sees of it depends on who looks: only records and fields they see count. So it is never stored, filtered by,
sorted by, or read by a formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from yakuba.office.appbuilder.rules.check import DefinitionProblem
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, ComputedAs, FieldType, Summary
from yakuba.office.appbuilder.rules.values import column_of


@dataclass(frozen=True)
class Rollable:
    """An app whose records lead here: its title, the lookups that do by key, the fields that can be summed up by key."""

    title: str
    via: Mapping[str, str] = field(default_factory=dict)
    of: Mapping[str, AppField] = field(default_factory=dict)


def rollable(definition: AppDefinition, visible: frozenset[str], here: str) -> Rollable | None:
    """What of an app can be summed up at records of the app `here`; None when nothing of it leads there.

    Lookups and fields must be in the typed table: filtered or sorted by.
    """
    seen = [one for one in definition.fields if one.key in visible and one.has_cell]
    via = {one.key: one.label for one in seen if one.type is FieldType.LOOKUP and one.app == here}
    of = {one.key: one for one in seen if ways_of(one)}
    return Rollable(definition.title, via, of) if via else None


def ways_of(one: AppField) -> tuple[Summary, ...]:
    """How the values of a field can be summed up."""
    if one.type in (FieldType.NUMBER, FieldType.YEN) or (one.type is FieldType.COMPUTED and one.gives in _AMOUNTS):
        return (Summary.SUM, Summary.MIN, Summary.MAX, Summary.AVG)
    if one.type is FieldType.DATE or (one.type is FieldType.COMPUTED and one.gives is ComputedAs.DATE):
        return (Summary.MIN, Summary.MAX)
    return ()


_AMOUNTS = (ComputedAs.NUMBER, ComputedAs.YEN)


def gives_of(how: Summary, of: AppField | None) -> tuple[ComputedAs, str]:
    """What a roll-up gives, and its unit."""
    if of is None:
        return ComputedAs.NUMBER, "件"
    if column_of(of) == "day":
        return ComputedAs.DATE, ""
    is_yen = of.type is FieldType.YEN or (of.type is FieldType.COMPUTED and of.gives is ComputedAs.YEN)
    return (ComputedAs.YEN if is_yen else ComputedAs.NUMBER), of.unit


def written(one: AppField, value: Any) -> str | None:
    """A result of the database as pages take it; means with two places."""
    if value is None:
        return None
    if one.gives is ComputedAs.DATE:
        return str(value.isoformat())
    number = Decimal(value)
    if one.how is Summary.AVG:
        number = round(number, 2)
    return f"{number.normalize():f}"


def rollup_problems(definition: AppDefinition, rolls: Mapping[str, Rollable]) -> Iterator[DefinitionProblem]:
    """What must be put right of the roll-ups. `rolls` are the apps whose records lead here, by public id."""
    for one in definition.fields:
        if one.type is not FieldType.ROLLUP:
            continue
        source = rolls.get(one.app)
        of = source.of.get(one.of) if source else None
        if source is None or one.via not in source.via:
            message = "集計するアプリか、このアプリを参照する項目が見つからないか、使えません。"
        elif one.how is Summary.COUNT:
            continue
        elif of is None or one.how not in ways_of(of):
            message = "集計する項目が見つからないか、この集計には使えません。"
        else:
            continue
        yield DefinitionProblem(one.key, f"項目「{one.label}」", message, "集計するものを選び直してください。")
