"""The bar chart: horizontal bars, because Japanese labels are long and phones are narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yakuba.kernel.ui import tokens
from yakuba.kernel.ui.charts.chart import Chart, LegendEntry, Number, checked, figure, nice_ticks, tick_places
from yakuba.kernel.ui.charts.svg import Board, mark, shortened, text_width
from yakuba.kernel.ui.charts.words import ChartWords, words_in


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `value` None is 未計測; `before` is an earlier value for comparison; `strong` picks the bar out."""

    label: str
    value: Number | None
    before: Number | None = None
    strong: bool = False


def bar_chart(
    *,
    title: str,
    unit: str,
    bars: Sequence[Bar],
    value_words: str = "",
    before_words: str = "",
    places: int = 0,
    note: str = "",
    language: str = "ja",
) -> Chart:
    """Bars from zero, in the given order; negative values grow to the left.

    `value_words` and `before_words` name the two series. Raises `ValueError` on NaN or infinity.
    """
    said = words_in(language)
    value_words, before_words = value_words or said.value, before_words or said.before
    values = checked([value for bar in bars for value in (bar.value, bar.before) if value is not None])
    ticks = nice_ticks(min([0.0, *values]), max([0.0, *values]) if values else 1.0, most=5)
    compares = any(bar.before is not None for bar in bars)
    spoken = said.comma.join(
        f"{bar.label} {said.amount(figure(bar.value, places), unit) if bar.value is not None else said.unmeasured}"
        for bar in bars
    )
    drawings = [
        _draw(shape, bars, ticks, unit, places, said).finished(title=title, description=spoken or said.no_items)
        for shape in ("wide", "narrow")
    ]
    legend: tuple[LegendEntry, ...] = ()
    if compares:
        now = mark(("rect", {"x": 0, "y": 3, "width": 32, "height": 10, "fill": tokens.BLUE_900}))
        then = mark(
            ("rect", {"x": 1, "y": 4, "width": 30, "height": 8, "fill": tokens.WHITE, "stroke": tokens.GRAY_600})
        )
        legend = (LegendEntry(now, value_words), LegendEntry(then, before_words))
    named = [value_words, before_words] if compares else [value_words]
    heads = (said.item, *(said.head.format(name=name, unit=unit) for name in named))
    rows = tuple(
        (bar.label, figure(bar.value, places) if bar.value is not None else said.unmeasured)
        + ((figure(bar.before, places),) if compares else ())
        for bar in bars
    )
    return Chart(title, note, drawings[0], drawings[1], legend, heads, rows, is_english=said.is_english)


def _draw(shape: str, bars: Sequence[Bar], ticks: list[float], unit: str, places: int, said: ChartWords) -> Board:
    compares = any(bar.before is not None for bar in bars)
    wide = shape == "wide"
    size, width = (14.5, 720.0) if wide else (14.2, 320.0)
    thick, thin = (20.0 if wide else 18.0), (9.0 if compares else 0.0)
    head = 0.0 if wide else size * 1.6
    step = head + thick + thin + (16 if wide else 14)
    top = 8.0
    board = Board(
        width=width,
        height=top + step * max(1, len(bars)) + size * 1.9,
        size=size,
        shape=shape,
        is_english=said.is_english,
    )
    room = min(240.0, max([text_width(bar.label, size) for bar in bars], default=0) + 12) if wide else 0.0
    ends = [said.amount(figure(value, places), unit) for bar in bars for value in (bar.value,) if value is not None]
    left = 2 + room
    right = width - max([text_width(words, size) for words in ends], default=0) - 12
    bottom = top + step * max(1, len(bars))

    def x(value: Number) -> float:
        return left + (float(value) - ticks[0]) / (ticks[-1] - ticks[0]) * (right - left)

    for tick in ticks:
        board.line((x(tick), top), (x(tick), bottom), stroke=tokens.GRAY_600 if tick == 0 else tokens.GRAY_200)
        label = figure(tick, tick_places(ticks, places))
        board.text(
            (max(x(tick), text_width(label, size) / 2 + 1), bottom + size * 1.35),
            label,
            anchor="middle",
            fill=tokens.GRAY_700,
        )
    for number, bar in enumerate(bars):
        y = top + number * step + head + 4
        if wide:
            board.text((left - 10, y + thick / 2 + size * 0.35), shortened(bar.label, size, room - 10), anchor="end")
        else:
            board.plate((3, y - size * 0.4), shortened(bar.label, size, width - 8))
        middle = y + thick / 2 + size * 0.35
        if bar.value is None:
            board.plate((x(0) + 8, middle), said.unmeasured, fill=tokens.GRAY_700)
            continue
        start, end = sorted((x(0), x(bar.value)))
        looks: dict[str, object] = {
            "fill": tokens.BLUE_900 if bar.strong or not any(b.strong for b in bars) else tokens.BLUE_300
        }
        board.rect(start, y, max(1.5, end - start), thick, **looks, stroke=tokens.BLUE_900, stroke_width=1)
        if bar.before is not None:
            low, high = sorted((x(0), x(bar.before)))
            board.rect(low, y + thick + 1, max(1.5, high - low), thin - 2, fill=tokens.WHITE, stroke=tokens.GRAY_600)
        board.plate((max(end, x(0)) + 5, middle), said.amount(figure(bar.value, places), unit), font_weight=700)
    return board
