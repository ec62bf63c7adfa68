"""What an app declares about its listing: columns, searches, filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from django.db.models import F, Func, Model, Q
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
    apply: str | Callable[[Any, str], Any]
    everything: str = "すべて"
    default: str = ""

    def options(self) -> list[tuple[str, str]]:
        """The pairs offered."""
        given = self.choices() if callable(self.choices) else self.choices
        return [(str(value), str(label)) for value, label in given]

    def narrowed(self, queryset: Any, value: str) -> Any:
        """The queryset (or source) under this choice."""
        if callable(self.apply):
            return self.apply(queryset, value)
        return queryset.filter(**{self.apply: value})


_NUMBER = re.compile(r"[+-]?[0-9]{1,13}(?:\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Range:
    """From and to beside the search (範囲): numbers or days, both ends included, either may stay open.

    In the URL `<key>_from` and `<key>_to`; what is no number or no day of the calendar is ignored. `apply` is a lookup,
    asked with `gte` and `lte`, or a function of queryset, low and high (None: open).
    """

    key: str
    label: str
    kind: Kind
    apply: str | Callable[[Any, Any, Any], Any]

    @property
    def names(self) -> tuple[str, str]:
        """The two names in the URL."""
        return f"{self.key}_from", f"{self.key}_to"

    def read(self, text: str) -> Decimal | date | None:
        """One end; None for nothing."""
        if self.kind is Kind.NUMBER:
            tidy = text.strip().replace(",", "")
            return Decimal(tidy) if _NUMBER.fullmatch(tidy) else None
        try:
            return date.fromisoformat(text.strip()[:10])
        except ValueError:
            return None

    def narrowed(self, queryset: Any, low: Any, high: Any) -> Any:
        """The queryset (or source) within the ends."""
        if callable(self.apply):
            return self.apply(queryset, low, high)
        if low is not None:
            queryset = queryset.filter(**{f"{self.apply}__gte": low})
        return queryset if high is None else queryset.filter(**{f"{self.apply}__lte": high})


@runtime_checkable
class Source(Protocol):
    """What a listing may list besides a queryset, for those who know a faster way to their rows.

    Filters and ranges narrow it with functions as their `apply`. It must hold what the person sees and nothing else.
    """

    def searched(self, words: Sequence[str]) -> Source:
        """Where every word is found."""
        ...

    def count(self) -> int:
        """How many there are."""
        ...

    def rows(self, sort: str, *, down: bool, start: int, stop: int) -> Sequence[Any]:
        """Those from `start` to before `stop`, sorted by the column of a key ("": the order of the house)."""
        ...


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
