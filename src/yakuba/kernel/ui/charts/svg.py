"""The drawing board: SVG elements with presentation attributes only (no `style=`), everything escaped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import escape

from yakuba.kernel.ui import tokens

Place = tuple[float, float]


class Svg(str):
    """Finished SVG: a string that templates may show as it is, because the drawing board escaped what it was given."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def tongue(words: str, *, is_english: bool) -> Svg:
    """Words for HTML, escaped; Japanese among English says so to screen readers."""
    said = escape(words)
    return Svg(f'<span lang="ja">{said}</span>' if is_english and _JAPANESE.search(words) else said)


def text_width(text: str, size: float) -> float:
    """Estimated width of a text in units of the drawing: a full-width character is 1 em, others 0.58 em."""
    wide = sum(1 for character in text if unicodedata.east_asian_width(character) in "WFA")
    return size * (wide + 0.58 * (len(text) - wide))


def shortened(text: str, size: float, room: float) -> str:
    """The text, or as much of it as fits into `room` with an ellipsis behind it."""
    if text_width(text, size) <= room:
        return text
    kept = text
    while kept and text_width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept + "…"


def wrapped(text: str, size: float, room: float, *, most: int = 2) -> list[str]:
    """The text in at most `most` lines no wider than `room`; the last is shortened if need be."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most - 1 and text_width(rest, size) > room:
        cut = len(rest)
        while cut > 1 and text_width(rest[:cut], size) > room:
            cut -= 1
        lines.append(rest[:cut])
        rest = rest[cut:]
    if rest:
        lines.append(shortened(rest, size, room))
    return lines


class Board:
    """A drawing of `width` × `height` units with letters of `size` units, as `shape` ("wide" or "narrow")."""

    def __init__(self, *, width: float, height: float, size: float, shape: str, is_english: bool = False) -> None:
        self.width = width
        self.height = height
        self.size = size
        self.shape = shape
        self.is_english = is_english
        self._parts: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, **looks: object) -> None:
        """A rectangle."""
        self._add("rect", x=x, y=y, width=max(0.0, width), height=max(0.0, height), **looks)

    def line(self, start: Place, end: Place, **looks: object) -> None:
        """A straight line."""
        self._add("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], **looks)

    def path(self, places: Sequence[Place], *, closed: bool = False, **looks: object) -> None:
        """A line through several places."""
        if not places:
            return
        steps = " ".join(f"{'M' if not number else 'L'}{_n(x)} {_n(y)}" for number, (x, y) in enumerate(places))
        self._add("path", d=steps + ("Z" if closed else ""), **{"fill": "none", **looks})

    def circle(self, centre: Place, radius: float, **looks: object) -> None:
        """A circle."""
        self._add("circle", cx=centre[0], cy=centre[1], r=radius, **looks)

    def diamond(self, centre: Place, radius: float, **looks: object) -> None:
        """A square on its corner."""
        x, y = centre
        self.path([(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)], closed=True, **looks)

    def text(self, place: Place, words: str, **looks: object) -> None:
        """Letters; `anchor` is start, middle or end."""
        given = {"fill": tokens.GRAY_800, "font_size": self.size, **looks}
        given["text_anchor"] = given.pop("anchor", "start")
        given["lang"] = self._tongue(words)
        self._parts.append(f"<text{_attributes(x=place[0], y=place[1], **given)}>{escape(words)}</text>")

    def plate(self, place: Place, words: str, *, anchor: str = "start", **looks: object) -> None:
        """Letters on a white plate, readable over lines; kept inside the drawing."""
        width = text_width(words, self.size) + 6
        x = place[0] - {"start": 3, "middle": width / 2, "end": width - 3}[anchor]
        x = min(max(1.0, x), self.width - width - 1)
        self.rect(x, place[1] - self.size * 0.95, width, self.size * 1.25, fill=tokens.WHITE, fill_opacity=0.9, rx=3)
        self.text((x + 3, place[1]), words, **looks)

    def finished(self, *, title: str, description: str) -> Svg:
        """The drawing with name and description for screen readers."""
        return Svg(
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart__{self.shape}" viewBox="0 0 {_n(self.width)} '
            f'{_n(self.height)}" role="img" font-family="Noto Sans JP, Noto Sans CJK JP, sans-serif">'
            f"<title{_attributes(lang=self._tongue(title))}>{escape(title)}</title>"
            f"<desc{_attributes(lang=self._tongue(description))}>{escape(description)}</desc>{''.join(self._parts)}</svg>"
        )

    def _tongue(self, words: str) -> str | None:
        return "ja" if self.is_english and _JAPANESE.search(words) else None

    def _add(self, name: str, **attributes: object) -> None:
        self._parts.append(f"<{name}{_attributes(**attributes)}/>")


def mark(*parts: tuple[str, dict[str, object]]) -> Svg:
    """A small drawing for the legend, 32 × 16 units, hidden from screen readers."""
    drawn = "".join(f"<{name}{_attributes(**attributes)}/>" for name, attributes in parts)
    return Svg(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 16" aria-hidden="true">{drawn}</svg>')


def _attributes(**attributes: object) -> str:
    shown = []
    for name, value in attributes.items():
        if value is None:
            continue
        words = _n(value) if isinstance(value, int | float) else escape(str(value), quote=True)
        shown.append(f' {name.replace("_", "-")}="{words}"')
    return "".join(shown)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
