"""Absences (不在): one's own in two taps; for others, and 職務代理, by who keeps the records."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.api import Face, Person, page
from yakuba.kernel.approval.access import absences_visible_to, enters_for_others, get_absence_for
from yakuba.kernel.approval.forms import AbsenceForm
from yakuba.kernel.approval.services import end_absence, enter_absence
from yakuba.kernel.approval.services.keep_routes import keeps_routes
from yakuba.kernel.approval.views.one_request import MAY
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.organisation.api import deputies_of, staff_on
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Refusal

_LIST = viewing("approval.absence_list", label="職員の不在の一覧の閲覧")
_FRIDAY = 4


def quick_days(today: date) -> list[tuple[str, str, date]]:
    """What one taps: 「今日」「明日まで」「今週いっぱい」, with the first day back."""
    monday = today + timedelta(days=7 - today.weekday())
    offered = [
        ("today", "今日は不在", today + timedelta(days=1)),
        ("tomorrow", "明日まで不在", today + timedelta(days=2)),
        ("week", "今週は不在", monday),
    ]
    return offered if today.weekday() < _FRIDAY - 1 else [offered[0], offered[2]]


@page(Face.OFFICE, may=MAY)
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """One's own absences, a button for the usual ones, a form for the others."""
    asking: Any = request
    person, today = asking.person, asking.clock.today()
    form = _form(person, today, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and not person.is_read_only:
        given = form.cleaned_data
        try:
            staff = _chosen(person, given.get("staff") or "", today)
            enter_absence(
                by=person,
                staff=staff,
                starts_on=given["starts_on"],
                back_on=given["back_on"],
                reason=given["reason"],
                is_standing=bool(given.get("is_standing")),
                clock=asking.clock,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{staff.name}さんの不在を登録しました。")
            return redirect("approval-absences")
    rows = list(absences_visible_to(person).filter(ends_on__gt=today).order_by("starts_on", "id")[:200])
    others = [one for one in rows if one.staff_id != person.staff_id]
    if others:
        record_view(by=person, subjects=[ref_of(one.staff) for one in others], what=_LIST)
    mine = Staff.objects.filter(pk=person.staff_id).first() if person.staff_id else None
    context = {
        "mine": [one for one in rows if one.staff_id == person.staff_id],
        "others": others,
        "form": form,
        "quick": quick_days(today) if mine is not None and not person.is_read_only else [],
        "deputies": [one.deputy.name for one in deputies_of(mine, today)] if mine is not None else [],
        "for_others": enters_for_others(person),
        "may_enter": not person.is_read_only and (mine is not None or enters_for_others(person)),
        "today": today,
        "crumbs": [{"title": "決裁", "url": reverse("approval-decisions")}, {"title": "不在"}],
    }
    return render(request, "approval/absences.html", context, status=422 if form.errors else 200)


@page(Face.OFFICE, may=MAY)
@require_POST
def away(request: HttpRequest, how: str) -> HttpResponse:
    """One's own absence from today on, at a tap."""
    asking: Any = request
    person, today = asking.person, asking.clock.today()
    back = {key: day for key, _, day in quick_days(today)}.get(how)
    staff = Staff.objects.filter(pk=person.staff_id).first() if person.staff_id else None
    if back is None or staff is None:
        messages.error(request, "不在の期間を選び直してください。")
        return redirect("approval-absences")
    if absences_visible_to(person).filter(staff=staff, starts_on__lte=today, ends_on__gte=back).exists():
        messages.info(request, "その期間の不在は、もう登録されています。")
        return redirect("approval-absences")
    try:
        enter_absence(by=person, staff=staff, starts_on=today, back_on=back, reason="", clock=asking.clock)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    else:
        messages.success(request, "不在を登録しました。代決されたものは、戻ったあとで「後閲」に出ます。")
    return redirect("approval-absences")


@page(Face.OFFICE, may=MAY)
@require_POST
def back_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """The person is back, or does not go after all."""
    asking: Any = request
    absence = get_absence_for(asking.person, public_id)
    kept = end_absence(by=asking.person, absence=absence, clock=asking.clock)
    messages.success(request, "不在を取り消しました。" if kept is None else "不在を今日までで終えました。")
    return redirect("approval-absences")


def _form(person: Person, today: date, given: Any) -> AbsenceForm:
    staff: list[tuple[str, str]] = []
    if enters_for_others(person):
        staff = [(one.public_id, f"{one.number}　{one.name}") for one in staff_on(today).order_by("number")]
    return AbsenceForm(
        given, staff=staff, may_set_standing=keeps_routes(person), initial={"starts_on": today.isoformat()}
    )


def _chosen(person: Person, public_id: str, today: date) -> Staff:
    if public_id:
        return staff_on(today).get(public_id=public_id)
    found = Staff.objects.filter(pk=person.staff_id).first() if person.staff_id else None
    if found is None:
        raise Refusal("不在を登録できるのは職員だけです。", hint="人事担当に頼んでください。")
    return found
