"""Appointing somebody to a role (権限の任命) and ending that."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person, Role
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import RoleGrant, Staff
from yakuba.kernel.organisation.queries import keepers_besides, service_of
from yakuba.kernel.organisation.rules.appointments import (
    Held,
    check_appointment_end,
    check_grant,
    check_not_the_last,
)
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.values.api import Clock, Period


@verb("organisation.grant_role", label="権限の任命")
def grant_role(
    *, by: Person, staff: Staff, role: Role, starts_on: date, ground: str, ends_on: date | None = None
) -> RoleGrant:
    """Give a role that no post carries, with its ground, until before ``ends_on`` or the end of the service.

    Raises ``Refusal`` without ground, twice, for oneself, or together with the auditor's seat.
    """
    require_editor(by)
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    check_day(starts_on, field="starts_on", what="開始日")
    if ends_on is not None:
        check_day(ends_on, field="last_day", what="終わりの日")
    until = ends_on or staff.leaves_on
    held = [
        Held(key=one.pk, what=one.role, period=Period(one.starts_on, one.ends_on), words=Role(one.role).label)
        for one in RoleGrant.objects.filter(staff=staff)
    ]
    check_grant(
        Held(key=None, what=role.value, period=Period(starts_on, until)),
        held,
        service=service_of(staff),
        ground=ground,
        is_for_oneself=by.staff_id == staff.pk,
    )
    return RoleGrant.objects.create(
        staff=staff, role=role.value, starts_on=starts_on, ends_on=until, ground=ground.strip()
    )


@verb("organisation.end_role", label="権限の任命を終える")
def end_role(*, by: Person, grant: RoleGrant, last_day: date, clock: Clock) -> RoleGrant | Staff:
    """The role is held for the last time on ``last_day``; an appointment that has not begun is taken back.

    Raises ``Refusal`` if nobody would be left who may keep the organisation's records.
    """
    require_editor(by)
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("staff").get(pk=grant.pk)
    check_day(last_day, field="last_day", what="終わりの日")
    if grant.starts_on > clock.today() and last_day < grant.starts_on:
        grant.delete()
        return grant.staff
    grant.ends_on = check_appointment_end(period=Period(grant.starts_on, grant.ends_on), last_day=last_day)
    grant.save(update_fields=["ends_on"])
    check_not_the_last(role=grant.role, label=Role(grant.role).label, others=keepers_besides(Staff(), grant.ends_on))
    return grant
