"""Who sits in a seat on a day: the principal first, then who may act for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from yakuba.kernel.approval.rules.routes import Seat, StageKind, Who
from yakuba.kernel.approval.rules.states import Capacity, Decider
from yakuba.kernel.approval.rules.who_decides import House, MayDecide, upwards, who_may_decide

NOWHERE = 0
"""The place of who sits by role or by name: no section makes them sit there."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the seats of a draft depend on: the responsible section, the authority, whose draft it is, where they sit."""

    section: int
    authority: int
    drafters: frozenset[int]
    drafted_in: int | None = None


@dataclass(frozen=True, slots=True)
class Directory:
    """Further particulars of the house on a day, by the words routes use.

    ``sections`` leads from codes to rows, ``codes`` back; ``roles`` and ``staff`` likewise; ``ranks`` says who is posted
    to a section with which rank of post, the highest first.
    """

    sections: Mapping[str, int] = field(default_factory=dict)
    codes: Mapping[int, str] = field(default_factory=dict)
    roles: Mapping[str, Sequence[int]] = field(default_factory=dict)
    staff: Mapping[str, int] = field(default_factory=dict)
    ranks: Mapping[int, Sequence[tuple[int, int]]] = field(default_factory=dict)


def who_sits(seat: Seat, *, kind: StageKind, draft: Draft, house: House, directory: Directory) -> tuple[MayDecide, ...]:
    """Who may act in a seat on the day of ``house``, the principal first; empty when nobody can.

    Nobody acts on an own draft but to issue what was decided. Of an organ (審査) only those who hold the role act: no
    deputy of the deciding line takes their place.
    """
    if seat.who is Who.DRAFTER:
        return tuple(_own(one) for one in sorted(draft.drafters))
    if seat.who is Who.AUTHORITY_HEAD:
        return _decider(Decider.AUTHORITY_HEAD, draft.section, draft, house)
    if seat.who in (Who.SECTION_HEAD, Who.DELEGATED):
        return _decider(Decider.SECTION_HEAD, draft.section, draft, house)
    if seat.who is Who.SECTION:
        section = directory.sections.get(seat.section)
        if section is None:
            return ()
        return _leaders(section, draft, house, directory) or _decider(Decider.SECTION_HEAD, section, draft, house)
    if seat.who is Who.ROLE:
        holders = [one for one in directory.roles.get(seat.role, ()) if one not in draft.drafters]
        if kind.is_organ:
            return tuple(_own(one) for one in holders)
        return tuple(_own(one) for one in holders) + _deputies(holders[:1], draft, house)
    if seat.who is Who.STAFF:
        named = directory.staff.get(seat.staff)
        if named is None or named in draft.drafters:
            return ()
        return (_own(named), *_deputies([named], draft, house))
    return ()


def superiors(draft: Draft, *, decider: Collection[int], house: House, directory: Directory) -> list[Seat]:
    """The seats of the drafter's superiors from below, up to whoever decides: 係上席, 課長 …

    Of a unit without a head of its own it is the highest post, if it is above the drafter's. Who drafted is passed over;
    nobody is asked twice.
    """
    found: list[Seat] = []
    asked: set[int] = set(draft.drafters)
    start = draft.drafted_in if draft.drafted_in is not None else draft.section
    for section in upwards(start, house):
        sitting = _leaders(section, draft, house, directory) or _heads(section, house)
        if not sitting:
            continue
        principal = sitting[0].staff
        if principal in decider:
            break
        if principal in asked or section not in directory.codes:
            continue
        asked.add(principal)
        found.append(Seat(Who.SECTION, section=directory.codes[section]))
    return found


def _leaders(section: int, draft: Draft, house: House, directory: Directory) -> tuple[MayDecide, ...]:
    """The highest post of a section that has no head: 班長, 係長. Only where it is above everybody who drafted."""
    standing = [one for one in house.stands_for.get(section, [section]) if not house.heads.get(one)]
    for one in standing:
        posted = directory.ranks.get(one, ())
        if not posted:
            continue
        leader, rank = posted[0]
        below = [other for _, other in posted[1:]]
        if leader in draft.drafters or (below and below[0] == rank) or not below:
            continue
        own = MayDecide(leader, Capacity.OWN, one, leader)
        return (own, *_deputies([leader], draft, house))
    return ()


def _heads(section: int, house: House) -> tuple[MayDecide, ...]:
    heads = house.heads.get(section, ())
    return (MayDecide(heads[0], Capacity.OWN, section, heads[0]),) if heads else ()


def _decider(decider: Decider, section: int, draft: Draft, house: House) -> tuple[MayDecide, ...]:
    return who_may_decide(
        decider=decider, section=section, authority=draft.authority, drafters=draft.drafters, house=house
    )


def _own(staff: int) -> MayDecide:
    return MayDecide(staff, Capacity.OWN, NOWHERE, staff)


def _deputies(principals: Sequence[int], draft: Draft, house: House) -> tuple[MayDecide, ...]:
    return tuple(
        MayDecide(one, Capacity.DEPUTY, NOWHERE, principal, order)
        for principal in principals
        for order, one in enumerate(house.deputies.get(principal, ()), start=1)
        if one not in draft.drafters and one != principal
    )
