"""How deep in a chain of automations a write stands: what people write is 0."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_depth: ContextVar[int] = ContextVar("appbuilder_depth", default=0)


def depth_now() -> int:
    """How many automations led to what is written now."""
    return _depth.get()


@contextmanager
def at_depth(depth: int) -> Iterator[None]:
    """Whatever is written inside was led to by so many automations."""
    token = _depth.set(depth)
    try:
        yield
    finally:
        _depth.reset(token)
