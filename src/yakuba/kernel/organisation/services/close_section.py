"""Closing a section that nobody takes over (廃止)."""

from __future__ import annotations

from datetime import date, timedelta

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Posting, Section
from yakuba.kernel.organisation.models.validity import not_over_on
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.rules.sections import check_may_close
from yakuba.kernel.organisation.services.succeed_section import Succession


@verb("organisation.close_section", label="所属の廃止")
def close_section(*, by: Person, section: Section, last_day: date) -> Section:
    """The section exists for the last time on ``last_day``.

    Raises ``Refusal`` while people are posted to it, or units stand below it, after that day.
    """
    require_editor(by)
    on = check_day(last_day, field="last_day", what="最後の日") + timedelta(days=1)
    change = Succession(on)
    row = change.lock(section)
    people = Posting.objects.filter(not_over_on(on), section=row).select_related("staff").order_by("staff__number")
    units = Section.objects.filter(not_over_on(on), parent=row)
    check_may_close(row.name, people=[one.staff.name for one in people], units=[unit.name for unit in units])
    change.end(row)
    return row
