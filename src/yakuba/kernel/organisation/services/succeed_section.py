"""How one section takes the place of another: the common part of renaming, moving, merging and splitting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from yakuba.kernel.organisation.models import Posting, Section, SectionSuccession
from yakuba.kernel.organisation.models.validity import not_over_on
from yakuba.kernel.organisation.queries import as_standing, standing_sections
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.rules.sections import check_kind_under, check_standing, check_succession_day
from yakuba.kernel.values.api import Period, Refusal

_CARRIED = ("code", "name", "name_kana", "kind", "authority", "parent", "phone", "duties", "order")


class Succession:
    """One change of the house on a day: asks the rules with all sections in mind, loaded once."""

    def __init__(self, on: date) -> None:
        self.on = check_day(on, field="on", what="日付")
        self._standing = {one.key: one for one in standing_sections()}

    def lock(self, section: Section) -> Section:
        """The section's row, locked; raises ``Refusal`` if it cannot be succeeded from the day."""
        row = Section.objects.select_for_update(of=("self",)).select_related("authority", "parent").get(pk=section.pk)
        check_succession_day(as_standing(row), Period(self.on))
        known = SectionSuccession.objects.filter(before=row).select_related("after").first()
        if known is not None:
            raise Refusal(
                f"「{row.name}」には、すでに「{known.after.name}」への{known.get_kind_display()}が登録されています。",
                field="on",
                hint=f"「{known.after.name}」の画面から続きの変更を登録してください。",
            )
        return row

    def end(self, section: Section) -> None:
        """Close the row of a section: it does not exist from the day."""
        section.ends_on = self.on
        section.version += 1
        section.save(update_fields=["ends_on", "version"])
        self._standing[section.pk] = replace(
            self._standing[section.pk], period=Period(section.starts_on, section.ends_on)
        )

    def found(self, section: Section) -> Section:
        """Store a section that begins on the day; raises ``Refusal`` if its code, name or place does not fit."""
        check_kind_under(section.kind, section.parent.kind if section.parent else None)
        check_standing(as_standing(section), self._standing.values())
        section.save()
        self._standing[section.pk] = as_standing(section)
        return section

    def stand_in_place(self, before: Section, **changes: Any) -> Section:
        """End ``before`` and found what stands in its place, with ``changes`` to name, place or code."""
        values = {name: getattr(before, name) for name in _CARRIED} | changes
        after = Section(**values, starts_on=self.on, ends_on=before.ends_on)
        self.end(before)
        return self.found(after)

    def record(self, before: Section, after: Section, kind: str) -> None:
        """Write down who took over from whom."""
        SectionSuccession.objects.create(before=before, after=after, kind=kind, on=self.on)

    def carry(
        self,
        before: Section,
        *,
        ground: str,
        unit_to: Callable[[Section], Section],
        posting_to: Callable[[Posting], Section],
    ) -> None:
        """Let every unit and every posting of ``before`` go on where they are told to (読替え)."""
        self._carry_units(before, unit_to, ground)
        self._carry_postings(before, posting_to, ground)

    def carry_to(self, before: Section, after: Section, *, ground: str) -> None:
        """Let everything of ``before`` go on in ``after``."""
        self.carry(before, ground=ground, unit_to=lambda unit: after, posting_to=lambda posting: after)

    def _carry_units(self, before: Section, to: Callable[[Section], Section], ground: str) -> None:
        units = Section.objects.filter(not_over_on(self.on), parent=before).select_related("authority", "parent")
        for unit in units:
            parent = to(unit)
            if unit.starts_on >= self.on:
                unit.parent = parent
                unit.authority = parent.authority
                unit.version += 1
                unit.save(update_fields=["parent", "authority", "version"])
                continue
            successor = self.stand_in_place(unit, parent=parent, authority=parent.authority)
            self.record(unit, successor, "moved")
            self.carry_to(unit, successor, ground=ground)

    def _carry_postings(self, before: Section, to: Callable[[Posting], Section], ground: str) -> None:
        rows = list(Posting.objects.select_for_update().filter(not_over_on(self.on), section=before))
        if not rows:
            return
        goes = {row.pk: to(row) for row in rows}
        for after in {section.pk: section for section in goes.values()}.values():
            not_begun = [row.pk for row in rows if row.starts_on >= self.on and goes[row.pk].pk == after.pk]
            if not_begun:
                Posting.objects.filter(pk__in=not_begun).update(section=after)
        begun = [row for row in rows if row.starts_on < self.on]
        Posting.objects.filter(pk__in=[row.pk for row in begun]).update(ends_on=self.on)
        fresh = [
            Posting(
                staff_id=row.staff_id,
                section=goes[row.pk],
                post_id=row.post_id,
                starts_on=self.on,
                ends_on=row.ends_on,
                is_main=row.is_main,
                ground=ground[:100],
                is_carried=True,
            )
            for row in begun
        ]
        Posting.objects.bulk_create(self._needed(fresh))

    def _needed(self, fresh: list[Posting]) -> list[Posting]:
        """Those that are needed: somebody may hold the same post in the section that takes over already."""
        held: dict[tuple[int, int, int], list[Posting]] = {}
        there = Posting.objects.filter(
            not_over_on(self.on),
            section_id__in={one.section_id for one in fresh},
            staff_id__in={one.staff_id for one in fresh},
        )
        for one in there:
            held.setdefault((one.staff_id, one.section_id, one.post_id), []).append(one)
        needed: list[Posting] = []
        for one in sorted(fresh, key=lambda posting: not posting.is_main):
            same = held.setdefault((one.staff_id, one.section_id, one.post_id), [])
            if any(other.is_main for other in same) or (same and not one.is_main):
                continue
            for other in same:
                if other.starts_on >= self.on:
                    other.delete()
                else:
                    other.ends_on = self.on
                    other.save(update_fields=["ends_on"])
            same[:] = [one]
            needed.append(one)
        return needed
