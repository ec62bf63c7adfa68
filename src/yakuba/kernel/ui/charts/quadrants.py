"""The quadrant chart of a survey: satisfaction against importance, cut at the means (満足度×重要度)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yakuba.kernel.ui import tokens
from yakuba.kernel.ui.charts.chart import Chart, LegendEntry, Number, checked, figure, nice_ticks
from yakuba.kernel.ui.charts.svg import Board, Place, mark, text_width
from yakuba.kernel.ui.charts.words import ChartWords, words_in

_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Opinion:
    """One item of the survey: shares of people in percent."""

    label: str
    satisfaction: Number
    importance: Number
    strong: bool = False


def quadrant_chart(
    *,
    title: str,
    opinions: Sequence[Opinion],
    satisfaction_mean: Number | None = None,
    importance_mean: Number | None = None,
    note: str = "",
    language: str = "ja",
) -> Chart:
    """Satisfaction (across) against importance (up), both in percent, with the means as lines.

    Means are those of the items if none are given. Items that are important and leave people dissatisfied are squares,
    the others circles. Numbers refer to the key and the table; labels stand at the marks where they fit.
    Raises `ValueError` on NaN or infinity.
    """
    said = words_in(language)
    across = checked([opinion.satisfaction for opinion in opinions])
    up = checked([opinion.importance for opinion in opinions])
    middle_x = float(satisfaction_mean) if satisfaction_mean is not None else _mean(across)
    middle_y = float(importance_mean) if importance_mean is not None else _mean(up)
    checked([middle_x, middle_y])
    description = said.comma.join(
        said.said_opinion.format(
            label=opinion.label, across=figure(opinion.satisfaction, 1), up=figure(opinion.importance, 1)
        )
        for opinion in opinions
    )
    drawings = [
        _draw(shape, opinions, across, up, middle_x, middle_y, said).finished(
            title=title, description=description or said.no_items
        )
        for shape in ("wide", "narrow")
    ]
    square = mark(("rect", {"x": 9, "y": 1, "width": 14, "height": 14, "fill": tokens.RED_900}))
    circle = mark(
        ("circle", {"cx": 16, "cy": 8, "r": 7, "fill": tokens.WHITE, "stroke": tokens.BLUE_900, "stroke_width": 2})
    )
    dash = mark(("line", {"x1": 0, "y1": 8, "x2": 32, "y2": 8, "stroke": tokens.GRAY_600, "stroke_dasharray": "6 4"}))
    return Chart(
        title,
        note,
        drawings[0],
        drawings[1],
        (
            LegendEntry(square, said.quadrants[0]),
            LegendEntry(circle, said.other_items),
            LegendEntry(dash, said.mean.format(across=figure(middle_x, 1), up=figure(middle_y, 1))),
        ),
        (
            said.item,
            said.head.format(name=said.satisfaction, unit="%"),
            said.head.format(name=said.importance, unit="%"),
            said.quadrant,
        ),
        tuple(
            (
                f"{number}. {opinion.label}",
                figure(opinion.satisfaction, 1),
                figure(opinion.importance, 1),
                said.quadrants[_quadrant(opinion, middle_x, middle_y)],
            )
            for number, opinion in enumerate(opinions, start=1)
        ),
        tuple((str(number), opinion.label) for number, opinion in enumerate(opinions, start=1)),
        is_english=said.is_english,
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 50.0


def _quadrant(opinion: Opinion, middle_x: float, middle_y: float) -> int:
    right = float(opinion.satisfaction) >= middle_x
    below = float(opinion.importance) < middle_y
    return int(right) + 2 * int(below)


def _axis(values: Sequence[float], middle: float) -> list[float]:
    spread = [*values, middle]
    low, high = max(0.0, min(spread) - 5), min(100.0, max(spread) + 5)
    return nice_ticks(low, high, most=5)


def _draw(
    shape: str,
    opinions: Sequence[Opinion],
    across: list[float],
    up: list[float],
    middle_x: float,
    middle_y: float,
    said: ChartWords,
) -> Board:
    wide = shape == "wide"
    size = 14.5 if wide else 14.2
    board = Board(
        width=720.0 if wide else 320.0,
        height=460.0 if wide else 340.0,
        size=size,
        shape=shape,
        is_english=said.is_english,
    )
    ticks_x, ticks_y = _axis(across, middle_x), _axis(up, middle_y)
    left, right = size * 2.6, board.width - size * 1.1  # half of "100" stands beyond the frame
    top, bottom = size * 2.0, board.height - size * 3.2

    def x(value: float) -> float:
        return left + (value - ticks_x[0]) / (ticks_x[-1] - ticks_x[0]) * (right - left)

    def y(value: float) -> float:
        return bottom - (value - ticks_y[0]) / (ticks_y[-1] - ticks_y[0]) * (bottom - top)

    board.rect(left, top, x(middle_x) - left, y(middle_y) - top, fill="#fdeeee")
    for tick in ticks_x:
        board.line((x(tick), top), (x(tick), bottom), stroke=tokens.GRAY_200)
        board.text((x(tick), bottom + size * 1.3), figure(tick), anchor="middle", fill=tokens.GRAY_700)
    for tick in ticks_y:
        board.line((left, y(tick)), (right, y(tick)), stroke=tokens.GRAY_200)
        board.text((left - 6, y(tick) + size * 0.35), figure(tick), anchor="end", fill=tokens.GRAY_700)
    board.line((left, top), (left, bottom), stroke=tokens.GRAY_600)
    board.line((left, bottom), (right, bottom), stroke=tokens.GRAY_600)
    board.text((2, size), f"{said.head.format(name=said.importance, unit='%')}↑", fill=tokens.GRAY_800, font_weight=700)
    board.text(
        (right, bottom + size * 2.7),
        f"{said.head.format(name=said.satisfaction, unit='%')}→",
        anchor="end",
        fill=tokens.GRAY_800,
        font_weight=700,
    )
    board.line(
        (x(middle_x), top), (x(middle_x), bottom), stroke=tokens.GRAY_600, stroke_dasharray="6 4", stroke_width=1.5
    )
    board.line(
        (left, y(middle_y)), (right, y(middle_y)), stroke=tokens.GRAY_600, stroke_dasharray="6 4", stroke_width=1.5
    )
    corners = (
        ((left + 6, top + size * 1.2), "start"),
        ((right - 6, top + size * 1.2), "end"),
        ((left + 6, bottom - size * 0.5), "start"),
        ((right - 6, bottom - size * 0.5), "end"),
    )
    boxes: list[_Box] = []
    for (corner, anchor), name in zip(corners, said.quadrants, strict=True):
        board.text(corner, name, anchor=anchor, fill=tokens.GRAY_700)
        width = text_width(name, size)
        start = corner[0] if anchor == "start" else corner[0] - width
        boxes.append((start, corner[1] - size, start + width, corner[1] + size * 0.3))

    cut_x, cut_y = x(middle_x), y(middle_y)
    lines = [(cut_x - 2, top, cut_x + 2, bottom), (left, cut_y - 2, right, cut_y + 2)]
    places = [(x(across[number]), y(up[number])) for number in range(len(opinions))]
    boxes += [(px - 12, py - 12, px + 12, py + 12) for px, py in places]
    for number, opinion in enumerate(opinions):
        _mark(board, places[number], number + 1, opinion, _quadrant(opinion, middle_x, middle_y) == 0)
        if wide:
            _label(board, places[number], opinion, boxes, lines, (left, top, right, bottom))
    return board


def _mark(board: Board, at: Place, number: int, opinion: Opinion, urgent: bool) -> None:
    radius = 11.0
    if urgent:
        board.rect(
            at[0] - radius, at[1] - radius, radius * 2, radius * 2, fill=tokens.RED_900, rx=3, stroke=tokens.WHITE
        )
    else:
        board.circle(at, radius, fill=tokens.WHITE, stroke=tokens.BLUE_900, stroke_width=3 if opinion.strong else 2)
    ink = tokens.WHITE if urgent else tokens.BLUE_900
    board.text((at[0], at[1] + 4.7), str(number), anchor="middle", fill=ink, font_weight=700)


def _label(
    board: Board,
    at: Place,
    opinion: Opinion,
    boxes: list[_Box],
    lines: list[_Box],
    frame: _Box,
) -> None:
    width, height = text_width(opinion.label, board.size), board.size * 1.3
    spots = (
        (at[0] + 15, at[1] - height / 2),
        (at[0] - 15 - width, at[1] - height / 2),
        (at[0] - width / 2, at[1] - 15 - height),
        (at[0] - width / 2, at[1] + 15),
    )
    for obstacles in (boxes + lines, boxes):
        for left, top in spots:
            box = (left, top, left + width, top + height)
            inside = box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]
            if inside and not any(_overlap(box, other) for other in obstacles):
                board.plate((left, top + board.size), opinion.label, font_weight=700 if opinion.strong else None)
                boxes.append(box)
                return


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
