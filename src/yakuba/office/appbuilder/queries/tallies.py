"""Counts and sums over groups of the records a person sees, asked of the typed table in one question.

Days are grouped by day here and put together into months and years in `rules.tallies`: both databases answer that from
an index, while neither can for the month of a day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, QuerySet

from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.queries.scope import Scope
from yakuba.office.appbuilder.rules.definition import AppField, FieldType
from yakuba.office.appbuilder.rules.tallies import NOTHING, NOWHERE, Amount, Tally, day_key, folded
from yakuba.office.appbuilder.rules.values import column_of
from yakuba.office.appbuilder.rules.view_check import is_day
from yakuba.office.appbuilder.rules.views import Axis, How, Measure

MOST_COMBINATIONS = 20_000
Keys = tuple[str, ...]


class TooManyGroups(Refusal):
    """More groups than anybody could read."""


def tallies(scope: Scope, axes: Sequence[tuple[AppField, Axis]], measures: Sequence[Measure]) -> dict[Keys, Tally]:
    """The groups of the records of a scope: a key for each axis (`NOWHERE` for no value) → its tally.

    A record with several choices counts in the group of each. Raises `TooManyGroups`.
    """
    if not axes:
        whole = total(scope, measures)
        return {(): whole}
    fields = [one for one, _ in axes]
    amounts = _amounts(measures)
    found = [*_with_all(scope, fields, amounts)]
    if any(one.type is FieldType.CHOICES for one in fields) or sum(t.count for _, t in found) < scope.count():
        found += _without_some(scope, fields, amounts)
    return folded((_keys(axes, raw), tally) for raw, tally in found)


def total(scope: Scope, measures: Sequence[Measure]) -> Tally:
    """The tally of all records of a scope."""
    amounts = _amounts(measures)
    if not amounts:
        return Tally(scope.count())
    selected, joins, given = _measured(amounts, "r.id")
    rows, params = _compiled(scope.records().values("pk"))
    sql = f"SELECT COUNT(*){selected} FROM appbuilder_record r{joins} WHERE r.id IN ({rows})"  # noqa: S608  no text of people
    for row in _answers(sql, [*given, *params]):
        return _tally(row, amounts)
    return NOTHING


def _amounts(measures: Sequence[Measure]) -> list[str]:
    return list(dict.fromkeys(one.field for one in measures if one.how is not How.COUNT))


def _with_all(scope: Scope, fields: list[AppField], amounts: list[str]) -> Iterator[tuple[list[Any], Tally]]:
    """The groups of the records that have a value in every field."""
    first = fields[0]
    base = scope.grouped(first)
    if len(fields) == 1 and not amounts:
        column = column_of(first)
        groups = base.values_list(column).annotate(n=Count("*")).order_by()[: MOST_COMBINATIONS + 1]
        rows = list(groups)
        _refuse(len(rows))
        for value, count in rows:
            yield [value], Tally(count)
        return
    selected, joins, given = _measured(amounts, "a0.record_id")
    columns = [f"a{number}.{column_of(one)}" for number, one in enumerate(fields)]
    axes = "".join(
        f" JOIN appbuilder_cell a{number} ON a{number}.record_id = a0.record_id AND a{number}.key = %s"
        f" AND a{number}.{column_of(one)} IS NOT NULL"
        for number, one in enumerate(fields[1:], start=1)
    )
    keys = [one.key for one in fields[1:]]
    condition, params = _here(scope, first)
    sql = (  # names of ours and marks; every value of people is a parameter
        f"SELECT {', '.join(columns)}, COUNT(*){selected} FROM appbuilder_cell a0{axes}{joins}"  # noqa: S608
        f" WHERE {condition} GROUP BY {', '.join(columns)} LIMIT {MOST_COMBINATIONS + 1}"
    )
    yield from _groups(sql, [*keys, *given, *params], len(fields), amounts)


def _without_some(scope: Scope, fields: list[AppField], amounts: list[str]) -> Iterator[tuple[list[Any], Tally]]:
    """The groups of the records that lack a value in some field."""
    selected, joins, given = _measured(amounts, "r.id")
    columns = [f"a{number}.{column_of(one)}" for number, one in enumerate(fields)]
    axes = "".join(
        f" LEFT JOIN appbuilder_cell a{number} ON a{number}.record_id = r.id AND a{number}.key = %s"
        f" AND a{number}.{column_of(one)} IS NOT NULL"
        for number, one in enumerate(fields)
    )
    rows, params = _compiled(scope.records().values("pk"))
    lacking = " OR ".join(f"{column} IS NULL" for column in columns)
    sql = (  # names of ours and marks; every value of people is a parameter
        f"SELECT {', '.join(columns)}, COUNT(*){selected} FROM appbuilder_record r{axes}{joins}"  # noqa: S608
        f" WHERE r.id IN ({rows}) AND ({lacking}) GROUP BY {', '.join(columns)} LIMIT {MOST_COMBINATIONS + 1}"
    )
    yield from _groups(sql, [*(one.key for one in fields), *given, *params], len(fields), amounts)


def _here(scope: Scope, first: AppField) -> tuple[str, list[Any]]:
    """The cells of the first axis, as a condition on `a0`."""
    column = column_of(first)
    condition = f"a0.app_id = %s AND a0.key = %s AND NOT a0.deleted AND a0.{column} IS NOT NULL"
    params: list[Any] = [scope.app.pk, first.key]
    if not scope.everything or scope.conditions or not scope.settled:
        rows, more = _compiled(scope.records().values("pk"))
        condition += f" AND a0.record_id IN ({rows})"
        params += more
    if not scope.settled and first.type is not FieldType.CHOICES:
        condition += " AND a0.place = 0"
    return condition, params


def _measured(amounts: list[str], record: str) -> tuple[str, str, list[Any]]:
    """Selected numbers and joins of the fields to add up; a record has one cell of each at most."""
    selected = "".join(
        f", COUNT(m{number}.num), SUM(m{number}.num), MIN(m{number}.num), MAX(m{number}.num)"
        for number in range(len(amounts))
    )
    joins = "".join(
        f" LEFT JOIN appbuilder_cell m{number} ON m{number}.record_id = {record} AND m{number}.key = %s"
        f" AND m{number}.num IS NOT NULL"
        for number in range(len(amounts))
    )
    return selected, joins, list(amounts)


def _compiled(rows: QuerySet[Any, Any]) -> tuple[str, list[Any]]:
    try:
        sql, params = rows.order_by().query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL WHERE 1 = 0", []
    return sql, list(params)


def _groups(sql: str, params: list[Any], width: int, amounts: list[str]) -> Iterator[tuple[list[Any], Tally]]:
    rows = _answers(sql, params)
    _refuse(len(rows))
    for row in rows:
        yield list(row[:width]), _tally(row[width:], amounts)


def _answers(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _refuse(rows: int) -> None:
    if rows > MOST_COMBINATIONS:
        raise TooManyGroups(
            f"集計の組合せが{MOST_COMBINATIONS:,}を超えるため、出せません。",
            hint="値の種類の少ない項目でまとめるか、絞り込んでください。",
        )


def _tally(row: Sequence[Any], amounts: list[str]) -> Tally:
    found = {}
    for number, key in enumerate(amounts):
        known, whole, least, most = row[1 + 4 * number : 5 + 4 * number]
        found[key] = Amount(_number(whole) or Decimal(0), int(known), _number(least), _number(most))
    return Tally(int(row[0]), found or None)


def _number(value: Any) -> Decimal | None:
    """What a database gives for a number; SQLite adds decimals in binary, which six places undo."""
    return None if value is None else round(Decimal(str(value)), 6)


def _keys(axes: Sequence[tuple[AppField, Axis]], raw: Sequence[Any]) -> Keys:
    return tuple(_key(one, axis, value) for (one, axis), value in zip(axes, raw, strict=True))


def _key(one: AppField, axis: Axis, value: Any) -> str:
    if value is None:
        return NOWHERE
    if is_day(one):
        return day_key(value if isinstance(value, date) else date.fromisoformat(str(value)[:10]), axis.step)
    if column_of(one) == "num":
        return f"{Decimal(str(value)).normalize():f}"
    return str(value)
