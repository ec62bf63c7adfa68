"""Ending a concurrent posting (兼務を解く), and withdrawing a posting that has not begun (発令の取消し)."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Posting, Staff
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.rules.postings import check_end, check_withdrawal
from yakuba.kernel.values.api import Clock, Period


@verb("organisation.end_posting", label="兼務を解く")
def end_posting(*, by: Person, posting: Posting, last_day: date) -> Posting:
    """The concurrent posting counts for the last time on ``last_day``. Raises ``Refusal`` for a main posting."""
    require_editor(by)
    posting = Posting.objects.select_for_update().get(pk=posting.pk)
    check_day(last_day, field="last_day", what="最後の日")
    posting.ends_on = check_end(
        is_main=posting.is_main, period=Period(posting.starts_on, posting.ends_on), last_day=last_day
    )
    posting.save(update_fields=["ends_on"])
    return posting


@verb("organisation.withdraw_posting", label="発令の取消し")
def withdraw_posting(*, by: Person, posting: Posting, clock: Clock) -> Staff:
    """Take back a posting that has not begun; a main posting that ended for it goes on. Returns the person.

    Raises ``Refusal`` once it has begun.
    """
    require_editor(by)
    staff = Staff.objects.select_for_update().get(pk=posting.staff_id)
    posting = Posting.objects.get(pk=posting.pk)
    check_withdrawal(starts_on=posting.starts_on, today=clock.today())
    before = Posting.objects.filter(staff=staff, is_main=True, ends_on=posting.starts_on).select_related("section")
    starts_on, ends_on, was_main = posting.starts_on, posting.ends_on, posting.is_main
    posting.delete()
    for one in before if was_main else ():
        life_end = one.section.ends_on
        if life_end is None or life_end > starts_on:
            ends = [day for day in (ends_on, life_end) if day is not None]
            one.ends_on = min(ends) if ends else None
            one.save(update_fields=["ends_on"])
    return staff
