"""What the person at the terminal sees while the sample town is made."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


class Progress:
    """Steps done of steps in all. On a terminal one bar; elsewhere each title as a line."""

    def __init__(self, advance: Callable[[int, str], object], say: Callable[[str], object] | None) -> None:
        self._advance = advance
        self._say = say

    def begin(self, title: str) -> None:
        """Name what is done from now on."""
        if self._say is not None:
            self._say(f"  {title}")
        self._advance(0, title)

    def step(self, count: int) -> None:
        """``count`` more steps are done."""
        self._advance(count, "")


@contextmanager
def shown_progress(total: int, *, say: Callable[[str], object]) -> Iterator[Progress]:
    """A bar over ``total`` steps when the output is a terminal, else lines through ``say``."""
    if not sys.stdout.isatty():
        yield Progress(lambda count, title: None, say)
        return
    with click.progressbar(length=total, label="準備", show_eta=False, width=30) as bar:

        def advance(count: int, title: str) -> None:
            bar.label = title or bar.label
            bar.update(count)

        yield Progress(advance, None)
