"""Who takes over a piece of open work when its holder moves or leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seat:
    """One posting of the house as it will be: who sits where, in which post, and whether that is new."""

    staff: int
    section: int
    post: int
    rank: int
    is_head: bool
    is_main: bool = True
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of open work as the rule sees it.

    `section` is `None` for work that belongs to the person; `post` the post its holder held there; `not_for` are
    people who cannot take it (nobody deputises for oneself).
    """

    holder: int
    section: int | None
    post: int | None
    not_for: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Heir:
    """The proposed heir (引き継ぎ先) and why; `staff` is `None` for an orphan."""

    staff: int | None
    ground: str


SAME_POST = "同じ所属・同じ職の後任"
SECTION_HEAD = "所属長"
HEAD_ABOVE = "上位の所属の長"
NOBODY = "引き継ぎ先が見つかりません"


def propose_heir(
    task: Task,
    *,
    seats: Sequence[Seat],
    stands_for: Mapping[int, Sequence[int]],
    parent_of: Mapping[int, int | None],
    load: Mapping[int, int] | None = None,
) -> Heir:
    """The heir of a task: the successor in the same section and post, else the section's head, else the head above.

    `seats` are the postings on the day, `stands_for` says which sections stand for a section on that day (itself or
    its successors), `parent_of` the section above. Among several of the same post those newly posted come first, then
    who has the least `load` (pieces already given), then the lowest key; so the same plan gives the same heirs.
    """
    if task.section is None:
        return Heir(None, NOBODY)
    places = list(stands_for.get(task.section, [task.section]))
    barred = task.not_for | {task.holder}
    carried = load or {}

    def best(candidates: Iterable[Seat]) -> int | None:
        fit = [seat for seat in candidates if seat.staff not in barred]
        fit.sort(key=lambda seat: (not seat.is_new, not seat.is_main, carried.get(seat.staff, 0), seat.staff))
        return fit[0].staff if fit else None

    same_post = best(seat for seat in seats if seat.section in places and seat.post == task.post)
    if same_post is not None:
        return Heir(same_post, SAME_POST)
    level: list[int] = places or _above([task.section], parent_of, stands_for)
    ground = SECTION_HEAD if places else HEAD_ABOVE
    seen: set[int] = set()
    while level:
        heads = sorted(
            (seat for seat in seats if seat.section in level and seat.is_head and seat.staff not in barred),
            key=lambda seat: (not seat.is_main, -seat.rank, seat.staff),
        )
        if heads:
            return Heir(heads[0].staff, ground)
        seen.update(level)
        level = [one for one in _above(level, parent_of, stands_for) if one not in seen]
        ground = HEAD_ABOVE
    return Heir(None, NOBODY)


def _above(
    sections: Collection[int], parent_of: Mapping[int, int | None], stands_for: Mapping[int, Sequence[int]]
) -> list[int]:
    """The sections above, each as what stands for it on the day."""
    found: list[int] = []
    for section in sections:
        parent = parent_of.get(section)
        if parent is not None:
            found += [one for one in stands_for.get(parent, [parent]) if one not in found]
    return found
