"""Open work of people who left or will leave, and who takes it over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.organisation import services as verbs
from yakuba.kernel.organisation.access import editors
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.organisation.queries import staff_on, work_waiting_for_heirs
from yakuba.kernel.organisation.rules.employment import tidy_number
from yakuba.kernel.things.api import show
from yakuba.kernel.values.api import Refusal


@page(Face.OFFICE, may=editors)
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_work(request: HttpRequest) -> HttpResponse:
    """Every piece with its proposed heir; POST hands one over to the number that was typed."""
    asking: Any = request
    today = asking.clock.today()
    typed: dict[str, str] = {}
    faults: dict[str, str] = {}
    if request.method == "POST":
        wanted = request.POST.get("work", "")
        typed[wanted] = request.POST.get("heir", "")
        try:
            if _hand_over(asking, wanted, typed[wanted]):
                messages.success(request, "引き継ぎました。")
                return redirect("organisation-handover")
            messages.info(request, "この仕事はすでに引き継がれています。")
            return redirect("organisation-handover")
        except Refusal as refusal:
            faults[wanted] = f"{refusal.message}{refusal.hint or ''}"
    rows = []
    for one in work_waiting_for_heirs(today):
        key = f"{one.found.source}|{one.found.work.ref}"
        shown = show(one.found.work.ref, to=asking.person)
        rows.append(
            {
                "key": key,
                "waiting": one,
                "work": one.found.work,
                "url": shown.url if shown else "",
                "is_due": one.on <= today,
                "heir": typed.get(key, f"{one.heir.number} {one.heir.name}" if one.heir else ""),
                "fault": faults.get(key, ""),
            }
        )
    return render(
        request,
        "organisation/handover.html",
        {
            "rows": rows,
            "people": staff_on(today).order_by("number").values_list("number", "name"),
            "crumbs": [
                {"title": "組織と職員", "url": reverse("organisation-chart")},
                {"title": "引き継ぎ待ちの仕事"},
            ],
        },
        status=422 if faults else 200,
    )


def _hand_over(asking: Any, key: str, number: str) -> bool:
    """Hand over the piece named by ``key``; whether it was still waiting. Raises ``Refusal``."""
    for one in work_waiting_for_heirs(asking.clock.today()):
        if f"{one.found.source}|{one.found.work.ref}" != key:
            continue
        heir = Staff.objects.filter(number=tidy_number(number.partition(" ")[0])).first()
        if heir is None:
            raise Refusal(f"職員番号「{number[:20]}」の職員がいません。", field="heir", hint="番号を確かめてください。")
        if heir.pk in one.found.work.not_for:
            raise Refusal(
                f"「{heir.name}」はこの仕事を引き継げません。",
                field="heir",
                hint="本人や、すでに同じ役目にある人は選べません。",
            )
        verbs.hand_over_work(
            by=asking.person,
            source=one.found.source,
            ref=one.found.work.ref,
            holder=one.holder,
            heir=heir,
            on=one.on,
        )
        return True
    return False
