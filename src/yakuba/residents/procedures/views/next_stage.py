"""``/my/cases/<id>/next/<stage>/``: the next stage of a 補助金 is begun from its case, with what is known already."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, PersonKind, anyone, page
from yakuba.kernel.cases.api import Case, next_stage_facts
from yakuba.kernel.forms.api import FormDefinition, NotOpen, begin_filling
from yakuba.kernel.forms.models import Filling, FillingState
from yakuba.residents.procedures.agents import LETTER, facts_for, lost_mandate
from yakuba.residents.procedures.asking import asker, clock_of
from yakuba.residents.procedures.doors import door_for
from yakuba.residents.procedures.queries.stages import NextStage, carried_over, stages_around
from yakuba.residents.procedures.views.filling_session import fillings_held, hold_key
from yakuba.residents.procedures.views.own_case_gate import case_for

AGENT_FACTS = ("is_agent", "mandate", "has_mandate")


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def begin_stage(request: HttpRequest, public_id: str, stage: str) -> HttpResponse:
    """What to know before the next stage; POST begins its form with the answers so far."""
    case = case_for(request, public_id)
    found = next((one for one in stages_around(case)[1] if one.stage == stage), None)
    if found is None or found.version is None:
        messages.info(request, _("この手続きは、いまは出せません。下の「補助金の流れ」を確かめてください。"))
        return HttpResponseRedirect(reverse("own-case", args=[case.public_id]))
    door = door_for(request, case.procedure, onward=request.path)
    facts = next_stage_facts(case, found.stage)
    context: dict[str, Any] = {
        "case": case,
        "stage": found,
        "version": found.version,
        "definition": found.version.read(),
        "door": door,
        "begun": _begun(request, case, found, str(facts.get("grant", ""))),
        "language": get_language() or "ja",
    }
    if request.method == "GET":
        return render(request, "procedures/cases/next_stage.html", context)
    if not door.is_open:
        return render(request, "procedures/cases/next_stage.html", context, status=403)
    acting = _acting_facts(request, case, found.version.read())
    if acting is None:
        messages.error(
            request, _("代理人の登録が取り消されたか、期間が終わったため、始められません。役場へご連絡ください。")
        )
        return render(request, "procedures/cases/next_stage.html", context, status=409)
    try:
        begun = begin_filling(
            by=asker(request),
            version=found.version,
            about=case.procedure.key,
            language=get_language() or "ja",
            facts={**door.facts, **facts, **acting},
            known={},
            carried=carried_over(case),
            clock=clock_of(request),
        )
    except NotOpen as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        return render(request, "procedures/cases/next_stage.html", context, status=409)
    hold_key(request, begun.filling, begun.key)
    return HttpResponseRedirect(reverse("apply-step", args=[begun.filling.public_id, begun.filling.position]))


def _acting_facts(request: HttpRequest, case: Case, definition: FormDefinition) -> dict[str, Any] | None:
    """Whoever acted for the applicant before acts for them again, on the same ground; on a letter of attorney where the
    registered mandate is over. ``None`` where the form takes no letter."""
    filling, person = case.first_answers.filling, asker(request)
    if filling is None or (person.kind is PersonKind.RESIDENT and person.id != case.agent_account):
        return {}
    if lost_mandate(request, filling, case.procedure):
        return facts_for(LETTER, [], definition)
    return {name: filling.facts[name] for name in AGENT_FACTS if name in filling.facts}


def _begun(request: HttpRequest, case: Case, found: NextStage, grant: str) -> list[Filling]:
    """What this browser or account has begun of the very stage."""
    person = asker(request)
    rows = Filling.objects.filter(about=case.procedure.key, state=FillingState.OPEN, staff=None, version=found.version)
    mine = rows.filter(public_id__in=fillings_held(request))
    if person.is_signed_in:
        mine = mine | rows.filter(account_id=person.id)
    return [one for one in mine.order_by("-touched_at")[:20] if one.facts.get("grant") == grant][:3]
