"""The trend chart: one value after the other, such as months, joined by a line."""

from __future__ import annotations

import math
from collections.abc import Sequence

from yakuba.kernel.ui import tokens
from yakuba.kernel.ui.charts.chart import Chart, Number, checked, figure, nice_ticks, tick_places, value_range
from yakuba.kernel.ui.charts.svg import Board, text_width
from yakuba.kernel.ui.charts.words import ChartWords, words_in

_MOST_MARKS = 40


def trend_chart(
    *,
    title: str,
    unit: str,
    points: Sequence[tuple[str, Number | None]],
    value_words: str = "",
    places: int = 0,
    note: str = "",
    language: str = "ja",
) -> Chart:
    """Labelled values in the given order; None leaves a gap. Raises `ValueError` on NaN or infinity."""
    said = words_in(language)
    values = checked([value for _, value in points if value is not None])
    ticks = nice_ticks(*value_range(values))
    spoken = said.comma.join(
        f"{label} {said.amount(figure(value, places), unit) if value is not None else said.unmeasured}"
        for label, value in points
    )
    drawings = [
        _draw(shape, points, ticks, unit, places, said).finished(title=title, description=spoken or said.no_items)
        for shape in ("wide", "narrow")
    ]
    named = value_words or said.value
    heads = (said.item, said.head.format(name=named, unit=unit) if unit else named)
    rows = tuple((label, figure(value, places)) for label, value in points)
    return Chart(title, note, drawings[0], drawings[1], (), heads, rows, is_english=said.is_english)


def _draw(
    shape: str,
    points: Sequence[tuple[str, Number | None]],
    ticks: list[float],
    unit: str,
    places: int,
    said: ChartWords,
) -> Board:
    wide = shape == "wide"
    size, width, height = (14.5, 720.0, 320.0) if wide else (14.2, 320.0, 270.0)
    board = Board(width=width, height=height, size=size, shape=shape, is_english=said.is_english)
    labels = [figure(tick, tick_places(ticks, places)) for tick in ticks]
    left = max(text_width(label, size) for label in labels) + 12
    right, top, bottom = width - 20, size * 2.1, height - size * 1.9
    if unit:
        board.text((2, size), f"({unit})" if said.is_english else f"（{unit}）", fill=tokens.GRAY_700)
    widest = max([text_width(label, size) for label, _ in points], default=0.0)
    begin = left + 16  # the first mark stands off the axis
    span = max(1, len(points) - 1)

    def place(number: int, value: Number) -> tuple[float, float]:
        share = (float(value) - ticks[0]) / (ticks[-1] - ticks[0])
        return begin + number / span * (right - begin - 8), bottom - share * (bottom - top)

    for tick, label in zip(ticks, labels, strict=True):
        y = place(0, tick)[1]
        stroke = tokens.GRAY_600 if tick == ticks[0] else tokens.GRAY_200
        board.line((left, y), (right, y), stroke=stroke)
        board.text((left - 6, y + size * 0.35), label, anchor="end", fill=tokens.GRAY_700)
    every = max(1, math.ceil((widest + 10) * len(points) / max(1.0, right - begin)))
    for number, (label, _) in enumerate(points):
        if (len(points) - 1 - number) % every == 0:
            x = place(number, ticks[0])[0]
            half = text_width(label, size) / 2
            board.text((min(max(half, x), width - half - 1), bottom + size * 1.35), label, anchor="middle")
    run: list[tuple[float, float]] = []
    for number, (_, value) in enumerate([*points, ("", None)]):
        if value is not None:
            run.append(place(number, value))
            continue
        board.path(run, stroke=tokens.BLUE_900, stroke_width=3, stroke_linejoin="round")
        for spot in run if len(points) <= _MOST_MARKS else run[-1:]:
            board.circle(spot, 4, fill=tokens.BLUE_900, stroke=tokens.WHITE, stroke_width=1.5)
        run = []
    return board
