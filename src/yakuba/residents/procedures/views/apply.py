"""``/my/apply/…``: a resident fills in the form of a procedure, checks it and sends it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yakuba.kernel.access.api import VISITOR, Face, anyone, page
from yakuba.kernel.cases.api import CaseKind, GrantStage
from yakuba.kernel.cases.queries.standing import handling_of
from yakuba.kernel.cases.rules.grants import stage_of_form
from yakuba.kernel.catalogue.api import ChannelKind, Procedure, channels_of, procedures_to_read
from yakuba.kernel.forms.api import (
    KEPT_FOR,
    AlreadySent,
    Evaluation,
    NotOpen,
    answer_sections,
    begin_filling,
    document_of,
    evaluation_of,
    find_filling,
    give_up_filling,
    live_version,
    yen_in_words,
)
from yakuba.kernel.forms.models import Filling, FillingState, FormVersion
from yakuba.kernel.identity.api import SignatureLevel, signature_level_of, way_to_sign
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.agents import (
    agent_known,
    agent_of,
    facts_for,
    is_for_another,
    keep_agent,
    lost_mandate,
    other_principal,
    registered_mandates,
    takes_letters,
)
from yakuba.residents.procedures.applicant import known_of
from yakuba.residents.procedures.asking import asker, clock_of
from yakuba.residents.procedures.attachments import files_of
from yakuba.residents.procedures.doors import Door, door_for
from yakuba.residents.procedures.forms.agent import AgentForm
from yakuba.residents.procedures.qr import qr_code
from yakuba.residents.procedures.sending import party_in, receive_case
from yakuba.residents.procedures.views.answers_shown import with_files
from yakuba.residents.procedures.views.filling_pages import FillingPages
from yakuba.residents.procedures.views.filling_session import filling_for, fillings_held, hold_key, key_held


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """What to know before starting; POST starts. Goes on with what this browser or account has begun."""
    procedure = _procedure(request, key)
    versions = open_forms(procedure)
    version = _chosen(request, versions)
    door = door_for(request, procedure, onward=request.path)
    context: dict[str, Any] = {
        "procedure": procedure,
        "version": version,
        "versions": [(one, one.read().title) for one in versions],
        "door": door,
        "begun": _begun(request, procedure),
        "language": get_language(),
        "definition": version.read() if version else None,
    }
    mandates = registered_mandates(asker(request), procedure, clock_of(request)) if version else []
    if version is not None:
        context |= {"takes_letters": takes_letters(version.read()), "mandates": mandates}
    if version is None or request.method == "GET":
        return render(request, "procedures/apply/begin.html", context, status=200 if versions else 404)
    if not door.is_open:
        return render(request, "procedures/apply/begin.html", context, status=403)
    acting = facts_for(request.POST.get("for_whom", ""), mandates, version.read())
    if acting is None:
        messages.error(request, _("その委任は、いまは使えません。だれの手続きかを、選び直してください。"))
        return render(request, "procedures/apply/begin.html", context, status=422)
    try:
        begun = begin_filling(
            by=asker(request),
            version=version,
            about=procedure.key,
            language=get_language() or "ja",
            facts=door.facts | acting,
            # What is known is known of the agent, never of the person they act for.
            known={} if acting else known_of(request, door.mail),
            clock=clock_of(request),
        )
    except NotOpen as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        return render(request, "procedures/apply/begin.html", context, status=409)
    hold_key(request, begun.filling, begun.key)
    if acting:
        return HttpResponseRedirect(reverse("apply-agent", args=[begun.filling.public_id]))
    return HttpResponseRedirect(reverse("apply-step", args=[begun.filling.public_id, begun.filling.position]))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def agent(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who acts for the applicant: asked before the form, which is all about the applicant."""
    filling = filling_for(request, public_id)
    if filling.state == FillingState.SENT or not is_for_another(filling):
        return HttpResponseRedirect(reverse("apply-check", args=[filling.public_id]))
    known = agent_of(request, filling)
    form = AgentForm(
        request.POST if request.method == "POST" else None,
        initial=asdict(known) if known is not None else agent_known(asker(request)),
    )
    if form.is_bound and form.is_valid():
        keep_agent(request, filling, form.party())
        unfinished = evaluation_of(filling, clock=clock_of(request)).first_unfinished()
        if unfinished is None:
            return HttpResponseRedirect(reverse("apply-check", args=[filling.public_id]))
        return HttpResponseRedirect(reverse("apply-step", args=[filling.public_id, unfinished.step.key]))
    return render(
        request,
        "procedures/apply/agent.html",
        {
            "form": form,
            "procedure": _procedure(request, filling.about),
            "has_mandate": bool(filling.facts.get("has_mandate")),
            "language": get_language() or "ja",
        },
        status=422 if form.is_bound else 200,
    )


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """One step of the form (or all, for those who want one long page): show it, take what was typed."""
    return PAGES.step(request, public_id, key)


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """All answers for a last look; POST sends. Sent twice, it leads to the same receipt."""
    filling = filling_for(request, public_id)
    if filling.state == FillingState.SENT:
        return HttpResponseRedirect(reverse("apply-receipt", args=[filling.public_id]))
    evaluation = evaluation_of(filling, clock=clock_of(request))
    unfinished = evaluation.first_unfinished()
    if unfinished is not None:
        messages.info(request, _("まだ入力が終わっていないところがあります。続きを入力してください。"))
        return HttpResponseRedirect(reverse("apply-step", args=[filling.public_id, unfinished.step.key]))
    acting = agent_of(request, filling)
    if is_for_another(filling) and acting is None:
        return HttpResponseRedirect(reverse("apply-agent", args=[filling.public_id]))
    procedure = _procedure(request, filling.about)
    door = door_for(request, procedure, onward=request.path)
    is_lost = lost_mandate(request, filling, procedure)
    principal = other_principal(request, filling, procedure, party_in(evaluation, by=VISITOR))
    if request.method == "POST" and not is_lost and not principal:
        if not door.is_open:
            return HttpResponseRedirect(reverse("apply-begin", args=[procedure.key]))
        try:
            receive_case(
                request,
                procedure=procedure,
                filling=filling,
                evaluation=evaluation,
                shown=door.shown,
                agent=acting if is_for_another(filling) else None,
            )
        except NotOpen as refusal:
            messages.error(request, f"{refusal.message}{refusal.hint or ''}")
            return HttpResponseRedirect(reverse("apply-begin", args=[procedure.key]))
        except Refusal as refusal:
            messages.error(request, f"{refusal.message}{refusal.hint or ''}")
            return HttpResponseRedirect(reverse("apply-check", args=[filling.public_id]))
        return HttpResponseRedirect(reverse("apply-receipt", args=[filling.public_id]))
    files = files_of(filling, asker(request))
    language = get_language() or "ja"
    return render(
        request,
        "procedures/apply/check.html",
        {
            "procedure": procedure,
            "filling": filling,
            "sections": [
                {
                    "step": section.step,
                    "title": section.title,
                    "rows": with_files(section.rows, files),
                    "change_url": reverse("apply-step", args=[filling.public_id, section.step]),
                }
                for section in answer_sections(evaluation, language, _worth_telling(filling))
            ],
            "agent": acting,
            "is_lost": is_lost,
            "principal": principal,
            "fee": evaluation.fee,
            "fee_words": yen_in_words(evaluation.fee, language),
            "last": evaluation.steps[-1].step.key,
            "may_accept_enotice": procedure.kind in ("application", "subsidy"),
            "language": language,
            **_signing(request, procedure, filling, evaluation, door),
        },
        status=422 if request.method == "POST" else 200,
    )


