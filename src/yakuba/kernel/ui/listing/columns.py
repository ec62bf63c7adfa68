"""What an app declares about its listing: columns, searches, filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import F, Func, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils import timezone

from yakuba.kernel.japan.api import era_date_short
from yakuba.kernel.values.api import Refusal, Yen

Expression = str | F | Func | OrderBy
"""Something to sort by: the name of a field (with - in front for descending) or an expression."""


class Kind(StrEnum):
    """How a column is aligned and written."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    WIDE = "wide"
    TIGHT = "tight"


@dataclass(frozen=True, slots=True)
class Searched:
    """A lookup the search words are compared with; `fold` turns a word into the key that is stored there."""

    lookup: str
    fold: Callable[[str], str] = str
    comparison: str = "icontains"

    def finds(self, word: str) -> Q:
        """The condition for one word."""
        key = self.fold(word)
        return Q(**{f"{self.lookup}__{self.comparison}": key}) if key else Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Column:
    """One column (列).

    `value` is a dotted path on the object or a function of it; `sort` one or several ORM expressions (without: not
    sortable); `search` the lookups searched; `url` makes the cell a link; `badge` names the kind of a status chip
    ("", info, success, warning, error). `exported` False keeps the column off CSV and Excel.
    """

    key: str
    label: str
    value: str | Callable[[Any], object]
    sort: Expression | Sequence[Expression] = ()
    search: Sequence[str | Searched] = ()
    kind: Kind = Kind.TEXT
    url: Callable[[Any], str] | None = None
    badge: Callable[[Any], str] | None = None
    shown: bool = True
    exported: bool = True

    def of(self, thing: Any) -> object:
        """The value for an object; None where the path ends in nothing."""
        if callable(self.value):
            return self.value(thing)
        found: Any = thing
        for part in self.value.split("."):
            if found is None:
                return None
            found = getattr(found, part)
            if callable(found):
                found = found()
        result: object = found
        return result

    @property
    def sorts(self) -> tuple[Expression, ...]:
        """The expressions to sort by, ascending."""
        if isinstance(self.sort, str | F | Func | OrderBy):
            return (self.sort,) if self.sort else ()
        return tuple(self.sort)

    @property
    def searches(self) -> tuple[Searched, ...]:
        """The lookups searched."""
        return tuple(Searched(one) if isinstance(one, str) else one for one in self.search)


Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice beside the search (絞り込み).

    `choices` are (value, label) pairs or a function that gives them (evaluated once a page: a query of its own must be
    worth it). `apply` is a lookup or a function of queryset and value. A value outside the choices is ignored.
    """

    key: str
    label: str
    choices: Choices | Callable[[], Choices]
    apply: str | Callable[[QuerySet[Any], str], QuerySet[Any]]
    everything: str = "すべて"
    default: str = ""

    def options(self) -> list[tuple[str, str]]:
        """The pairs offered."""
        given = self.choices() if callable(self.choices) else self.choices
        return [(str(value), str(label)) for value, label in given]

    def narrowed(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The queryset under this choice."""
        if callable(self.apply):
            return self.apply(queryset, value)
        return queryset.filter(**{self.apply: value})


def words(value: object) -> str:
    """A value as a cell of the page shows it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{_short(local.date())} {local:%H:%M}"
    if isinstance(value, date):
        return _short(value)
    if isinstance(value, int | Decimal):
        return f"{value:,}"
    if isinstance(value, Model):
        return str(value)
    return str(value)


def cell(value: object) -> str | int | float | Decimal | date | datetime | None:
    """A value as a spreadsheet stores it: numbers and dates stay what they are, times are Tokyo's without zone."""
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, int | float):
        return value
    if isinstance(value, Yen):
        return value.amount
    if isinstance(value, datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, date):
        return value
    return str(value)


def _short(day: date) -> str:
    try:
        return era_date_short(day)
    except Refusal:
        return day.isoformat()
