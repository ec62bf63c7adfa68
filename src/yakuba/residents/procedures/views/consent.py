"""``/my/consent/<link>/``: somebody who is to apply together reads what it is about and agrees or declines;
``/my/cases/<id>/consent/<id>/``: the applicant makes the link for them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.cases.api import (
    CodeWrong,
    Phase,
    confirm_cosigner,
    cosigner_of,
    invite_cosigner,
    statement,
)
from yakuba.kernel.cases.models import ConsentState, Cosigner
from yakuba.kernel.cases.rules.consent import MOST_WRONG_CODES, is_code, token_digest
from yakuba.kernel.cases.services.consent import count_wrong_code
from yakuba.kernel.japan.api import fold
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.asking import asker, clock_of
from yakuba.residents.procedures.cosigning import answers_to_agree_to
from yakuba.residents.procedures.forms.consent import CodeForm, ConsentForm
from yakuba.residents.procedures.qr import qr_code
from yakuba.residents.procedures.views.answers_shown import with_files
from yakuba.residents.procedures.views.own_case_gate import acting_in, case_for

_CODES = "procedures.consent_codes"


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_POST
def invite(request: HttpRequest, public_id: str, cosigner_id: str) -> HttpResponse:
    """A new link and code for a co-applicant, shown this once."""
    case = case_for(request, public_id)
    cosigner = Cosigner.objects.filter(case=case, public_id=cosigner_id).first()
    if cosigner is None:
        raise Http404
    try:
        made = invite_cosigner(by=acting_in(request, case), cosigner=cosigner, clock=clock_of(request))
    except Refusal:
        return HttpResponseRedirect(reverse("own-case", args=[case.public_id]))
    link = request.build_absolute_uri(reverse("consent", args=[made.token]))
    return render(
        request,
        "procedures/consent/invited.html",
        {
            "case": case,
            "cosigner": made.cosigner,
            "link": link,
            "qr": qr_code(link),
            "code": made.code,
            "language": get_language() or "ja",
        },
    )


@page(Face.RESIDENT, may=anyone)
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: first the code, then what is asked, then the answer. What does not work says why."""
    cosigner = cosigner_of(token)
    closed = _why_closed(request, cosigner)
    if cosigner is None or closed:
        return render(request, "procedures/consent/closed.html", {"why": closed}, status=410)
    code = str(request.session.get(_CODES, {}).get(token_digest(token), ""))
    if not is_code(token, code, cosigner.code_hash):
        return _ask_code(request, token, cosigner)
    form = ConsentForm(request.POST if request.method == "POST" and "answer" in request.POST else None)
    if form.is_bound and form.is_valid() and _is_right_name(form, cosigner):
        agrees = form.cleaned_data["answer"] == "yes"
        try:
            answered = confirm_cosigner(
                by=asker(request),
                token=token,
                code=code,
                agrees=agrees,
                typed_name=form.cleaned_data["typed_name"],
                clock=clock_of(request),
            )
        except (CodeWrong, Refusal) as refusal:
            form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
        else:
            _forget(request, token)
            return render(
                request,
                "procedures/consent/answered.html",
                {"agrees": agrees, "case": answered.case, "language": get_language() or "ja"},
            )
    return _show(request, cosigner, form)


def _why_closed(request: HttpRequest, cosigner: Cosigner | None) -> str:
    if cosigner is None:
        return _("このリンクは使えません。もう答えたか、新しいリンクが作られています。")
    if cosigner.case.standing is not Phase.CONSENT or cosigner.state != ConsentState.ASKED:
        return _("この申請は、いまは同意を待っていません。")
    if cosigner.expires_at is None or clock_of(request).now() >= cosigner.expires_at:
        return _("このリンクの期限が過ぎています。")
    if cosigner.wrong_codes >= MOST_WRONG_CODES:
        return _("確認番号を何度も間違えたため、このリンクは使えなくなりました。")
    return ""


def _ask_code(request: HttpRequest, token: str, cosigner: Cosigner) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" and "code" in request.POST else None)
    if form.is_bound and form.is_valid():
        if is_code(token, form.cleaned_data["code"], cosigner.code_hash):
            known = dict(request.session.get(_CODES, {}))
            known[token_digest(token)] = "".join(str(int(one)) for one in form.cleaned_data["code"] if one.isdecimal())
            request.session[_CODES] = dict(list(known.items())[-5:])
            return HttpResponseRedirect(request.path)
        counted = count_wrong_code(by=asker(request), cosigner=cosigner)
        if counted.wrong_codes >= MOST_WRONG_CODES:
            return render(request, "procedures/consent/closed.html", {"why": _why_closed(request, counted)}, status=410)
        form.add_error("code", _("確認番号が違います。申請した人に、もう一度聞いてください。"))
    return render(
        request,
        "procedures/consent/code.html",
        {"form": form, "case": cosigner.case, "cosigner": cosigner, "language": get_language() or "ja"},
        status=422 if form.is_bound else 200,
    )


def _is_right_name(form: ConsentForm, cosigner: Cosigner) -> bool:
    """A yes needs the name as the applicant gave it; whoever finds another name there must not agree."""
    if form.cleaned_data["answer"] != "yes" or fold(form.cleaned_data["typed_name"]) == fold(cosigner.name):
        return True
    form.add_error(
        "typed_name",
        _("「%(name)s」と入力してください。あなたの名前でないときは、「同意しません」を選んでください。")
        % {"name": cosigner.name},
    )
    return False


def _show(request: HttpRequest, cosigner: Cosigner, form: ConsentForm) -> HttpResponse:
    language, case = get_language() or "ja", cosigner.case
    said = statement(
        applicant=case.applicant_name, title=case.procedure.title.in_language(language), number=case.number
    )
    sections = answers_to_agree_to(case, on=clock_of(request).today(), language=language)
    context: dict[str, Any] = {
        "form": form,
        "case": case,
        "cosigner": cosigner,
        "statement": said.in_language(language),
        "sections": [{"step": one.step, "title": one.title, "rows": with_files(one.rows, {})} for one in sections],
        "language": language,
    }
    return render(request, "procedures/consent/answer.html", context, status=422 if form.is_bound else 200)


def _forget(request: HttpRequest, token: str) -> None:
    known = dict(request.session.get(_CODES, {}))
    known.pop(token_digest(token), None)
    request.session[_CODES] = known
