"""The schedule strip: phases of an initiative over the plan's fiscal years, against today (年度スケジュール)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yakuba.kernel.ui import tokens
from yakuba.kernel.ui.charts.chart import Chart, LegendEntry, day_number, fiscal_years
from yakuba.kernel.ui.charts.svg import Board, mark, shortened, text_width
from yakuba.kernel.ui.charts.words import ChartWords, words_in
from yakuba.kernel.values.api import FiscalYear

_REACH = 10.0
"""Half the width of a milestone with its outline."""

_EDGES = 12.0
"""What a phase keeps free left and right of its label."""

_MOST_LINES = 3


class PhaseState(StrEnum):
    """How far a phase is."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    LATE = "late"


_LOOKS: dict[PhaseState, dict[str, object]] = {
    PhaseState.PLANNED: {"fill": tokens.BLUE_50, "stroke": tokens.BLUE_900, "stroke_dasharray": "4 3"},
    PhaseState.RUNNING: {"fill": tokens.BLUE_900, "stroke": tokens.BLUE_900},
    PhaseState.DONE: {"fill": tokens.GRAY_600, "stroke": tokens.GRAY_600},
    PhaseState.LATE: {"fill": tokens.WHITE, "stroke": tokens.RED_900, "stroke_width": 2.5},
}
_INK = {
    PhaseState.PLANNED: tokens.GRAY_900,
    PhaseState.RUNNING: tokens.WHITE,
    PhaseState.DONE: tokens.WHITE,
    PhaseState.LATE: tokens.RED_900,
}


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of work from `start` through `last_day`."""

    label: str
    start: date
    last_day: date
    state: PhaseState = PhaseState.PLANNED


@dataclass(frozen=True, slots=True)
class Milestone:
    """A point in time to reach."""

    label: str
    day: date
    reached: bool = False


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One line of the strip."""

    label: str
    phases: tuple[Phase, ...] = ()
    milestones: tuple[Milestone, ...] = ()


def schedule_chart(
    *,
    title: str,
    first: FiscalYear,
    last: FiscalYear,
    rows: Sequence[ScheduleRow],
    today: date | None = None,
    note: str = "",
    language: str = "ja",
) -> Chart:
    """Phases and milestones by fiscal year, with today as a line.

    What lies outside the years is cut at the edge. States differ by fill, outline and a sign before the label
    (✓ 完了, ！ 遅れ), so that they can be told apart in grey. Raises `ValueError` on a phase that ends before it begins.
    """
    years, said = fiscal_years(first, last), words_in(language)
    state_words = {state: str(getattr(said, state.value)) for state in PhaseState}
    for row in rows:
        for phase in row.phases:
            if phase.last_day < phase.start:
                raise ValueError(f"phase {phase.label!r} ends before it begins")
    states = [state for state in PhaseState if any(phase.state is state for row in rows for phase in row.phases)]
    legend = [
        LegendEntry(
            mark(("rect", {"x": 2, "y": 2, "width": 28, "height": 12, "rx": 3, **_LOOKS[state]})), state_words[state]
        )
        for state in states
    ]
    if any(row.milestones for row in rows):
        legend.append(
            LegendEntry(
                mark(
                    (
                        "path",
                        {
                            "d": "M16 2 22 8 16 14 10 8Z",
                            "fill": tokens.WHITE,
                            "stroke": tokens.GRAY_900,
                            "stroke_width": 2,
                        },
                    )
                ),
                said.milestone,
            )
        )
    spoken = said.stop.join(
        said.row.format(
            row=row.label,
            items=said.comma.join(
                [
                    *(said.in_state.format(label=one.label, state=state_words[one.state]) for one in row.phases),
                    *(said.in_state.format(label=one.label, state=said.date(one.day)) for one in row.milestones),
                ]
            ),
        )
        for row in rows
    )
    drawings = [
        _draw(shape, rows, years, today, said).finished(title=title, description=spoken or said.no_items)
        for shape in ("wide", "narrow")
    ]
    table = [
        (
            f"{row.label} {phase.label}".strip(),
            said.date(phase.start),
            said.date(phase.last_day),
            state_words[phase.state],
        )
        for row in rows
        for phase in row.phases
    ] + [
        (
            f"{row.label} {point.label}".strip(),
            said.date(point.day),
            "—",
            said.reached if point.reached else said.not_reached,
        )
        for row in rows
        for point in row.milestones
    ]
    return Chart(
        title,
        note,
        drawings[0],
        drawings[1],
        tuple(legend),
        (said.item, said.start, said.end, said.state),
        tuple(table),
        is_english=said.is_english,
    )


