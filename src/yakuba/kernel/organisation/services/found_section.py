"""Founding a section (所属の設置)."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Authority, Section
from yakuba.kernel.organisation.queries import as_standing, standing_sections
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.rules.sections import check_kind_under, check_standing, tidy_code
from yakuba.kernel.organisation.services.words import words


@verb("organisation.found_section", label="所属の設置")
def found_section(
    *,
    by: Person,
    code: str,
    name: str,
    kind: str,
    authority: Authority,
    starts_on: date,
    ends_on: date | None = None,
    parent: Section | None = None,
    name_kana: str = "",
    phone: str = "",
    duties: str = "",
    order: int = 0,
) -> Section:
    """Found a section that stands from ``starts_on`` (until before ``ends_on``).

    Raises ``Refusal`` if code or name is taken in that time or the place in the tree does not fit.
    """
    require_editor(by)
    section = Section(
        code=tidy_code(code),
        name=words(name, "名称", field="name", longest=60),
        name_kana=name_kana.strip(),
        kind=kind,
        authority=authority,
        parent=parent,
        starts_on=check_day(starts_on, field="starts_on", what="設置日"),
        ends_on=ends_on and check_day(ends_on, field="last_day", what="廃止日"),
        phone=phone.strip(),
        duties=duties.strip(),
        order=order,
    )
    check_kind_under(kind, parent.kind if parent else None)
    check_standing(as_standing(section), standing_sections())
    section.save()
    return section
