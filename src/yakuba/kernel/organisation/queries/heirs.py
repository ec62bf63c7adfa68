"""Who could take over open work on a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yakuba.kernel.access.api import Role
from yakuba.kernel.organisation.models import Posting, Section, Staff
from yakuba.kernel.organisation.models.validity import valid_on
from yakuba.kernel.organisation.open_work import Found, open_work_of
from yakuba.kernel.organisation.queries.on_a_day import successors_on
from yakuba.kernel.organisation.rules.heirs import Heir, Seat, Task, propose_heir


def seats_on(day: date) -> list[Seat]:
    """Every posting of people in service on ``day``."""
    rows = (
        Posting.objects.filter(valid_on(day))
        .filter(valid_on(day, start="staff__joined_on", end="staff__leaves_on"))
        .values_list(
            "staff_id", "section_id", "post_id", "post__rank", "post__role", "is_main", "starts_on", "is_carried"
        )
    )
    return [
        Seat(
            staff=staff,
            section=section,
            post=post,
            rank=rank,
            is_head=post_role == Role.SECTION_HEAD,
            is_main=is_main,
            is_new=starts_on == day and not is_carried,
        )
        for staff, section, post, rank, post_role, is_main, starts_on, is_carried in rows
    ]


def propose_heirs(found: Sequence[Found], on: date, seats: Sequence[Seat]) -> list[Heir]:
    """The heir of every piece of open work, in its order, among ``seats``; work already given counts as load."""
    parent_of: Mapping[int, int | None] = dict(Section.objects.values_list("pk", "parent_id"))
    stands_for = successors_on(parent_of, on)
    holders = {one.work.holder_id for one in found}
    post_held = dict(
        Posting.objects.filter(staff_id__in=holders, is_main=True, starts_on__lt=on)
        .order_by("starts_on")
        .values_list("staff_id", "post_id")
    )
    load: dict[int, int] = {}
    heirs: list[Heir] = []
    for one in found:
        heir = propose_heir(
            Task(
                holder=one.work.holder_id,
                section=one.work.section_id,
                post=post_held.get(one.work.holder_id),
                not_for=one.work.not_for,
            ),
            seats=seats,
            stands_for=stands_for,
            parent_of=parent_of,
            load=load,
        )
        if heir.staff is not None:
            load[heir.staff] = load.get(heir.staff, 0) + 1
        heirs.append(heir)
    return heirs


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open work that waits for an heir: who had it, from which day nobody does it, and who is proposed."""

    found: Found
    holder: Staff
    on: date
    heir: Staff | None
    ground: str


def work_waiting_for_heirs(today: date) -> list[Waiting]:
    """Open work of everybody who has left or whose last day is known, soonest first."""
    leavers = Staff.objects.filter(leaves_on__isnull=False).exclude(leaving="", employment="fiscal_year")
    by_day: dict[date, list[Staff]] = {}
    for staff in leavers.order_by("leaves_on", "number"):
        if staff.leaves_on is not None:
            by_day.setdefault(max(staff.leaves_on, today), []).append(staff)
    waiting: list[Waiting] = []
    for day, people in sorted(by_day.items()):
        waiting += _waiting(people, day)
    return waiting


def _waiting(people: Collection[Staff], day: date) -> list[Waiting]:
    by_id = {staff.pk: staff for staff in people}
    found = open_work_of(list(by_id), day)
    if not found:
        return []
    heirs = propose_heirs(found, day, seats_on(day))
    named = Staff.objects.in_bulk([heir.staff for heir in heirs if heir.staff is not None])
    return [
        Waiting(one, by_id[one.work.holder_id], day, named.get(heir.staff) if heir.staff else None, heir.ground)
        for one, heir in zip(found, heirs, strict=True)
    ]
