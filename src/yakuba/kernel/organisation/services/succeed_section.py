"""How one section takes the place of another: the common part of renaming, moving, merging and splitting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from yakuba.kernel.organisation.models import Posting, Section, SectionSuccession
from yakuba.kernel.organisation.models.validity import not_over_on
from yakuba.kernel.organisation.queries import as_standing, standing_sections
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.rules.sections import check_kind_under, check_standing, check_succession_day
from yakuba.kernel.values.api import Period, Refusal

_CARRIED = ("code", "name", "name_kana", "kind", "authority", "parent", "phone", "duties", "order")


def lock_for_succession(section: Section, on: date) -> Section:
    """The section's row, locked; raises ``Refusal`` if it cannot be succeeded from ``on``."""
    row = Section.objects.select_for_update().select_related("authority", "parent").get(pk=section.pk)
    check_day(on, field="on", what="日付")
    check_succession_day(as_standing(row), Period(on))
    known = SectionSuccession.objects.filter(before=row).select_related("after").first()
    if known is not None:
        raise Refusal(
            f"「{row.name}」には、すでに「{known.after.name}」への{known.get_kind_display()}が登録されています。",
            field="on",
            hint=f"「{known.after.name}」の画面から続きの変更を登録してください。",
        )
    return row


def stand_in_place(before: Section, *, on: date, **changes: Any) -> Section:
    """End ``before`` on ``on`` and found what stands in its place, with ``changes`` to name, place or code."""
    values = {name: getattr(before, name) for name in _CARRIED} | changes
    after = Section(**values, starts_on=on, ends_on=before.ends_on)
    end_section(before, on)
    check_kind_under(after.kind, after.parent.kind if after.parent else None)
    check_standing(as_standing(after), standing_sections())
    after.save()
    return after


def end_section(section: Section, on: date) -> None:
    """Close the row of a section: it does not exist from ``on``."""
    section.ends_on = on
    section.version += 1
    section.save(update_fields=["ends_on", "version"])


def record_succession(before: Section, after: Section, *, kind: str, on: date) -> None:
    SectionSuccession.objects.create(before=before, after=after, kind=kind, on=on)


def carry_units(before: Section, *, on: date, place: Callable[[Section], Section], ground: str) -> list[Section]:
    """Move every unit below ``before`` to the section ``place`` names for it, and theirs below them."""
    moved: list[Section] = []
    for unit in list(Section.objects.filter(not_over_on(on), parent=before).select_related("authority", "parent")):
        parent = place(unit)
        if unit.starts_on >= on:
            unit.parent = parent
            unit.authority = parent.authority
            unit.version += 1
            unit.save(update_fields=["parent", "authority", "version"])
            continue
        successor = stand_in_place(unit, on=on, parent=parent, authority=parent.authority)
        record_succession(unit, successor, kind="moved", on=on)
        carry_postings(unit, on=on, place=lambda posting, to=successor: to, ground=ground)  # type: ignore[misc]
        moved.append(successor)
        moved += carry_units(unit, on=on, place=lambda below, to=successor: to, ground=ground)  # type: ignore[misc]
    return moved


def carry_postings(before: Section, *, on: date, place: Callable[[Posting], Section], ground: str) -> int:
    """Continue every posting to ``before`` in the section ``place`` names for it (読替え); returns how many."""
    rows = list(Posting.objects.select_for_update().filter(not_over_on(on), section=before).order_by("-is_main", "pk"))
    continued: list[Posting] = []
    for posting in rows:
        after = place(posting)
        if posting.starts_on >= on:
            posting.section = after
            posting.save(update_fields=["section"])
            continue
        fresh = Posting(
            staff_id=posting.staff_id,
            section=after,
            post_id=posting.post_id,
            starts_on=on,
            ends_on=posting.ends_on,
            is_main=posting.is_main,
            ground=ground[:100],
            is_carried=True,
        )
        posting.ends_on = on
        posting.save(update_fields=["ends_on"])
        if _make_room(fresh):
            continued.append(fresh)
    Posting.objects.bulk_create(continued)
    return len(rows)


def _make_room(fresh: Posting) -> bool:
    """Whether ``fresh`` is needed: somebody may hold the same post in the section that takes over already."""
    same: Iterable[Posting] = Posting.objects.filter(
        not_over_on(fresh.starts_on), staff_id=fresh.staff_id, section=fresh.section, post_id=fresh.post_id
    )
    for held in same:
        if held.is_main or not fresh.is_main:
            return False
        if held.starts_on >= fresh.starts_on:
            held.delete()
        else:
            held.ends_on = fresh.starts_on
            held.save(update_fields=["ends_on"])
    return True
