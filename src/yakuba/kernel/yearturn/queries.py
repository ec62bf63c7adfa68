"""The house a list is read against, and the open work of a turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yakuba.kernel.access.api import Role
from yakuba.kernel.organisation.api import heirs, open_work_of, sections_on, successors_on, valid_on
from yakuba.kernel.organisation.models import Post, Posting, Section, Staff
from yakuba.kernel.organisation.open_work import Found
from yakuba.kernel.organisation.rules.heirs import Seat
from yakuba.kernel.yearturn.rules.personnel_list import House, Known, Line, Place
from yakuba.kernel.yearturn.rules.turn import house_after, joiner_id, needs_heir


def house_on(on: date) -> House:
    """People, sections and posts as the rules need them for a turn on ``on``."""
    before = on - timedelta(days=1)
    mains = Posting.objects.filter(is_main=True)
    held = {one.staff_id: one for one in mains.filter(valid_on(before))}
    on_day = dict(mains.filter(valid_on(on)).values_list("staff_id", "section_id"))
    stands_for = successors_on({one.section_id for one in held.values()}, on)
    later = dict(
        mains.filter(starts_on__gte=on, is_carried=False).order_by("-starts_on").values_list("staff_id", "starts_on")
    )

    def section_on_day(staff_id: int) -> int | None:
        """Where the person is on the day: the posting then, or what stands for the section a term ended in."""
        if staff_id in on_day or staff_id not in held:
            return on_day.get(staff_id)
        standing = stands_for[held[staff_id].section_id]
        return standing[0] if len(standing) == 1 else None

    people = {
        staff.number: Known(
            id=staff.pk,
            number=staff.number,
            name=staff.name,
            employment=staff.employment,
            joined_on=staff.joined_on,
            leaves_on=staff.leaves_on,
            section=held[staff.pk].section_id if staff.pk in held else None,
            post=held[staff.pk].post_id if staff.pk in held else None,
            section_on_day=section_on_day(staff.pk),
            later_posting=later.get(staff.pk),
            leaving=staff.leaving,
        )
        for staff in Staff.objects.all()
    }
    return House(
        on=on,
        people=people,
        places=places_on(on),
        posts=dict(Post.objects.values_list("title", "pk")),
    )


def places_on(on: date) -> list[Place]:
    """The sections of a day with the path of names that leads to each."""
    rows = {section.pk: section for section in sections_on(on)}

    def path(section: Section) -> str:
        names, at, seen = [section.name], section.parent_id, {section.pk}
        while at in rows and at not in seen:
            seen.add(at)
            names.append(rows[at].name)
            at = rows[at].parent_id
        return " ".join(reversed(names))

    return [Place(row.pk, row.code, row.name, path(row)) for row in rows.values()]


@dataclass(frozen=True, slots=True)
class Inheritance:
    """A piece of open work of the turn with its proposed heir, by number; empty for an orphan."""

    found: Found
    heir_number: str
    ground: str


def seats_after(lines: Sequence[Line], on: date) -> list[Seat]:
    """The house of the day with the list applied; who joins appears under a stand-in."""
    ranks = {
        pk: (rank, post_role == Role.SECTION_HEAD)
        for pk, rank, post_role in Post.objects.values_list("pk", "rank", "role")
    }
    return house_after(lines, heirs.seats_on(on), ranks=ranks)


def inheritances(lines: Sequence[Line], on: date) -> list[Inheritance]:
    """Every piece of open work that must pass on at the turn, with its proposed heir."""
    concerned = [line for line in lines if line.person is not None]
    leavers = {line.person for line in concerned if line.action.leaves and line.person is not None}
    seats = seats_after(lines, on)
    stands_for = successors_on(Section.objects.values_list("pk", flat=True), on)
    found = [
        one
        for one in open_work_of([line.person for line in concerned if line.person is not None], on)
        if needs_heir(
            holder=one.work.holder_id,
            section=one.work.section_id,
            leavers=leavers,
            after=seats,
            stands_for=stands_for,
        )
    ]
    numbers = {joiner_id(line): line.number for line in lines if line.person is None}
    numbers |= dict(Staff.objects.filter(pk__in=[seat.staff for seat in seats]).values_list("pk", "number"))
    return [
        Inheritance(one, numbers.get(heir.staff, "") if heir.staff is not None else "", heir.ground)
        for one, heir in zip(found, heirs.propose_heirs(found, on, seats), strict=True)
    ]
