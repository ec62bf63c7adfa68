"""Telling a person at the terminal how long work goes on."""

from __future__ import annotations

import time
from typing import Protocol, TextIO


class Progress(Protocol):
    """What long work speaks to."""

    def step(self, title: str) -> None:
        """A new part begins; ``title`` is Japanese."""

    def moved(self, done: int, whole: int) -> None:
        """``done`` of ``whole`` units of the part are through."""

    def finished(self) -> None:
        """Nothing more comes."""


class Silent:
    """For work nobody watches."""

    def step(self, title: str) -> None: ...
    def moved(self, done: int, whole: int) -> None: ...
    def finished(self) -> None: ...


class Terminal:
    """One line per part; on a terminal the line grows a bar and is written over."""

    _WIDTH = 24
    _PAUSE = 0.1

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._title = ""
        self._last = 0.0

    def step(self, title: str) -> None:
        self._end_line()
        self._title = title
        self._write(title if self._is_terminal else f"{title}\n")

    def moved(self, done: int, whole: int) -> None:
        now = time.monotonic()
        if not self._is_terminal or not whole or (now - self._last < self._PAUSE and done < whole):
            return
        self._last = now
        filled = round(self._WIDTH * min(done, whole) / whole)
        bar = "█" * filled + "░" * (self._WIDTH - filled)
        self._write(f"\r{self._title}  {bar} {min(100, done * 100 // whole):3}%\x1b[K")

    def finished(self) -> None:
        self._end_line()

    def _end_line(self) -> None:
        if self._title and self._is_terminal:
            self._write("\n")
        self._title = ""

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
