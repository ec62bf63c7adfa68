"""What several parts of one page ask of the house is asked once.

Only while a page is read (GET, HEAD): nothing that is remembered can have changed in between. Everywhere else, and in
every verb, jobs and commands included, it is asked anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")
_remembered: ContextVar[dict[Hashable, Any] | None] = ContextVar("remembered_while_reading", default=None)


def remembered(key: Hashable, ask: Callable[[], T]) -> T:
    """The answer of ``ask``, from before if the same page has asked for ``key`` already. Nobody may change the answer."""
    kept = _remembered.get()
    if kept is None:
        return ask()
    if key not in kept:
        kept[key] = ask()
    return cast(T, kept[key])


@contextmanager
def reading() -> Iterator[None]:
    """The time one page is read."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def forget() -> None:
    """Something is written while a page is read: what was remembered may be true no more."""
    kept = _remembered.get()
    if kept is not None:
        kept.clear()
