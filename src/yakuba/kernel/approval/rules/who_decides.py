"""Who may decide a request: the head, whoever stands in for the head, or the head of the authority."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from yakuba.kernel.approval.rules.states import Capacity, Decider


@dataclass(frozen=True, slots=True)
class House:
    """The organisation on a day, as the rule sees it; sections, authorities and people by their keys.

    `stands_for` says which sections stand in place of a section (itself while it exists, else its successors);
    `heads` who is head of a section, the first is the one; `authority_heads` likewise; `deputies` who stands in for a
    person, in order.
    """

    parent_of: Mapping[int, int | None] = field(default_factory=dict)
    stands_for: Mapping[int, Sequence[int]] = field(default_factory=dict)
    heads: Mapping[int, Sequence[int]] = field(default_factory=dict)
    authority_heads: Mapping[int, Sequence[int]] = field(default_factory=dict)
    deputies: Mapping[int, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MayDecide:
    """One person who may decide, and why.

    `place` is the section whose head decides, `None` for the head of the authority; `principal` whom a deputy stands
    in for and `order` the deputy's place (0 for the principal).
    """

    staff: int
    capacity: Capacity
    place: int | None
    principal: int
    order: int = 0


def who_may_decide(
    *, decider: Decider, section: int, authority: int, drafters: Collection[int], house: House
) -> tuple[MayDecide, ...]:
    """Who may decide, the principal first, then the deputies in their order; empty when nobody can.

    For a section head (専決): the head of the section, else of the nearest section above, else the head of the
    authority. Nobody decides an own draft: a head who drafted is passed over and the next one up decides; only where
    nobody is above (the mayor drafts) do the deputies of that person decide. Drafters never decide as deputies either.
    """
    line: list[tuple[int | None, Sequence[int]]] = []
    if decider is Decider.SECTION_HEAD:
        line += [(place, house.heads[place]) for place in upwards(section, house) if house.heads.get(place)]
    if house.authority_heads.get(authority):
        line.append((None, house.authority_heads[authority]))
    for place, heads in line:
        if heads[0] not in drafters:
            own = MayDecide(heads[0], Capacity.OWN, place, heads[0])
            return (own, *_deputies(heads[0], place, {*drafters, heads[0]}, house))
    if line:
        place, heads = line[-1]
        return _deputies(heads[0], place, drafters, house)
    return ()


def sections_under(sections: Collection[int], house: House) -> frozenset[int]:
    """The sections, all below them, and every former section one of these stands for."""
    inside = set(sections)
    below: dict[int, list[int]] = {}
    for one, parent in house.parent_of.items():
        if parent is not None:
            below.setdefault(parent, []).append(one)
    waiting = list(inside)
    while waiting:
        for one in below.get(waiting.pop(), []):
            if one not in inside:
                inside.add(one)
                waiting.append(one)
    return frozenset(inside | {old for old, new in house.stands_for.items() if inside & set(new)})


def upwards(section: int, house: House) -> list[int]:
    """The section as it stands today and everything above it, nearest first, each once."""
    found: list[int] = []
    level = list(house.stands_for.get(section, [section]))
    looked_at: int | None = section
    closed: set[int] = set()  # a house that turns in circles must not be climbed for ever
    while looked_at is not None and looked_at not in closed and not level:  # closed without successor: what is above
        closed.add(looked_at)
        looked_at = house.parent_of.get(looked_at)
        level = list(house.stands_for.get(looked_at, [])) if looked_at is not None else []
    while level:
        found += level
        above = [house.parent_of.get(one) for one in level]
        level = []
        for parent in above:
            for one in house.stands_for.get(parent, [parent]) if parent is not None else []:
                if one not in found and one not in level:
                    level.append(one)
    return found


def _deputies(principal: int, place: int | None, barred: Collection[int], house: House) -> tuple[MayDecide, ...]:
    return tuple(
        MayDecide(one, Capacity.DEPUTY, place, principal, order)
        for order, one in enumerate(house.deputies.get(principal, ()), start=1)
        if one not in barred
    )
