"""Open work (未完了の仕事) of people: apps say what somebody still has in hand, and how it is handed over.

When somebody moves or leaves, every open piece needs an heir; nothing may be left with a person who is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from yakuba.kernel.access.api import Person
from yakuba.kernel.things.api import Ref


@dataclass(frozen=True, slots=True)
class OpenWork:
    """One piece of open work.

    ``kind`` is what people call it (起案, 課題の対応); ``ref`` points at it; ``holder_id`` is the staff row of who has
    it; ``section_id`` the section it belongs to, ``None`` if it follows the person; ``due`` its deadline; ``not_for``
    are staff rows that cannot take it.
    """

    kind: str
    ref: Ref
    title: str
    holder_id: int
    section_id: int | None
    due: date | None = None
    not_for: frozenset[int] = frozenset()


class HandOver(Protocol):
    """Gives a piece of open work to another person from a day on; called inside a verb, does nothing if done before."""

    def __call__(self, *, ref: Ref, from_staff_id: int, to_staff_id: int, on: date, by: Person) -> object: ...


FindOpenWork = Callable[[frozenset[int], date], Iterable[OpenWork]]


@dataclass(frozen=True, slots=True)
class OpenWorkSource:
    """Where open work comes from; ``name`` is stable (``plan.meeting_decisions``)."""

    name: str
    find: FindOpenWork
    hand_over: HandOver


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of open work and the source that knows how to hand it over."""

    source: str
    work: OpenWork


_sources: dict[str, OpenWorkSource] = {}


def open_work_source(name: str, *, hand_over: HandOver) -> Callable[[FindOpenWork], FindOpenWork]:
    """Declare where an app's open work comes from.

    The decorated function takes the staff rows in question and the day from which they no longer do the work, and
    gives every piece that would be without a hand from that day on.
    """

    def declare(find: FindOpenWork) -> FindOpenWork:
        known = _sources.get(name)
        if known and known.find.__module__ != find.__module__:
            raise ValueError(f"open work {name!r} is declared twice")
        _sources[name] = OpenWorkSource(name, find, hand_over)
        return find

    return declare


def source_of(name: str) -> OpenWorkSource:
    """The source of that name; raises ``LookupError`` if no app declares it (any more)."""
    return _sources[name]


def open_work_of(staff_ids: Collection[int], on: date) -> list[Found]:
    """All open work of these people over all apps, earliest deadline first."""
    wanted = frozenset(staff_ids)
    if not wanted:
        return []
    found = [Found(name, work) for name in sorted(_sources) for work in _sources[name].find(wanted, on)]
    return sorted(found, key=lambda one: (one.work.due is None, one.work.due or date.max, one.source, one.work.title))
