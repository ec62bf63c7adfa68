"""The steps between the password and the office: second factor, new password, setting up."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.identity.client import client_address
from yakuba.kernel.identity.entrance import (
    changed_password,
    enter,
    entering_of,
    go_on,
    next_step_of,
    showed_second_factor,
)
from yakuba.kernel.identity.forms import CodeForm, NewPasswordForm
from yakuba.kernel.identity.models import Account, AccountKind, SecondFactor, SignInMethod
from yakuba.kernel.identity.persons import is_usable, person_of
from yakuba.kernel.identity.refusals import log_refused
from yakuba.kernel.identity.rules.client_address import throttle_group
from yakuba.kernel.identity.rules.steps import Step
from yakuba.kernel.identity.rules.throttling import PASSKEY_LIMITS
from yakuba.kernel.identity.second_factors import can_host_have_passkeys, factors_of, passkey_request
from yakuba.kernel.identity.services.change_password import change_password, hashed_password
from yakuba.kernel.identity.showing import code_shown, passkey_proven
from yakuba.kernel.identity.throttle import TooManyAttempts, count_attempt
from yakuba.kernel.values.api import Refusal


@page(Face.OFFICE, may=anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def office_second_factor(request: HttpRequest) -> HttpResponse:
    """Show a passkey, a code of the app, or an entry of the printed list."""
    found = entering_of(request)
    if found is None or next_step_of(*found) is not Step.SHOW_SECOND_FACTOR:
        return go_on(request)
    account = found[1]
    if request.method != "POST":
        return _second_factor_page(request, account, CodeForm())
    if "credential" in request.POST:
        if passkey_proven(request, account, request.POST["credential"], is_beside_password=True) is not None:
            return showed_second_factor(request, SecondFactor.PASSKEY)
        log_refused(request, sign_in_name=account.sign_in_name, why="passkey")
        form = CodeForm()
        return _second_factor_page(request, account, form, status=422, passkey_refused=True)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _second_factor_page(request, account, form, status=422)
    try:
        factor = code_shown(request, account, form.cleaned_data["code"])
    except TooManyAttempts as refusal:
        return _second_factor_page(request, account, form, status=429, refusal=refusal)
    except Refusal as refusal:
        log_refused(request, sign_in_name=account.sign_in_name, why="code")
        form.add_error("code", refusal.message)
        return _second_factor_page(request, account, form, status=422)
    return showed_second_factor(request, factor)


@page(Face.OFFICE, may=anyone)
@never_cache
@require_safe
def office_second_factor_options(request: HttpRequest) -> HttpResponse:
    """The question a passkey of the person on the way in has to answer."""
    found = entering_of(request)
    if found is None:
        return JsonResponse({"error": "はじめからログインしてください。"}, status=409)
    return JsonResponse(passkey_request(found[1], is_beside_password=True))


@page(Face.OFFICE, may=anyone)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def office_new_password(request: HttpRequest) -> HttpResponse:
    """Replace a one-time password by one's own."""
    found = entering_of(request)
    if found is None or next_step_of(*found) is not Step.CHANGE_PASSWORD:
        return go_on(request)
    entering, account = found
    form = NewPasswordForm(request.POST or None, account=account, asks_old=False)
    if request.method == "POST" and form.is_valid():
        clock = request.clock  # type: ignore[attr-defined]
        hashed = hashed_password(form.cleaned_data["new"])
        change_password(by=person_of(account, clock.today()), account=account, hashed=hashed, clock=clock)
        return changed_password(request, entering, account)
    status = 422 if request.method == "POST" else 200
    return render(request, "identity/office_new_password.html", {"form": form, "account": account}, status=status)


@page(Face.OFFICE, may=anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def office_passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone. GET gives the question as JSON, POST takes the answer."""
    if request.method != "POST":
        return JsonResponse(passkey_request(None))
    address = throttle_group(client_address(request))
    try:
        attempt = count_attempt("office-passkey", limits=PASSKEY_LIMITS, who={"address": address})
    except TooManyAttempts as refusal:
        answer = render(request, "identity/too_many.html", {"refusal": refusal}, status=429)
        answer["Retry-After"] = str(refusal.seconds)
        return answer
    account = passkey_proven(request, None, request.POST.get("credential", ""))
    if account is None or account.kind != AccountKind.STAFF:
        log_refused(request, sign_in_name=account.public_id if account else "", why="passkey")
        return _passkey_refused(request, "このパスキーは庁内のものではないか、登録が消されています。")
    attempt.give_back()
    if not is_usable(account, request.clock.today()):  # type: ignore[attr-defined]
        log_refused(request, sign_in_name=account.sign_in_name, why="locked")
        return _passkey_refused(
            request, "このアカウントは今は使えません。人事担当または情報システム担当へ連絡してください。"
        )
    return enter(
        request,
        account,
        method=SignInMethod.PASSKEY,
        onward=request.POST.get("next", ""),
        is_shared=request.POST.get("is_shared") == "on",
    )


def _passkey_refused(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return HttpResponseRedirect(reverse("office-sign-in"))


def _second_factor_page(
    request: HttpRequest,
    account: Account,
    form: CodeForm,
    *,
    status: int = 200,
    refusal: TooManyAttempts | None = None,
    passkey_refused: bool = False,
) -> HttpResponse:
    factors = factors_of(account)
    if factors.totp and factors.printed:
        form.fields["code"].label = "認証アプリか番号表の番号"
    elif factors.printed:
        form.fields["code"].label = "番号表の番号（8けた）"
    else:
        form.fields["code"].label = "認証アプリの番号（6けた）"
    answer = render(
        request,
        "identity/office_second_factor.html",
        {
            "form": form,
            "factors": factors,
            "account": account,
            "refusal": refusal,
            "passkey_refused": passkey_refused,
            "can_have_passkeys": can_host_have_passkeys(request),
        },
        status=status,
    )
    if refusal is not None:
        answer["Retry-After"] = str(refusal.seconds)
    return answer
