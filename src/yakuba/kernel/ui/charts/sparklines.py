"""The sparkline: the course of a measure beside its figure, without axes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from yakuba.kernel.ui import tokens
from yakuba.kernel.ui.charts.chart import Number, checked
from yakuba.kernel.ui.charts.svg import Svg

_WIDTH, _HEIGHT, _EDGE = 96.0, 28.0, 4.0


def sparkline(values: Sequence[Number], *, label: str, goal: Number | None = None) -> Svg:
    """A small line with a mark at its end; `goal` is a dashed level. `label` is what a screen reader says.

    With fewer than two values only the mark is drawn. Raises `ValueError` on NaN or infinity.
    """
    floats = checked(values)
    level = checked([goal])[0] if goal is not None else None
    spread = [*floats, *([level] if level is not None else [])] or [0.0]
    low, high = min(spread), max(spread)
    height = (high - low) or 1.0

    def place(number: int, value: float) -> tuple[float, float]:
        share = number / (len(floats) - 1) if len(floats) > 1 else 1.0
        return _EDGE + share * (_WIDTH - 2 * _EDGE), _HEIGHT - _EDGE - (value - low) / height * (_HEIGHT - 2 * _EDGE)

    parts = []
    if level is not None:
        y = place(0, level)[1]
        parts.append(
            f'<line x1="0" y1="{y:.1f}" x2="{_WIDTH:g}" y2="{y:.1f}" stroke="{tokens.GRAY_600}" stroke-dasharray="4 3"/>'
        )
    if len(floats) > 1:
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(number, value) for number, value in enumerate(floats)))
        parts.append(
            f'<polyline points="{way}" fill="none" stroke="{tokens.BLUE_900}" stroke-width="2" stroke-linejoin="round"/>'
        )
    if floats:
        x, y = place(len(floats) - 1, floats[-1])
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{tokens.BLUE_900}"/>')
    return Svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sparkline" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img">'
        f"<title>{escape(label)}</title>{''.join(parts)}</svg>"
    )
