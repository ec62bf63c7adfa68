"""Leaving the service (退職・任期満了), taking that back, and renewing a term (任期の更新)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.events.api import publish
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.events import StaffLeft, StaffStayed
from yakuba.kernel.organisation.models import Deputy, Employment, Leaving, Post, Posting, RoleGrant, Section, Staff
from yakuba.kernel.organisation.models.validity import not_over_on
from yakuba.kernel.organisation.queries import keepers_besides, keeps_records, successors_on
from yakuba.kernel.organisation.rules.appointments import check_not_the_last
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.rules.employment import check_leaving, check_leaving_withdrawn, renewal
from yakuba.kernel.organisation.services.post_staff import store_posting
from yakuba.kernel.values.api import Clock, FiscalYear, Refusal

_DATED = (Posting, RoleGrant, Deputy)


@verb("organisation.record_leaving", label="退職・任期満了の登録")
def record_leaving(*, by: Person, staff: Staff, last_day: date, leaving: str = Leaving.RETIRED) -> Staff:
    """``last_day`` is the person's last day in service; from 0:00 of the next day no account of theirs may be used.

    Postings, appointments and deputies end with the service. Open work stays visible until it is handed over. Raises
    ``Refusal`` if the day does not fit, or nobody would be left who may keep the organisation's records.
    """
    require_editor(by)
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    check_day(last_day, field="last_day", what="退職日")
    leaves_on = check_leaving(joined_on=staff.joined_on, leaves_on=staff.leaves_on, last_day=last_day)
    if keeps_records(staff, last_day):
        check_not_the_last(
            role="personnel", label="人事担当・情報システム担当", others=keepers_besides(staff, leaves_on)
        )
    staff.leaves_on = leaves_on
    staff.leaving = leaving
    staff.version += 1
    staff.save()
    _end_with_service(staff, leaves_on)
    publish(StaffLeft(staff_id=staff.pk, leaves_on=leaves_on.isoformat()))
    return staff


@verb("organisation.withdraw_leaving", label="退職の取消し")
def withdraw_leaving(*, by: Person, staff: Staff, clock: Clock) -> Staff:
    """Take back a leaving that has not come yet; the postings that ended with it go on.

    Roles and deputies are named anew, with their ground. Raises ``Refusal`` when the day has come, or none is
    registered.
    """
    require_editor(by)
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    check_leaving_withdrawn(
        employment=staff.employment, leaving=staff.leaving, leaves_on=staff.leaves_on, today=clock.today()
    )
    until = staff.leaves_on
    staff.leaves_on = None
    staff.leaving = ""
    staff.version += 1
    staff.save()
    for posting in Posting.objects.filter(staff=staff, ends_on=until).select_related("section"):
        posting.ends_on = posting.section.ends_on
        posting.save(update_fields=["ends_on"])
    publish(StaffStayed(staff_id=staff.pk, leaves_on=""))
    return staff


@verb("organisation.renew_term", label="任期の更新")
def renew_term(
    *, by: Person, staff: Staff, last_day: date, section: Section | None = None, post: Post | None = None
) -> Staff:
    """The term goes on until ``last_day`` (再度の任用・任期の延長), and so do the postings that ended with it.

    For a 会計年度任用職員 each fiscal year's term is a posting of its own, which may be to another ``section`` or
    ``post``; everybody else is moved by ``transfer_staff``. A section that was renamed or merged meanwhile is followed
    to its successor. Raises ``Refusal`` for a person without term, an earlier day, or a section that has no single
    successor.
    """
    require_editor(by)
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    check_day(last_day, field="last_day", what="任期の末日")
    until = staff.leaves_on
    staff.leaves_on = renewal(employment=staff.employment, leaves_on=until, last_day=last_day)
    staff.leaving = ""
    staff.version += 1
    staff.save()
    ended = list(
        Posting.objects.filter(staff=staff, ends_on=until).select_related("section", "post").order_by("-is_main")
    )
    for posting in ended if until is not None and staff.leaves_on > until else ():
        if staff.employment == Employment.FISCAL_YEAR:
            _post_for_next_term(posting, until or staff.leaves_on, section, post)
        elif posting.section.ends_on is None or posting.section.ends_on > posting.starts_on:
            ends = [day for day in (staff.leaves_on, posting.section.ends_on) if day is not None]
            posting.ends_on = min(ends)
            posting.save(update_fields=["ends_on"])
    publish(StaffStayed(staff_id=staff.pk, leaves_on=staff.leaves_on.isoformat()))
    return staff


def _post_for_next_term(posting: Posting, on: date, section: Section | None, post: Post | None) -> None:
    staff = Staff.objects.get(pk=posting.staff_id)
    if section is None or not posting.is_main:
        standing = successors_on([posting.section_id], on)[posting.section_id]
        if len(standing) != 1:
            if not posting.is_main:
                return
            raise Refusal(
                f"「{posting.section.name}」は次の任期の初日にありません。",
                field="section",
                hint="次の任期の所属を選んでください。",
            )
        section = Section.objects.get(pk=standing[0])
    store_posting(
        Posting(
            staff=staff,
            section=section,
            post=post if post is not None and posting.is_main else posting.post,
            starts_on=on,
            ends_on=staff.leaves_on,
            is_main=posting.is_main,
            ground=f"{FiscalYear.of(on).label}の任用",
        )
    )


def _end_with_service(staff: Staff, leaves_on: date) -> None:
    """Cut every dated row of the person at the end of the service; what would begin later never was."""
    for model in _DATED:
        whose = Q(staff=staff) | Q(deputy=staff) if model is Deputy else Q(staff=staff)
        rows = model._default_manager.filter(whose, not_over_on(leaves_on))
        rows.filter(starts_on__gte=leaves_on).delete()
        rows.filter(starts_on__lt=leaves_on).update(ends_on=leaves_on)
