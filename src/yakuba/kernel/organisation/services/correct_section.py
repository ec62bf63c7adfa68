"""Correcting the record of a section (記録の訂正): it was wrong from the beginning."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Authority, Posting, Section
from yakuba.kernel.organisation.queries import as_standing, standing_sections
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.rules.sections import check_kind_under, check_standing, in_words
from yakuba.kernel.organisation.services.words import check_version, words
from yakuba.kernel.values.api import Period, Refusal


@verb("organisation.correct_section", label="所属の記録の訂正")
def correct_section(
    *,
    by: Person,
    section: Section,
    version: int,
    name: str,
    kind: str,
    authority: Authority,
    parent: Section | None,
    starts_on: date,
    name_kana: str = "",
    phone: str = "",
    duties: str = "",
    order: int = 0,
) -> Section:
    """Correct what is recorded; no history is written, because nothing changed in the town hall.

    For a change on a day use ``rename_section`` or ``move_section``. Raises ``Refusal`` if another person changed the
    record meanwhile, the place does not fit, or units or postings would stand outside the corrected period.
    """
    require_editor(by)
    section = Section.objects.select_for_update().get(pk=section.pk)
    check_version(section.version, version)
    section.name = words(name, "名称", field="name", longest=60)
    section.name_kana = name_kana.strip()
    section.kind = kind
    section.authority = authority
    section.parent = parent
    section.starts_on = check_day(starts_on, field="starts_on", what="設置日")
    section.phone = phone.strip()
    section.duties = duties.strip()
    section.order = order
    section.version += 1
    check_kind_under(kind, parent.kind if parent else None)
    check_standing(as_standing(section), standing_sections())
    life = Period(section.starts_on, section.ends_on)
    for unit in Section.objects.filter(parent=section):
        check_kind_under(unit.kind, kind)
        if not life.covers(Period(unit.starts_on, unit.ends_on)):
            raise Refusal(
                f"下の所属「{unit.name}」が、訂正後の期間（{in_words(life)}）からはみ出します。",
                field="starts_on",
                hint="先に下の所属の設置日を訂正してください。",
            )
    early = Posting.objects.filter(section=section, starts_on__lt=section.starts_on).select_related("staff").first()
    if early is not None:
        raise Refusal(
            f"「{early.staff.name}」の発令が訂正後の設置日より前にあります。",
            field="starts_on",
            hint="設置日を確かめてください。",
        )
    section.save()
    return section
