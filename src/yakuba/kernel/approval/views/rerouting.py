"""Changing the rest of a draft's way (ルートの変更)."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, NotAllowed, page
from yakuba.kernel.approval.access import get_for
from yakuba.kernel.approval.forms import RerouteForm
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.on_the_way import Day
from yakuba.kernel.approval.queries.way import Way, way_of
from yakuba.kernel.approval.rules.routes import Seat, StageKind, Who
from yakuba.kernel.approval.services import reroute
from yakuba.kernel.approval.services.closing import AlreadyClosed
from yakuba.kernel.approval.services.reroute import Added, may_reroute
from yakuba.kernel.approval.views.one_request import MAY, shown
from yakuba.kernel.organisation.api import sections_on
from yakuba.kernel.values.api import Refusal


@page(Face.OFFICE, may=MAY)
@require_http_methods(["GET", "HEAD", "POST"])
def change_route(request: HttpRequest, public_id: str) -> HttpResponse:
    """Leave out 回議, 合議 or 供覧 that nobody has answered, and add others, with a reason."""
    asking: Any = request
    today = asking.clock.today()
    found = get_for(asking.person, public_id, on=today)
    if not may_reroute(asking.person, found):
        raise NotAllowed("ルートを変えられるのは、担当の所属長と、人事担当・情報システム担当です。")
    way = way_of(found, Day.of(today), clock=asking.clock)
    form = _form(way, today, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _change(asking, found, form)
        except AlreadyClosed as late:
            fresh = get_for(asking.person, public_id, on=today)
            return shown(asking, fresh, late=str(late), unsent=form.cleaned_data["reason"], status=409)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "ルートを変えました。")
            return redirect("approval-decision", public_id=public_id)
    context = {
        "asked": found,
        "form": form,
        "way": way,
        "crumbs": [
            {"title": "決裁", "url": reverse("approval-decisions")},
            {"title": found.title, "url": reverse("approval-decision", args=[found.public_id])},
            {"title": "ルートの変更"},
        ],
    }
    return render(request, "approval/reroute.html", context, status=422 if form.errors else 200)


def _form(way: Way, today: Any, given: Any) -> RerouteForm:
    return RerouteForm(
        given,
        stages=[
            (one.position, f"{one.position}. {one.title}（{one.kind.label}）")
            for one in way.stages
            if one.may_leave_out
        ],
        sections=[(one.code, one.name) for one in sections_on(today).order_by("order", "code")],
    )


def _change(asking: Any, found: DecisionRequest, form: RerouteForm) -> None:
    given = form.cleaned_data
    add = []
    if given["add_kind"]:
        numbers = [one for one in re.split(r"[\s、,，・]+", given["staff"]) if one]
        seats = [Seat(Who.SECTION, section=code) for code in given["sections"]]
        seats += [Seat(Who.STAFF, staff=one) for one in dict.fromkeys(numbers)]
        add = [Added(StageKind(given["add_kind"]), tuple(seats))]
    reroute(
        by=asking.person,
        request=found,
        leave_out=given.get("leave_out") or [],
        add=add,
        reason=given["reason"],
        clock=asking.clock,
    )