def _draw(
    shape: str, rows: Sequence[ScheduleRow], years: list[FiscalYear], today: date | None, said: ChartWords
) -> Board:
    wide = shape == "wide"
    size, width = (14.5, 720.0) if wide else (14.2, 320.0)
    bar = 28.0 if wide else 24.0
    named = any(row.label for row in rows)
    head = 0.0 if wide or not named else size * 1.7
    lanes = [_lanes(row) for row in rows]
    top = size * 2.9
    room = min(200.0, max((text_width(row.label, size) for row in rows), default=0) + 16) if wide and named else 0.0
    left, right = 1.0 + room, width - 1
    begin, end = day_number(years[0].start), day_number(years[-1].last_day) + 1

    def x(day: date, *, after: bool = False) -> float:
        share = (day_number(day) + int(after) - begin) / (end - begin)
        return left + min(1.0, max(0.0, share)) * (right - left)

    def width_of(phase: Phase) -> float:
        return x(phase.last_day, after=True) - x(phase.start) - _EDGES

    # A row whose labels need more lines has taller bars; languages without spaces keep to one.
    bars = [
        bar + size * 1.2 * (max((len(_lines(_signed(one), size, width_of(one))) for one in row.phases), default=1) - 1)
        for row in rows
    ]
    heights = [
        head + (thick + 6) * len(lane) + (bar + 6) * int(bool(row.milestones) or not lane) + 10
        for row, lane, thick in zip(rows, lanes, bars, strict=True)
    ]
    bottom = top + sum(heights)
    board = Board(width=width, height=bottom + 4, size=size, shape=shape, is_english=said.is_english)

    _years(board, [(year, x(year.start), x(year.last_day, after=True)) for year in years], bottom, said)
    y = top
    for row, lane_of_row, height, thick in zip(rows, lanes, heights, bars, strict=True):
        if y > top:
            board.line((1, y - 2), (right, y - 2), stroke=tokens.GRAY_200)
        if named and wide:
            board.text((4, y + bar * 0.5 + size * 0.35 + 3), shortened(row.label, size, room - 10))
        elif named:
            board.plate((4, y + size * 1.15), shortened(row.label, size, width - 10), font_weight=700)
        for number, lane in enumerate(lane_of_row):
            for phase in lane:
                upper = y + head + 3 + number * (thick + 6)
                _phase(board, phase, x(phase.start), x(phase.last_day, after=True), upper, thick)
        own_lane = y + head + 3 + len(lane_of_row) * (thick + 6) + bar / 2
        points = [point for point in row.milestones if begin <= day_number(point.day) < end]
        points.sort(key=lambda one: one.day)
        # A diamond at the very edge stands wholly inside the strip.
        places = [min(right - _REACH, max(left + _REACH, x(point.day))) for point in points]
        taken = left
        for point, place, following in zip(points, places, [*places, right + _REACH][1:], strict=True):
            taken = _milestone(board, point, place, own_lane, taken, following - _REACH)
        y += height
    if today is not None and begin <= day_number(today) < end:
        board.line(
            (x(today), size * 2.8),
            (x(today), bottom),
            stroke=tokens.ORANGE_800,
            stroke_width=2,
            stroke_dasharray="4 3",
        )
        board.plate((x(today), size), said.today, anchor="middle", fill=tokens.ORANGE_800, font_weight=700)
    return board


def _years(board: Board, years: Sequence[tuple[FiscalYear, float, float]], bottom: float, said: ChartWords) -> None:
    """The fiscal years as columns; names that would run into each other are left out, every second or third one."""
    size = board.size
    widest = max(text_width(said.year(year), size) for year, _, _ in years) + 4
    every = math.ceil(widest * len(years) / (years[-1][2] - years[0][1]))
    for number, (year, start, stop) in enumerate(years):
        board.rect(
            start,
            size * 1.3,
            stop - start,
            bottom - size * 1.3,
            fill="#f8f8f8" if number % 2 else tokens.WHITE,
            stroke=tokens.GRAY_200,
        )
        if number % every == 0:
            place = ((start + stop) / 2, size * 2.45)
            board.text(place, said.year(year), anchor="middle", fill=tokens.GRAY_700, font_weight=700)


def _lanes(row: ScheduleRow) -> list[list[Phase]]:
    lanes: list[list[Phase]] = []
    for phase in sorted(row.phases, key=lambda one: (one.start, one.last_day)):
        free = next((lane for lane in lanes if lane[-1].last_day < phase.start), None)
        if free is None:
            lanes.append([phase])
        else:
            free.append(phase)
    return lanes


def _milestone(board: Board, point: Milestone, x: float, y: float, taken: float, free: float) -> float:
    """Draw a milestone, its label on the side that has room between `taken` and `free`; returns how far is used.

    A label that fits on neither side stands in the table alone.
    """
    board.diamond(
        (x, y), 8, fill=tokens.GRAY_900 if point.reached else tokens.WHITE, stroke=tokens.GRAY_900, stroke_width=2
    )
    width, baseline = text_width(point.label, board.size), y + board.size * 0.36
    if x + 14 + width <= free:
        board.text((x + 14, baseline), point.label)
        return x + 14 + width
    if x - 14 - width >= taken:
        board.text((x - 14, baseline), point.label, anchor="end")
    return x + _REACH


def _phase(board: Board, phase: Phase, start: float, stop: float, y: float, height: float) -> None:
    looks = {"stroke_width": 1.5, **_LOOKS[phase.state]}
    board.rect(start + 1.5, y, max(3.0, stop - start - 3), height, rx=4, **looks)
    lines = _lines(_signed(phase), board.size, stop - start - _EDGES)
    for number, words in enumerate(lines):
        middle = y + height / 2 + (number - (len(lines) - 1) / 2) * board.size * 1.2
        if len(words) > 1 and words != "…":
            board.text((start + 8, middle + board.size * 0.36), words, fill=_INK[phase.state])


def _signed(phase: Phase) -> str:
    return {PhaseState.DONE: "✓ ", PhaseState.LATE: "！"}.get(phase.state, "") + phase.label


def _lines(words: str, size: float, room: float) -> list[str]:
    """The words broken at spaces into at most three lines; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    for word in words.replace("✓ ", "✓\u00a0").split(" "):
        if lines and (len(lines) == _MOST_LINES or text_width(f"{lines[-1]} {word}", size) <= room):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [shortened(line, size, room) for line in lines]