def _worth_telling(filling: Filling) -> dict[str, str]:
    """Where answers came from that the person did not type here: those deserve a second look."""
    return {key: source for key, source in filling.sources.items() if source != "typed"}


def _signing(
    request: HttpRequest, procedure: Procedure, filling: Filling, evaluation: Evaluation, door: Door
) -> dict[str, Any]:
    """Whether these very answers are signed, and where to sign them."""
    if not door.must_sign:
        return {"must_sign": False}
    document = document_of(filling, evaluation)
    about = ref_of(filling)
    is_signed = signature_level_of(about, document) is SignatureLevel.ELECTRONIC_SIGNATURE
    way = (
        ""
        if is_signed
        else way_to_sign(
            request,
            document=document,
            title=procedure.title_ja,
            about=about,
            onward=reverse("apply-check", args=[filling.public_id]),
        )
    )
    return {"must_sign": True, "is_signed": is_signed, "sign_url": way}


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_GET
def saved(request: HttpRequest, public_id: str) -> HttpResponse:
    """How to come back later: on this device, on another by a link, or from the account's page."""
    filling = filling_for(request, public_id)
    if filling.state != FillingState.OPEN:
        return HttpResponseRedirect(reverse("apply-receipt", args=[filling.public_id]))
    key = key_held(request, filling.public_id)
    link = ""
    if key:
        link = request.build_absolute_uri(reverse("apply-resume", args=[filling.public_id, key]))
    return render(
        request,
        "procedures/apply/saved.html",
        {
            "filling": filling,
            "procedure": _procedure(request, filling.about),
            "link": link,
            "qr": qr_code(link) if link else "",
            "forgotten_on": filling.touched_at + KEPT_FOR,
            "language": get_language(),
        },
    )


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_GET
def resume(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Come back by the link; the key moves into the session and out of the address."""
    filling = find_filling(public_id, key=key)
    if filling is None or filling.staff_id is not None:
        raise Http404
    hold_key(request, filling, key)
    if filling.state != FillingState.OPEN:
        return HttpResponseRedirect(reverse("apply-receipt", args=[filling.public_id]))
    return HttpResponseRedirect(reverse("apply-step", args=[filling.public_id, filling.position]))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_POST
def give_up(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw away what was written."""
    filling = filling_for(request, public_id)
    about = filling.about
    try:
        give_up_filling(by=asker(request), filling=filling, clock=clock_of(request))
    except AlreadySent:
        return HttpResponseRedirect(reverse("apply-receipt", args=[filling.public_id]))
    messages.success(request, _("書きかけの内容を消しました。"))
    return HttpResponseRedirect(reverse("apply-begin", args=[about]))


def _procedure(request: HttpRequest, key: str) -> Procedure:
    found = procedures_to_read(asker(request)).filter(key=key).first()
    if found is None:
        raise Http404
    return found


def open_forms(procedure: Procedure) -> list[FormVersion]:
    """The live forms a procedure is received by; of a subsidy only the first stage, the others follow a decision."""
    found = [
        version
        for channel in channels_of(procedure)
        if channel.kind == ChannelKind.YAKUBA_FORM.value
        and channel.live_since is not None
        and (version := live_version(channel.target)) is not None
    ]
    if procedure.kind != CaseKind.SUBSIDY:
        return found
    named = handling_of(procedure).stage_forms
    return [one for one in found if stage_of_form(one.form.key, named) is GrantStage.APPLY] or found


def _chosen(request: HttpRequest, versions: list[FormVersion]) -> FormVersion | None:
    """The form asked for; the only one where there is no choice."""
    if len(versions) == 1:
        return versions[0]
    wanted = (request.POST if request.method == "POST" else request.GET).get("form", "")
    return next((one for one in versions if one.form.key == wanted), None)


def _begun(request: HttpRequest, procedure: Procedure) -> list[Filling]:
    held = Filling.objects.filter(about=procedure.key, state=FillingState.OPEN, staff=None)
    mine = held.filter(public_id__in=fillings_held(request))
    if asker(request).is_signed_in:
        mine = mine | held.filter(account_id=asker(request).id)
    return list(mine.select_related("version").order_by("-touched_at")[:5])


PAGES = FillingPages(
    face=Face.RESIDENT,
    template="procedures/apply/step.html",
    step_url="apply-step",
    check_url="apply-check",
    begin_url="apply-begin",
    saved_url="apply-saved",
    find=filling_for,
    procedure=_procedure,
)
"""The resident's own pages of a filling."""
