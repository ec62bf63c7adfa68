"""A finished chart, and the arithmetic all charts share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yakuba.kernel.ui.charts.svg import Svg, tongue
from yakuba.kernel.values.api import FiscalYear

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What a line or mark means."""

    mark: Svg
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as `<c-chart>` shows it: two drawings, the legend, and the table behind them.

    The first cell of each row is its heading. `key` names numbered marks (number, words).
    """

    title: str
    note: str
    wide: Svg
    narrow: Svg
    legend: tuple[LegendEntry, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    key: tuple[tuple[str, str], ...] = ()
    is_english: bool = False

    @property
    def said_title(self) -> Svg:
        """The title for HTML; Japanese on an English chart is marked as such."""
        return tongue(self.title, is_english=self.is_english)

    @property
    def said_note(self) -> Svg:
        """The note for HTML, marked likewise."""
        return tongue(self.note, is_english=self.is_english)

    @property
    def said_rows(self) -> tuple[tuple[Svg, ...], ...]:
        """The table for HTML, marked likewise."""
        return tuple(tuple(tongue(cell, is_english=self.is_english) for cell in row) for row in self.rows)


def figure(value: Number | None, places: int = 0, unit: str = "") -> str:
    """A number as people read it: `1,234`, `44.3%`; `—` for none."""
    if value is None:
        return "—"
    return f"{float(value):,.{places}f}{unit}"


def checked(values: Iterable[Number]) -> list[float]:
    """The values as floats. Raises `ValueError` on NaN and infinity, which no scale can show."""
    floats = [float(value) for value in values]
    if not all(math.isfinite(value) for value in floats):
        raise ValueError("a chart cannot show NaN or infinity")
    return floats


def nice_ticks(low: float, high: float, *, most: int = 6) -> list[float]:
    """Round tick values from at or below `low` to at or above `high`, at most about `most` of them."""
    least = max(1e-6, abs(low) * 1e-9, abs(high) * 1e-9)  # below this, ticks could not be told apart
    if high - low < least:
        high = low + (max(abs(low), abs(high)) if max(abs(low), abs(high)) > least else 1.0)
    raw = (high - low) / max(1, most - 1)
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def tick_places(ticks: Sequence[float], places: int) -> int:
    """Decimal places the tick labels need, at most those of the measure (or one, if its ticks fall between)."""
    for needed in range(places + 1):
        if all(abs(tick - round(tick, needed)) < 1e-9 for tick in ticks):
            return needed
    return max(places, 1)


def value_range(values: Sequence[float], *, from_zero: bool | None = None) -> tuple[float, float]:
    """The range an axis must show: from zero if values are positive and not far from it (or if asked for)."""
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    if from_zero is None:
        from_zero = low >= 0 and low <= high * 0.6
    if from_zero:
        return min(0.0, low), max(0.0, high)
    margin = (high - low) * 0.15 or abs(high) * 0.1 or 1.0
    return low - margin, high + margin


def fiscal_years(first: FiscalYear, last: FiscalYear) -> list[FiscalYear]:
    """The fiscal years from `first` through `last`. Raises `ValueError` on the wrong order or more than 30."""
    if not 0 <= last.year - first.year < 30:
        raise ValueError(f"a chart shows 1 to 30 fiscal years, not {first} to {last}")
    return [FiscalYear(year) for year in range(first.year, last.year + 1)]


def day_number(day: date) -> int:
    """Days on one line, for scales."""
    return day.toordinal()
