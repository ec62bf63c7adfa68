"""``/office/cases/bulk/``: harmless steps with several ticked cases at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from yakuba.kernel.access.api import Face, Person, page
from yakuba.kernel.cases import services
from yakuba.kernel.cases.access import sections_of, visible_to
from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.services.assign import Outcome, for_each
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import Clock
from yakuba.residents.procedures.access import MAY_WORK
from yakuba.residents.procedures.forms.work import BulkForm
from yakuba.residents.procedures.queries.staff import colleagues
from yakuba.residents.procedures.views.office.asking import carried, person_and_clock

MOST = 200
"""As many cases as the longest page shows."""


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Assign the ticked cases or write a note on each; what could not be done is named, the rest is done."""
    person, clock = person_and_clock(request)
    back = HttpResponseRedirect(reverse("office-cases") + carried(request))
    form = BulkForm(request.POST)
    picked = list(dict.fromkeys(request.POST.getlist("picked")))[:MOST]
    cases = list(visible_to(person).filter(public_id__in=picked).order_by("received_at"))
    if not cases:
        messages.warning(request, "案件が選ばれていません。左の欄で選んでから、ボタンを押してください。")
        return back
    if not form.is_valid():
        messages.error(request, " ".join(str(one) for errors in form.errors.values() for one in errors))
        return back
    act, done = _act(form, person, clock)
    if act is None:
        messages.error(request, done)
        return back
    _tell(request, for_each(cases, act), done)
    return back


def _act(form: BulkForm, person: Person, clock: Clock) -> tuple[Callable[[Case], object] | None, str]:
    """What to do with each case and the words for it; no act and the reason when something is missing."""
    wanted = form.cleaned_data["act"]
    if wanted == "note":
        words = form.cleaned_data["note"]
        if not words.strip():
            return None, "メモが空です。書いてから「メモを書く」を押してください。"
        return lambda case: services.add_note(by=person, case=case, words=words, clock=clock), "にメモを書きました。"
    to = (
        Staff.objects.filter(pk=person.staff_id or 0).first()
        if wanted == "take"
        else _colleague(form.cleaned_data["staff"], person, clock)
    )
    if to is None:
        return None, "担当にする職員を選んでから、「この職員を担当にする」を押してください。"
    return (
        lambda case: services.assign_case(by=person, case=case, to=to, clock=clock),
        f"の担当を{to.name}さんにしました。",
    )


def _colleague(public_id: str, person: Person, clock: Clock) -> Staff | None:
    there = colleagues(sections_of(person), clock.today())
    return next((one for one in there if one.public_id == public_id), None)


def _tell(request: HttpRequest, outcomes: Any, done: str) -> None:
    refused: list[Outcome] = [one for one in outcomes if one.why]
    well = len(outcomes) - len(refused)
    if well:
        messages.success(request, f"{well}件{done}")
    if refused:
        named = "、".join(f"{one.case.number}（{one.why}）" for one in refused[:5])
        more = f"、ほか{len(refused) - 5}件" if len(refused) > 5 else ""
        messages.error(request, f"{len(refused)}件はできませんでした：{named}{more}")
