"""Splitting a section into several (分割)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Posting, Section, SuccessionKind
from yakuba.kernel.organisation.models.validity import not_over_on
from yakuba.kernel.organisation.rules.sections import check_split
from yakuba.kernel.organisation.services.merge_sections import NewSection, as_section
from yakuba.kernel.organisation.services.succeed_section import Succession


@verb("organisation.split_section", label="所属の分割")
def split_section(
    *,
    by: Person,
    section: Section,
    successors: Sequence[NewSection],
    goes: Mapping[str, int],
    on: date,
) -> list[Section]:
    """From ``on`` the section's work is done by several new ones; returns them.

    ``goes`` names, for the public id of every posting and unit that goes on, the place of its successor (0, 1 …).
    Raises ``Refusal`` if one of them has no successor.
    """
    require_editor(by)
    change = Succession(on)
    before = change.lock(section)
    postings = list(Posting.objects.filter(not_over_on(on), section=before))
    units = list(Section.objects.filter(not_over_on(on), parent=before))
    place_of = {one.pk: goes.get(one.public_id) for one in postings}
    place_of_unit = {-one.pk: goes.get(one.public_id) for one in units}
    check_split(
        staff=list(place_of),
        units=list(place_of_unit),
        goes={key: place for key, place in {**place_of, **place_of_unit}.items() if place is not None},
        count=len(successors),
    )
    change.end(before)
    afters = [change.found(as_section(new, on)) for new in successors]
    for after in afters:
        change.record(before, after, SuccessionKind.SPLIT)
    change.carry(
        before,
        ground=f"「{before.name}」の分割",
        unit_to=lambda unit: afters[place_of_unit[-unit.pk] or 0],
        posting_to=lambda posting: afters[place_of[posting.pk] or 0],
    )
    return afters
