"""``/office/cases/voices/``: how content residents are, what they wrote, and where forms are left unfinished."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.residents.procedures.access import MAY_HEAR
from yakuba.residents.procedures.queries.opinions import contentment, left_steps, opinions_by_procedure
from yakuba.residents.procedures.views.office.asking import person_and_clock

MONTHS = (1, 3, 12)


@page(Face.OFFICE, may=MAY_HEAR)
@require_safe
def voices(request: HttpRequest) -> HttpResponse:
    """Sums and words of the last months; nobody's name stands with them."""
    _, clock = person_and_clock(request)
    wanted = request.GET.get("months", "")
    months = int(wanted) if wanted in {str(one) for one in MONTHS} else 12
    today = clock.today()
    since = _months_before(today, months - 1)
    steps, left = left_steps(since, today)
    return render(
        request,
        "procedures/office/voices.html",
        {
            "months": months,
            "choices": MONTHS,
            "since": since,
            "until": today,
            "content": contentment(since, today),
            "procedures": opinions_by_procedure(since, today),
            "steps": steps[:60],
            "left": left,
        },
    )


def _months_before(day: date, months: int) -> date:
    """The first day of the month so many months before."""
    counted = day.year * 12 + day.month - 1 - months
    return date(counted // 12, counted % 12 + 1, 1)
