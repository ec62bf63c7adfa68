"""``/my/cases/…``, ``/my/lookup``: what became of what was sent: receipt, own cases, looking up by number."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yakuba.kernel.access.api import Face, anyone, page, signed_in_resident
from yakuba.kernel.audit.api import record_refusal, refusal_name
from yakuba.kernel.cases.api import (
    Action,
    Case,
    Phase,
    answers_for,
    case_of_number,
    case_states,
    cases_of,
    history_for,
    open_actions,
)
from yakuba.kernel.cases.models import ConsentState, Cosigner
from yakuba.kernel.forms.models import Filling, FillingState
from yakuba.kernel.identity.api import Limit, TooManyAttempts, client_address, count_attempt
from yakuba.kernel.ui.api import TownForm
from yakuba.residents.procedures.asking import asker, clock_of
from yakuba.residents.procedures.attachments import files_of
from yakuba.residents.procedures.forms.opinion import SCORES
from yakuba.residents.procedures.qr import qr_code
from yakuba.residents.procedures.queries.opinions import may_be_asked
from yakuba.residents.procedures.queries.own_letters import own_letters
from yakuba.residents.procedures.queries.stages import stages_around
from yakuba.residents.procedures.sending import password_of
from yakuba.residents.procedures.views.answers_shown import with_files
from yakuba.residents.procedures.views.filling_session import filling_for
from yakuba.residents.procedures.views.own_case_gate import acting_in, case_for, may_open, remember

#: One number at a time is a person mistyping; one number from everywhere is an attack on that case.
_LIMITS = (Limit("number and address", 5, 10 * 60), Limit("number", 20, 60 * 60), Limit("address", 40, 10 * 60))
_WRONG = refusal_name("procedures.look_up", label="受付番号とパスワードの不一致")


class LookUpForm(TownForm):
    """Number and password as they stand on the receipt."""

    number = forms.CharField(
        label=pgettext_lazy("case", "受付番号"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=pgettext_lazy("case", "パスワード"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False),
    )


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_GET
def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """What to keep after sending: number, password for looking up, what happens next."""
    filling = filling_for(request, public_id)
    if filling.state != FillingState.SENT:
        return HttpResponseRedirect(reverse("apply-step", args=[filling.public_id, filling.position]))
    case = _case_of(filling)
    if filling.account_id and filling.account_id not in (case.applicant_account, case.agent_account):
        raise Http404  # an agent whose mandate was revoked meanwhile
    remember(request, case)
    look_up = request.build_absolute_uri(reverse("look-up") + f"?number={case.number}")
    definition = filling.version.read()
    return render(
        request,
        "procedures/cases/receipt.html",
        {
            "case": case,
            "states": case_states(case),
            "awaits_consent": case.standing is Phase.CONSENT,
            "completion": definition.completion,
            "password": password_of(request, filling),
            "look_up": look_up,
            "qr": qr_code(look_up),
            "language": get_language() or "ja",
        },
    )


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@require_GET
def own_cases(request: HttpRequest) -> HttpResponse:
    """Everything the resident has sent or begun."""
    language = get_language() or "ja"
    begun = Filling.objects.filter(account_id=asker(request).id, state=FillingState.OPEN).select_related(
        "version__form"
    )
    return render(
        request,
        "procedures/cases/list.html",
        {
            "cases": [(one, case_states(one)) for one in cases_of(asker(request))[:100]],
            "begun": [
                {"filling": one, "title": one.version.read().title.in_language(language)}
                for one in begun.order_by("-touched_at")[:20]
            ],
            "language": language,
        },
    )


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_GET
def own_case(request: HttpRequest, public_id: str) -> HttpResponse:
    """One case: where it stands, what happens next, what to do, what was sent."""
    case = case_for(request, public_id)
    language = get_language() or "ja"
    # Also withholds a protected person's place from the agent who acts for them.
    shown = answers_for(asker(request), case, on=clock_of(request).today(), language=language, with_sources=False)
    filling = case.first_answers.filling
    files = files_of(filling, asker(request)) if filling else {}
    actions = open_actions(case, acting_in(request, case))
    stages, nexts = stages_around(case)
    cosigners = list(case.cosigners.all())
    return render(
        request,
        "procedures/cases/case.html",
        {
            "case": case,
            "states": case_states(case),
            "is_agent": asker(request).is_signed_in and asker(request).id == case.agent_account,
            "actions": [(one.value, one.text) for one in actions],
            "correction_url": reverse("correct-case", args=[case.public_id])
            if Action.ANSWER_CORRECTION in actions
            else "",
            "cosigners": cosigners,
            "declined": _declined(case, cosigners),
            "may_invite": Action.INVITE_COSIGNER in actions,
            "letters": own_letters(case),
            "asks_opinion": may_be_asked(case),
            "scores": SCORES,
            "stages": [
                {"case": one.case, "title": one.title, "states": one.states, "is_this": one.is_this}
                | {"is_mine": may_open(request, one.case)}
                for one in stages
            ],
            "nexts": nexts,
            "may_withdraw": Action.WITHDRAW in actions or Action.DECLINE in actions,
            "history": [{"at": one.at, "words": one.told_in(language)} for one in history_for(asker(request), case)],
            "sections": [{"step": one.step, "title": one.title, "rows": with_files(one.rows, files)} for one in shown],
            "language": language,
        },
    )


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Look a case up by number and password, without an account."""
    if request.method == "GET":
        form = LookUpForm(initial={"number": request.GET.get("number", "")[:40]})
        return render(request, "procedures/cases/look_up.html", {"form": form})
    form = LookUpForm(request.POST)
    if not form.is_valid():
        return render(request, "procedures/cases/look_up.html", {"form": form}, status=422)
    number, address = form.cleaned_data["number"].strip(), client_address(request)
    who = {"number and address": f"{number}|{address}", "number": number, "address": address}
    try:
        attempt = count_attempt("look-up", limits=_LIMITS, who=who)
    except TooManyAttempts as refusal:
        form.add_error(
            None, _("何度も違ったため、止めています。あと%(minutes)d分お待ちください。") % {"minutes": refusal.minutes}
        )
        return render(request, "procedures/cases/look_up.html", {"form": form}, status=429)
    case = case_of_number(number, form.cleaned_data["password"].strip())
    if case is None:
        record_refusal(by=asker(request), what=_WRONG)
        form.add_error(None, _("受付番号かパスワードが違います。受付の画面か控えを見て、もう一度入力してください。"))
        return render(request, "procedures/cases/look_up.html", {"form": form}, status=422)
    attempt.give_back()
    remember(request, case)
    return HttpResponseRedirect(reverse("own-case", args=[case.public_id]))


def _declined(case: Case, cosigners: Iterable[Cosigner]) -> str:
    """Who of those asked did not agree, while the case still waits for them."""
    if case.standing is not Phase.CONSENT:
        return ""
    names = [one.name for one in cosigners if one.state == ConsentState.REFUSED]
    # Two names in one sentence: each bears its さん, in English the comma alone.
    return (", " if (get_language() or "ja") == "en" else "さん、").join(names)


def _case_of(filling: Filling) -> Case:
    found = Case.objects.select_related("procedure", "section").filter(first_answers__filling=filling).first()
    if found is None:
        raise Http404
    return found
