"""The stacked bar chart: what makes up each bar, series by series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yakuba.kernel.ui import tokens
from yakuba.kernel.ui.charts.chart import Chart, LegendEntry, Number, checked, figure, nice_ticks, tick_places
from yakuba.kernel.ui.charts.svg import Board, mark, shortened, text_width
from yakuba.kernel.ui.charts.words import ChartWords, words_in

FILLS = (
    tokens.BLUE_900,
    tokens.BLUE_300,
    tokens.GREEN_800,
    tokens.GREEN_200,
    tokens.ORANGE_800,
    tokens.GRAY_600,
    tokens.BLUE_500,
    tokens.GRAY_200,
)
"""Neighbours differ in lightness, so that they can be told apart without colour; white gaps stand between them."""
_DARK = frozenset({tokens.BLUE_900, tokens.GREEN_800, tokens.ORANGE_800, tokens.GRAY_600, tokens.BLUE_500})


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar: a value for each series."""

    label: str
    values: tuple[Number, ...]

    @property
    def total(self) -> Number:
        return sum(self.values)


def stack_chart(
    *,
    title: str,
    unit: str,
    series: Sequence[str],
    stacks: Sequence[Stack],
    total_words: str,
    places: int = 0,
    note: str = "",
    language: str = "ja",
) -> Chart:
    """Horizontal bars of several series, in the given order; the table has the total under `total_words` too.

    Raises `ValueError` on NaN, infinity, negative values, more than eight series or a bar with another number of them.
    """
    said = words_in(language)
    values = checked([value for stack in stacks for value in stack.values])
    if len(series) > len(FILLS) or any(len(stack.values) != len(series) for stack in stacks):
        raise ValueError(f"a stack has one value for each of at most {len(FILLS)} series")
    if min(values, default=0.0) < 0:
        raise ValueError("what makes up a whole is never less than nothing")
    ticks = nice_ticks(0.0, max([float(stack.total) for stack in stacks], default=1.0), most=5)
    spoken = said.comma.join(
        f"{stack.label} {said.amount(figure(stack.total, places), unit)}" for stack in stacks
    )  # fmt: skip
    drawings = [
        _draw(shape, stacks, ticks, unit, places, said).finished(title=title, description=spoken or said.no_items)
        for shape in ("wide", "narrow")
    ]
    legend = tuple(
        LegendEntry(
            mark(("rect", {"x": 0, "y": 2, "width": 32, "height": 12, "fill": fill, "stroke": tokens.GRAY_600})), name
        )
        for fill, name in zip(FILLS, series, strict=False)
    )
    heads = (said.item, *series, said.head.format(name=total_words, unit=unit) if unit else total_words)
    rows = tuple(
        (stack.label, *(figure(value, places) for value in stack.values), figure(stack.total, places))
        for stack in stacks
    )
    return Chart(title, note, drawings[0], drawings[1], legend, heads, rows, is_english=said.is_english)


def _draw(shape: str, stacks: Sequence[Stack], ticks: list[float], unit: str, places: int, said: ChartWords) -> Board:
    wide = shape == "wide"
    size, width = (14.5, 720.0) if wide else (14.2, 320.0)
    thick, head, top = 22.0, 0.0 if wide else size * 1.6, 8.0
    step = head + thick + (16 if wide else 14)
    bottom = top + step * max(1, len(stacks))
    board = Board(width=width, height=bottom + size * 1.9, size=size, shape=shape, is_english=said.is_english)
    room = min(240.0, max([text_width(stack.label, size) for stack in stacks], default=0) + 12) if wide else 0.0
    ends = [said.amount(figure(stack.total, places), unit) for stack in stacks]
    left, right = 2 + room, width - max([text_width(words, size) for words in ends], default=0) - 12

    def x(value: float) -> float:
        return left + (value - ticks[0]) / (ticks[-1] - ticks[0]) * (right - left)

    for tick in ticks:
        board.line((x(tick), top), (x(tick), bottom), stroke=tokens.GRAY_600 if tick == 0 else tokens.GRAY_200)
        label = figure(tick, tick_places(ticks, places))
        middle = max(x(tick), text_width(label, size) / 2 + 1)
        board.text((middle, bottom + size * 1.35), label, anchor="middle", fill=tokens.GRAY_700)
    for number, (stack, words) in enumerate(zip(stacks, ends, strict=True)):
        y = top + number * step + head + 4
        base = y + thick / 2 + size * 0.35
        if wide:
            board.text((left - 10, base), shortened(stack.label, size, room - 10), anchor="end")
        else:
            board.plate((3, y - size * 0.4), shortened(stack.label, size, width - 8))
        reached = 0.0
        for fill, value in zip(FILLS, stack.values, strict=False):
            if not value:
                continue
            start, end = x(reached), x(reached + float(value))
            board.rect(start, y, max(1.5, end - start), thick, fill=fill, stroke=tokens.WHITE, stroke_width=1.5)
            label = figure(value, places)
            if end - start > text_width(label, size) + 8:
                ink = tokens.WHITE if fill in _DARK else tokens.GRAY_900
                board.text(((start + end) / 2, base), label, anchor="middle", fill=ink)
            reached += float(value)
        board.plate((x(reached) + 5, base), words, font_weight=700)
    board.line((left, top), (left, bottom), stroke=tokens.GRAY_600)
    return board
