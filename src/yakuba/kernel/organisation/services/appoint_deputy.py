"""Naming who stands in (代決者) and ending that."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Deputy, Staff
from yakuba.kernel.organisation.queries import service_of
from yakuba.kernel.organisation.rules.appointments import Held, check_appointment_end, check_deputy
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.values.api import Clock, Period


@verb("organisation.appoint_deputy", label="代決者の指定")
def appoint_deputy(
    *, by: Person, staff: Staff, deputy: Staff, order: int, starts_on: date, ends_on: date | None = None
) -> Deputy:
    """Name ``deputy`` as the ``order``-th to stand in for ``staff``, until before ``ends_on`` or either one's service.

    Raises ``Refusal`` for oneself, a place in the order that is taken, or days outside the service of either.
    """
    require_editor(by)
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    check_day(starts_on, field="starts_on", what="開始日")
    if ends_on is not None:
        check_day(ends_on, field="last_day", what="終わりの日")
    ends = [day for day in (ends_on, staff.leaves_on, deputy.leaves_on) if day is not None]
    until = ends_on or (min(ends) if ends else None)
    held = [
        Held(
            key=one.pk,
            what=str(one.order),
            period=Period(one.starts_on, one.ends_on),
            whom=one.deputy_id,
            words=one.deputy.name,
        )
        for one in Deputy.objects.filter(staff=staff).select_related("deputy")
    ]
    check_deputy(
        Held(key=None, what=str(order), period=Period(starts_on, until), whom=deputy.pk),
        held,
        own_key=staff.pk,
        service=service_of(staff),
        deputy_service=service_of(deputy),
    )
    return Deputy.objects.create(staff=staff, deputy=deputy, order=order, starts_on=starts_on, ends_on=until)


@verb("organisation.end_deputy", label="代決者の指定を終える")
def end_deputy(*, by: Person, deputy: Deputy, last_day: date, clock: Clock) -> Deputy | Staff:
    """The deputy stands in for the last time on ``last_day``; one who has not begun is taken back."""
    require_editor(by)
    deputy = Deputy.objects.select_for_update(of=("self",)).select_related("staff").get(pk=deputy.pk)
    check_day(last_day, field="last_day", what="終わりの日")
    if deputy.starts_on > clock.today() and last_day < deputy.starts_on:
        deputy.delete()
        return deputy.staff
    deputy.ends_on = check_appointment_end(period=Period(deputy.starts_on, deputy.ends_on), last_day=last_day)
    deputy.save(update_fields=["ends_on"])
    return deputy
