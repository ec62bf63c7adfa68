"""The line chart of a measure: baseline to target, corridor, measured values, forecast."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yakuba.kernel.ui import tokens
from yakuba.kernel.ui.charts.chart import (
    Chart,
    LegendEntry,
    Number,
    checked,
    day_number,
    figure,
    fiscal_years,
    nice_ticks,
    tick_places,
    value_range,
)
from yakuba.kernel.ui.charts.svg import Board, Place, mark, text_width
from yakuba.kernel.ui.charts.words import ChartWords, words_in
from yakuba.kernel.values.api import FiscalYear

_WIDE = {"width": 720.0, "height": 340.0, "size": 14.5}
_MOST_MARKS = 24
_NARROW = {"width": 320.0, "height": 290.0, "size": 14.2}


@dataclass(frozen=True, slots=True)
class Point:
    """A value on a day."""

    day: date
    value: Number


@dataclass(frozen=True, slots=True)
class CorridorPoint:
    """The allowed range on a day."""

    day: date
    low: Number
    high: Number


@dataclass(frozen=True, slots=True)
class _Series:
    baseline: Point | None
    target: Point | None
    measured: tuple[Point, ...]
    forecast: tuple[Point, ...]
    corridor: tuple[CorridorPoint, ...]


def line_chart(
    *,
    title: str,
    unit: str,
    first: FiscalYear,
    last: FiscalYear,
    baseline: Point | None = None,
    target: Point | None = None,
    measured: Sequence[Point] = (),
    forecast: Sequence[Point] = (),
    corridor: Sequence[CorridorPoint] = (),
    today: date | None = None,
    places: int = 0,
    note: str = "",
    language: str = "ja",
) -> Chart:
    """A measure (KPI) over fiscal years.

    `baseline` and `target` are joined by the planned line (dashed, diamond at its end); `corridor` is drawn as a band;
    `measured` as a solid line with filled marks; `forecast` as a dotted line with open marks that begins at the last
    measured value. Series may come in any order. `places` are decimal places. Days before the first fiscal year widen
    the axis, later ones are cut. Where no value is negative the corridor ends at 0. `language` is a code of the house; title, unit and note come translated. Raises `ValueError` on NaN, infinity or a wrong order of years.
    """
    years, said = fiscal_years(first, last), words_in(language)
    points = [*filter(None, (baseline, target)), *measured, *forecast]
    values = checked([point.value for point in points])
    if min(values, default=0.0) >= 0:  # what is counted is never below nothing, so neither is its corridor
        corridor = [CorridorPoint(point.day, max(0, point.low), max(0, point.high)) for point in corridor]
    series = _Series(
        baseline,
        target,
        tuple(sorted(measured, key=lambda point: point.day)),
        tuple(sorted(forecast, key=lambda point: point.day)),
        tuple(sorted(corridor, key=lambda point: point.day)),
    )
    values += checked([edge for point in corridor for edge in (point.low, point.high)])
    ticks = nice_ticks(*value_range(values))
    earliest = min([years[0].start, *(point.day for point in points)])
    description = _described(series, unit, places, said)
    drawings = [
        _draw(
            _Drawing(
                Board(shape=shape, is_english=said.is_english, **sizes),
                series,
                years,
                earliest,
                ticks,
                unit,
                places,
                said,
            ),
            today,
        ).finished(title=title, description=description)
        for shape, sizes in (("wide", _WIDE), ("narrow", _NARROW))
    ]
    heads, rows = _table(series, unit, places, said)
    return Chart(
        title, note, drawings[0], drawings[1], tuple(_legend(series, said)), heads, rows, is_english=said.is_english
    )


class _Drawing:
    """One drawing of the series: where a day and a value stand, and the parts in the order they are laid down."""

    def __init__(
        self,
        board: Board,
        series: _Series,
        years: list[FiscalYear],
        earliest: date,
        ticks: list[float],
        unit: str,
        places: int,
        said: ChartWords,
    ) -> None:
        self.board, self.series, self.years, self.ticks, self.unit, self.places = (
            board,
            series,
            years,
            ticks,
            unit,
            places,
        )
        self.said = said
        self.labels = [figure(tick, tick_places(ticks, places)) for tick in ticks]
        self.left = max(text_width(label, board.size) for label in self.labels) + 12
        self.right, self.top, self.bottom = board.width - 14, board.size * 2.1, board.height - board.size * 1.9
        self.begin, self.end = day_number(earliest), day_number(years[-1].last_day)
        self.measured = [point for point in series.measured if self.shows(point.day)]
        self.forecast = [point for point in series.forecast if self.shows(point.day)]

    def shows(self, day: date) -> bool:
        return self.begin <= day_number(day) <= self.end

    def x(self, day: date) -> float:
        return self.left + (day_number(day) - self.begin) / (self.end - self.begin) * (self.right - self.left)

    def y(self, value: Number) -> float:
        share = (float(value) - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])
        return self.bottom - share * (self.bottom - self.top)

    def amount(self, value: Number) -> str:
        return self.said.amount(figure(value, self.places), self.unit)

    def place(self, point: Point) -> Place:
        return self.x(point.day), self.y(point.value)

    def ground(self) -> None:
        """Fiscal years, grid, axis."""
        board = self.board
        # Names of years that would run into each other are left out, every second or third one.
        widest = max(text_width(self.said.year(year), board.size) for year in self.years) + 4
        every = math.ceil(widest * (self.end - self.begin) / 366 / (self.right - self.left))
        for number, year in enumerate(self.years):
            start, stop = self.x(year.start), self.x(year.last_day)
            if number % 2:
                board.rect(start, self.top, stop - start, self.bottom - self.top, fill="#f8f8f8")
            if number % max(every, len(self.years) // 8, 1) == 0:
                middle = (start + stop) / 2
                board.text(
                    (middle, self.bottom + board.size * 1.35),
                    self.said.year(year),
                    anchor="middle",
                    fill=tokens.GRAY_700,
                )
            board.line((start, self.bottom), (start, self.bottom + 5), stroke=tokens.GRAY_600)
        board.text(
            (2, board.size), f"({self.unit})" if self.said.is_english else f"（{self.unit}）", fill=tokens.GRAY_700
        )
        for tick, label in zip(self.ticks, self.labels, strict=True):
            y = self.y(tick)
            stroke = tokens.GRAY_200 if tick != self.ticks[0] else tokens.GRAY_600
            board.line((self.left, y), (self.right, y), stroke=stroke)
            board.text((self.left - 6, y + board.size * 0.35), label, anchor="end", fill=tokens.GRAY_700)

    def band(self) -> None:
        """The corridor."""
        corridor = [point for point in self.series.corridor if self.shows(point.day)]
        if len(corridor) < 2:
            return
        above = [(self.x(point.day), self.y(point.high)) for point in corridor]
        below = [(self.x(point.day), self.y(point.low)) for point in corridor]
        self.board.path([*above, *reversed(below)], closed=True, fill=tokens.GREEN_50, fill_opacity=0.85)
        for edge in (above, below):
            self.board.path(edge, stroke=tokens.GREEN_800, stroke_width=1, stroke_dasharray="1 3")

    def now(self, today: date | None) -> None:
        """The line of today."""
        if today is not None and self.shows(today):
            x = self.x(today)
            self.board.line((x, self.top - 4), (x, self.bottom), stroke=tokens.ORANGE_800, stroke_dasharray="4 3")
            self.board.plate((x, self.top - 8), self.said.today, anchor="middle", fill=tokens.ORANGE_800)

    def lines(self) -> None:
        """Planned line, forecast, measured values."""
        board = self.board
        if self.series.baseline and self.series.target:
            ends = [self.place(self.series.baseline), self.place(self.series.target)]
            board.path(ends, stroke=tokens.GRAY_700, stroke_width=2, stroke_dasharray="8 5")
        if self.forecast:
            start = [point for point in self.measured[-1:] if point.day < self.forecast[0].day]
            board.path(
                [self.place(point) for point in (*start, *self.forecast)],
                stroke=tokens.BLUE_500,
                stroke_width=2.5,
                stroke_dasharray="2 5",
                stroke_linecap="round",
            )
            for point in self.forecast:
                board.circle(self.place(point), 4, fill=tokens.WHITE, stroke=tokens.BLUE_500, stroke_width=2)
        board.path(
            [self.place(point) for point in self.measured],
            stroke=tokens.BLUE_900,
            stroke_width=3,
            stroke_linejoin="round",
        )
        for point in self.measured if len(self.measured) <= _MOST_MARKS else self.measured[-1:]:
            board.circle(self.place(point), 4.5, fill=tokens.BLUE_900, stroke=tokens.WHITE, stroke_width=1.5)

    def words(self) -> None:
        """Labels of target, baseline and newest value, kept off each other."""
        board, taken = self.board, list[Place]()
        if self.series.target:
            at = self.place(self.series.target)
            board.diamond(at, 6.5, fill=tokens.WHITE, stroke=tokens.GRAY_800, stroke_width=2)
            above = (at[0] - 4, max(board.size * 1.2, at[1] - 12))
            goal = self.amount(self.series.target.value)
            board.plate(above, f"{self.said.target} {goal}", anchor="end", font_weight=700)
            taken.append(above)
        if self.series.baseline:
            at = self.place(self.series.baseline)
            board.rect(at[0] - 4.5, at[1] - 4.5, 9, 9, fill=tokens.WHITE, stroke=tokens.GRAY_800, stroke_width=2)
            below = at[1] + board.size * 1.5
            spot = (at[0] + 2, below if below < self.bottom - 2 else at[1] - 10)
            start = self.amount(self.series.baseline.value)
            board.plate(spot, f"{self.said.baseline} {start}", fill=tokens.GRAY_700)
            taken.append(spot)
        if self.measured:
            self._newest(self.measured[-1], taken)

    def _newest(self, point: Point, taken: list[Place]) -> None:
        at, size = self.place(point), self.board.size
        words = self.amount(point.value)
        room = text_width(words, size) + 60
        spots = [(at[0], at[1] - 12), (at[0], at[1] + size * 1.6), (at[0], at[1] - 12 - size * 1.4)]

        def is_free(spot: Place) -> bool:
            clear = all(abs(spot[1] - y) > size * 1.3 or abs(spot[0] - x) > room for x, y in taken)
            return clear and size < spot[1] < self.bottom

        spot = next((one for one in spots if is_free(one)), spots[0])
        self.board.plate(spot, words, anchor="middle", fill=tokens.BLUE_900, font_weight=700)


def _draw(drawing: _Drawing, today: date | None) -> Board:
    drawing.ground()
    drawing.band()
    drawing.now(today)
    drawing.lines()
    drawing.words()
    return drawing.board


def _legend(series: _Series, said: ChartWords) -> list[LegendEntry]:
    def stroke(**looks: object) -> tuple[str, dict[str, object]]:
        return "line", {"x1": 0, "y1": 8, "x2": 32, "y2": 8, **looks}

    entries = []
    if series.measured:
        dot = ("circle", {"cx": 16, "cy": 8, "r": 4.5, "fill": tokens.BLUE_900})
        entries.append(LegendEntry(mark(stroke(stroke=tokens.BLUE_900, stroke_width=3), dot), said.measured))
    if series.forecast:
        ring = (
            "circle",
            {"cx": 16, "cy": 8, "r": 4, "fill": tokens.WHITE, "stroke": tokens.BLUE_500, "stroke_width": 2},
        )
        entries.append(
            LegendEntry(
                mark(
                    stroke(stroke=tokens.BLUE_500, stroke_width=2.5, stroke_dasharray="2 5", stroke_linecap="round"),
                    ring,
                ),
                said.forecast,
            )
        )
    if series.baseline and series.target:
        entries.append(
            LegendEntry(mark(stroke(stroke=tokens.GRAY_700, stroke_width=2, stroke_dasharray="8 5")), said.way)
        )
    if len(series.corridor) > 1:
        band = (
            "rect",
            {"x": 0, "y": 2, "width": 32, "height": 12, "fill": tokens.GREEN_50, "stroke": tokens.GREEN_800},
        )
        band[1]["stroke_dasharray"] = "1 3"
        entries.append(LegendEntry(mark(band), said.corridor))
    return entries


def _planned(series: _Series, day: date) -> float | None:
    if not series.baseline or not series.target:
        return None
    span = day_number(series.target.day) - day_number(series.baseline.day)
    share = (day_number(day) - day_number(series.baseline.day)) / span if span else 1.0
    if not 0 <= share <= 1:
        return None
    start, goal = float(series.baseline.value), float(series.target.value)
    return start + (goal - start) * share


def _table(
    series: _Series, unit: str, places: int, said: ChartWords
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    measured = {point.day: point.value for point in series.measured}
    forecast = {point.day: point.value for point in series.forecast}
    marks = {
        point.day: name for point, name in ((series.baseline, said.baseline), (series.target, said.target)) if point
    }
    days = sorted({*measured, *forecast, *marks})
    more = max(places, 1)

    def row(day: date) -> tuple[str, ...]:
        planned = _planned(series, day)
        return (
            said.mark.format(day=said.date(day), name=marks[day]) if day in marks else said.date(day),
            figure(measured.get(day), places),
            figure(planned, places if planned is not None and day in marks else more),
            figure(forecast.get(day), more if day in forecast else places),
        )

    named = (said.measured, said.planned_line, said.forecast)
    heads = (said.day, *(said.head.format(name=name, unit=unit) for name in named))
    return heads, tuple(row(day) for day in days)


def _described(series: _Series, unit: str, places: int, said: ChartWords) -> str:
    def told(sentence: str, point: Point, exactly: int) -> str:
        return sentence.format(day=said.date(point.day), value=said.amount(figure(point.value, exactly), unit))

    sentences = [told(said.said_baseline, series.baseline, places)] if series.baseline else []
    if series.target:
        sentences.append(told(said.said_target, series.target, places))
    sentences.append(told(said.said_measured, series.measured[-1], places) if series.measured else said.said_nothing)
    if series.forecast:
        sentences.append(told(said.said_forecast, series.forecast[-1], max(places, 1)))
    return "".join(sentences).strip()
