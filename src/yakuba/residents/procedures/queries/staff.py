"""Who may be given a case."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from yakuba.kernel.organisation.models import Posting, Staff
from yakuba.kernel.organisation.models.validity import valid_on


def colleagues(sections: Collection[int], today: date) -> list[Staff]:
    """The people posted to some sections on a day, by section and number; each once. One query."""
    postings = (
        Posting.objects.filter(valid_on(today), section_id__in=sections)
        .filter(valid_on(today, start="staff__joined_on", end="staff__leaves_on"))
        .select_related("staff", "section")
        .order_by("section__order", "section__code", "-post__rank", "staff__number")
    )
    found: dict[int, Staff] = {}
    for one in postings:
        if one.staff_id not in found:
            one.staff.section_name = one.section.name  # type: ignore[attr-defined]  # for the list of choices
            found[one.staff_id] = one.staff
    return list(found.values())
