"""What surrounds an act: the request it belongs to, and whether writing is allowed right now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Surroundings:
    """Request id and face of the act; empty for commands and jobs."""

    request_id: str = ""
    face: str = ""


_NOTHING = Surroundings()
_surroundings: ContextVar[Surroundings] = ContextVar("yakuba_surroundings", default=_NOTHING)
_writing: ContextVar[tuple[str, ...]] = ContextVar("yakuba_writing", default=())


def surroundings() -> Surroundings:
    return _surroundings.get()


@contextmanager
def surrounded_by(request_id: str, face: str = "") -> Iterator[None]:
    token = _surroundings.set(Surroundings(request_id, face))
    try:
        yield
    finally:
        _surroundings.reset(token)


def is_writing() -> bool:
    """Whether the running code stands inside a verb."""
    return bool(_writing.get())


@contextmanager
def writing(name: str) -> Iterator[None]:
    token = _writing.set((*_writing.get(), name))
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def unaudited_writes(reason: str) -> Iterator[None]:
    """Allow writes that are nobody's act: the sample generator, the arrangement of a test, moving a database.

    ``tests/system/test_unaudited_writes.py`` lists the places that may use it.
    """
    with writing(f"unaudited: {reason}"):
        yield
