"""The line chart of a measure: baseline to target, corridor, measured values, forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yakuba.kernel.japan.api import era_date_short
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
from yakuba.kernel.ui.charts.svg import Board, Place, Svg, mark, text_width
from yakuba.kernel.values.api import FiscalYear

_WIDE = {"width": 720.0, "height": 340.0, "size": 14.5}
_NARROW = {"width": 320.0, "height": 290.0, "size": 13.5}


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
) -> Chart:
    """A measure (KPI) over fiscal years.

    `baseline` and `target` are joined by the planned line (dashed, diamond at its end); `corridor` is drawn as a band;
    `measured` as a solid line with filled marks; `forecast` as a dotted line with open marks that begins at the last
    measured value. Series may come in any order. `places` are decimal places. Days before the first fiscal year widen
    the axis, later ones are cut. Raises `ValueError` on NaN, infinity or a wrong order of years.
    """
    years = fiscal_years(first, last)
    series = _Series(
        baseline,
        target,
        tuple(sorted(measured, key=lambda point: point.day)),
        tuple(sorted(forecast, key=lambda point: point.day)),
        tuple(sorted(corridor, key=lambda point: point.day)),
    )
    points = [*filter(None, (baseline, target)), *series.measured, *series.forecast]
    values = checked([point.value for point in points])
    values += checked([edge for point in corridor for edge in (point.low, point.high)])
    ticks = nice_ticks(*value_range(values))
    earliest = min([years[0].start, *(point.day for point in points)])
    description = _described(series, unit, places)
    drawings = [
        _draw(Board(shape=shape, **sizes), series, years, earliest, ticks, unit, places, today).finished(
            title=title, description=description
        )
        for shape, sizes in (("wide", _WIDE), ("narrow", _NARROW))
    ]
    heads, rows = _table(series, unit, places)
    return Chart(title, note, drawings[0], drawings[1], tuple(_legend(series, today)), heads, rows)


def _draw(
    board: Board,
    series: _Series,
    years: list[FiscalYear],
    earliest: date,
    ticks: list[float],
    unit: str,
    places: int,
    today: date | None,
) -> Board:
    labels = [figure(tick, tick_places(ticks, places)) for tick in ticks]
    left = max(text_width(label, board.size) for label in labels) + 12
    right, top, bottom = board.width - 14, board.size * 2.1, board.height - board.size * 1.9
    begin, end = day_number(earliest), day_number(years[-1].last_day)

    def x(day: date) -> float:
        return left + (day_number(day) - begin) / (end - begin) * (right - left)

    def y(value: Number) -> float:
        return bottom - (float(value) - ticks[0]) / (ticks[-1] - ticks[0]) * (bottom - top)

    def place(point: Point) -> Place:
        return x(point.day), y(point.value)

    for number, year in enumerate(years):
        if number % 2:
            board.rect(x(year.start), top, x(year.last_day) - x(year.start), bottom - top, fill="#f8f8f8")
        middle = (x(year.start) + x(year.last_day)) / 2
        board.text((middle, bottom + board.size * 1.35), year.short, anchor="middle", fill=tokens.GRAY_700)
        board.line((x(year.start), bottom), (x(year.start), bottom + 5), stroke=tokens.GRAY_600)
    board.text((2, board.size), f"（{unit}）", fill=tokens.GRAY_700)
    for tick, label in zip(ticks, labels, strict=True):
        board.line((left, y(tick)), (right, y(tick)), stroke=tokens.GRAY_200 if tick != ticks[0] else tokens.GRAY_600)
        board.text((left - 6, y(tick) + board.size * 0.35), label, anchor="end", fill=tokens.GRAY_700)

    if len(series.corridor) > 1:
        above = [(x(point.day), y(point.high)) for point in series.corridor]
        below = [(x(point.day), y(point.low)) for point in series.corridor]
        board.path([*above, *reversed(below)], closed=True, fill=tokens.GREEN_50, fill_opacity=0.85)
        for edge in (above, below):
            board.path(edge, stroke=tokens.GREEN_800, stroke_width=1, stroke_dasharray="1 3")
    if today is not None and begin <= day_number(today) <= end:
        board.line((x(today), top - 4), (x(today), bottom), stroke=tokens.ORANGE_800, stroke_dasharray="4 3")
        board.plate((x(today), top - 8), "今日", anchor="middle", fill=tokens.ORANGE_800)
    if series.baseline and series.target:
        ends = [place(series.baseline), place(series.target)]
        board.path(ends, stroke=tokens.GRAY_700, stroke_width=2, stroke_dasharray="8 5")
    shown = [point for point in series.forecast if day_number(point.day) <= end]
    if shown:
        start = series.measured[-1:] if series.measured and series.measured[-1].day < shown[0].day else ()
        board.path(
            [place(point) for point in (*start, *shown)],
            stroke=tokens.BLUE_500,
            stroke_width=2.5,
            stroke_dasharray="2 5",
            stroke_linecap="round",
        )
        for point in shown:
            board.circle(place(point), 4, fill=tokens.WHITE, stroke=tokens.BLUE_500, stroke_width=2)
    measured = [point for point in series.measured if day_number(point.day) <= end]
    board.path([place(point) for point in measured], stroke=tokens.BLUE_900, stroke_width=3, stroke_linejoin="round")
    for point in measured if len(measured) <= 24 else measured[-1:]:
        board.circle(place(point), 4.5, fill=tokens.BLUE_900, stroke=tokens.WHITE, stroke_width=1.5)
    _label(board, series, measured, place, unit, places, bottom)
    return board


def _label(board, series, measured, place, unit, places, bottom):  # type: ignore[no-untyped-def]
    taken: list[Place] = []
    if series.target:
        at = place(series.target)
        board.diamond(at, 6.5, fill=tokens.WHITE, stroke=tokens.GRAY_800, stroke_width=2)
        above = (at[0] - 4, max(board.size * 1.2, at[1] - 12))
        board.plate(above, f"目標 {figure(series.target.value, places, unit)}", anchor="end", font_weight=700)
        taken.append(above)
    if series.baseline:
        at = place(series.baseline)
        board.rect(at[0] - 4.5, at[1] - 4.5, 9, 9, fill=tokens.WHITE, stroke=tokens.GRAY_800, stroke_width=2)
        below = at[1] + board.size * 1.5
        spot = (at[0] + 2, below if below < bottom - 2 else at[1] - 10)
        board.plate(spot, f"基準 {figure(series.baseline.value, places, unit)}", fill=tokens.GRAY_700)
        taken.append(spot)
    if measured:
        at = place(measured[-1])
        words = figure(measured[-1].value, places, unit)
        width = text_width(words, board.size)
        spots = [(at[0], at[1] - 12), (at[0], at[1] + board.size * 1.6), (at[0], at[1] - 12 - board.size * 1.4)]

        def free(spot: Place) -> bool:
            clear = all(abs(spot[1] - y) > board.size * 1.3 or abs(spot[0] - x) > width + 60 for x, y in taken)
            return clear and board.size < spot[1] < bottom

        board.plate(
            next((spot for spot in spots if free(spot)), spots[0]),
            words,
            anchor="middle",
            fill=tokens.BLUE_900,
            font_weight=700,
        )


def _legend(series: _Series, today: date | None) -> list[LegendEntry]:
    def stroke(**looks: object) -> tuple[str, dict[str, object]]:
        return "line", {"x1": 0, "y1": 8, "x2": 32, "y2": 8, **looks}

    entries = []
    if series.measured:
        dot = ("circle", {"cx": 16, "cy": 8, "r": 4.5, "fill": tokens.BLUE_900})
        entries.append(LegendEntry(mark(stroke(stroke=tokens.BLUE_900, stroke_width=3), dot), "実測"))
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
                "見通し",
            )
        )
    if series.baseline and series.target:
        entries.append(
            LegendEntry(
                mark(stroke(stroke=tokens.GRAY_700, stroke_width=2, stroke_dasharray="8 5")), "基準から目標への線"
            )
        )
    if len(series.corridor) > 1:
        band = (
            "rect",
            {"x": 0, "y": 2, "width": 32, "height": 12, "fill": tokens.GREEN_50, "stroke": tokens.GREEN_800},
        )
        band[1]["stroke_dasharray"] = "1 3"
        entries.append(LegendEntry(mark(band), "想定の範囲"))
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


def _table(series: _Series, unit: str, places: int) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    measured = {point.day: point.value for point in series.measured}
    forecast = {point.day: point.value for point in series.forecast}
    marks = {point.day: name for point, name in ((series.baseline, "基準"), (series.target, "目標")) if point}
    days = sorted({*measured, *forecast, *marks})
    more = max(places, 1)

    def row(day: date) -> tuple[str, ...]:
        planned = _planned(series, day)
        return (
            era_date_short(day) + (f"（{marks[day]}）" if day in marks else ""),
            figure(measured.get(day), places),
            figure(planned, places if planned is not None and day in marks else more),
            figure(forecast.get(day), more if day in forecast else places),
        )

    heads = ("日付", f"実測（{unit}）", f"計画の線（{unit}）", f"見通し（{unit}）")
    return heads, tuple(row(day) for day in days)


def _described(series: _Series, unit: str, places: int) -> str:
    said = []
    if series.baseline:
        said.append(f"基準は{era_date_short(series.baseline.day)}の{figure(series.baseline.value, places, unit)}。")
    if series.target:
        said.append(f"目標は{era_date_short(series.target.day)}までに{figure(series.target.value, places, unit)}。")
    if series.measured:
        newest = series.measured[-1]
        said.append(f"最新の実測は{era_date_short(newest.day)}の{figure(newest.value, places, unit)}。")
    else:
        said.append("まだ実測はありません。")
    if series.forecast:
        ahead = series.forecast[-1]
        said.append(f"見通しは{era_date_short(ahead.day)}に{figure(ahead.value, max(places, 1), unit)}。")
    return "".join(said)


__all__ = ["CorridorPoint", "Point", "Svg", "line_chart"]
