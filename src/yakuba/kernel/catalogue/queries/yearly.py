"""Cases per procedure, channel and fiscal year, from the two sources: counted by hand, and held by other engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from yakuba.kernel.catalogue.models import Procedure, YearlyCount
from yakuba.kernel.catalogue.rules.kinds import ChannelKind
from yakuba.kernel.catalogue.rules.yearly_table import YearlyTable, yearly_table
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.values.api import FiscalYear

Counts = Mapping[tuple[str, ChannelKind], int]
CaseCounter = Callable[[FiscalYear], Counts]

_counters: dict[str, CaseCounter] = {}


def register_case_counter(counter: CaseCounter) -> CaseCounter:
    """Let an engine above tell how many cases it received: the function takes a fiscal year and gives numbers by
    (procedure key, channel kind). Usable as a decorator; the same function registers once."""
    _counters[f"{counter.__module__}.{counter.__qualname__}"] = counter
    return counter


def counted_by_hand(year: FiscalYear) -> Counts:
    """What clerks entered for a year."""
    rows = YearlyCount.objects.filter(fiscal_year=year.year)
    return {
        (key, ChannelKind(kind)): count
        for key, kind, count in rows.values_list("procedure__key", "channel_kind", "count")
    }


def counted_by_system(year: FiscalYear) -> list[Counts]:
    """What the engines of this system received in a year."""
    return [counter(year) for counter in _counters.values()]


def table_of(year: FiscalYear, *, hide_below: int = 0) -> YearlyTable:
    """The table of a year over all procedures that are shown to the public."""
    procedures = Procedure.objects.filter(is_shown=True).order_by("number").values_list("key", "number", "title_ja")
    return yearly_table(year.year, procedures, counted_by_hand(year), *counted_by_system(year), hide_below=hide_below)


def table_to_publish(year: FiscalYear, *, on: date) -> dict[str, Any]:
    """The table as it is published and kept: rows with few cases without their numbers (kpi.small_count)."""
    limit = whole_on("kpi.small_count", on)
    table = table_of(year, hide_below=limit)
    return {
        "rows": [
            {"number": row.number, "title": row.title, "hidden_below": limit}
            if row.is_hidden
            else {
                "number": row.number,
                "title": row.title,
                "total": row.total,
                "online": row.online,
                "share": None if row.share is None else str(row.share),
            }
            for row in table.rows
        ],
        "total": table.total,
        "online": table.online,
        "share": None if table.share is None else str(table.share),
        "uncounted": list(table.uncounted),
    }
