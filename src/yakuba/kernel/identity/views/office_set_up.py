"""Setting up second factors: by somebody signed in, or by somebody on the way in who has none yet."""

from __future__ import annotations

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, get_totp_secret
from allauth.mfa.utils import encrypt
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, Person, anyone, page
from yakuba.kernel.identity.client import client_address
from yakuba.kernel.identity.confirmation import confirmed_only
from yakuba.kernel.identity.entrance import entering_of, next_step_of, showed_second_factor
from yakuba.kernel.identity.forms import CodeForm, PasskeyNameForm
from yakuba.kernel.identity.models import Account, SecondFactor
from yakuba.kernel.identity.persons import person_of
from yakuba.kernel.identity.rules.client_address import throttle_group
from yakuba.kernel.identity.rules.steps import Step
from yakuba.kernel.identity.rules.throttling import CODE_LIMITS
from yakuba.kernel.identity.second_factors import (
    can_host_have_passkeys,
    digits_of,
    factors_of,
    is_totp_right,
    passkey_made,
    passkey_offer,
)
from yakuba.kernel.identity.services.second_factor import add_passkey, add_totp, take_list
from yakuba.kernel.identity.throttle import TooManyAttempts, count_attempt
from yakuba.kernel.values.api import Refusal

_FRESH_LIST = "yakuba.fresh_list"


@page(Face.OFFICE, may=anyone)
@never_cache
@require_safe
@confirmed_only
def office_set_up(request: HttpRequest) -> HttpResponse:
    """Which second factor to set up."""
    found = _whose(request)
    if found is None:
        return HttpResponseRedirect(reverse("office-sign-in"))
    return _render(request, "identity/office_set_up.html", found, {"factors": factors_of(found[0])})


@page(Face.OFFICE, may=anyone, auditor_may_post=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_only
def office_set_up_passkey(request: HttpRequest) -> HttpResponse:
    """Make a passkey, or take a plain FIDO key. The browser asks ``office-set-up-passkey-options`` first."""
    found = _whose(request)
    if found is None:
        return HttpResponseRedirect(reverse("office-sign-in"))
    account, by = found
    is_plain = request.POST.get("plain") == "1" if request.method == "POST" else request.GET.get("plain") == "1"
    form = PasskeyNameForm(
        request.POST or None, initial={"name": get_adapter().generate_authenticator_name(account, "webauthn")}
    )
    if request.method == "POST" and form.is_valid():
        credential = passkey_made(request.POST.get("credential", ""), passwordless=not is_plain)
        if credential is not None:
            add_passkey(by=by, account=account, name=form.cleaned_data["name"], credential=credential)
            return _done(request, SecondFactor.PASSKEY, "パスキーを登録しました。")
        form.add_error(None, "登録できませんでした。画面の案内に従って、もう一度お試しください。")
    status = 422 if request.method == "POST" else 200
    more = {"form": form, "is_plain": is_plain, "can_have_passkeys": can_host_have_passkeys(request)}
    return _render(request, "identity/office_set_up_passkey.html", found, more, status=status)


@page(Face.OFFICE, may=anyone)
@never_cache
@require_safe
@confirmed_only
def office_set_up_passkey_options(request: HttpRequest) -> HttpResponse:
    """The question a new passkey has to answer."""
    found = _whose(request)
    if found is None:
        return JsonResponse({"error": "はじめからログインしてください。"}, status=409)
    return JsonResponse(passkey_offer(found[0], passwordless=request.GET.get("plain") != "1"))


@page(Face.OFFICE, may=anyone, auditor_may_post=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_only
def office_set_up_app(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: scan, then type the first code."""
    found = _whose(request)
    if found is None:
        return HttpResponseRedirect(reverse("office-sign-in"))
    account, by = found
    secret = get_totp_secret()
    form = CodeForm(request.POST or None, label="アプリに出た6けたの番号")
    if request.method == "POST" and form.is_valid():
        if is_totp_right(secret, form.cleaned_data["code"], whose=account.public_id):
            add_totp(by=by, account=account, secret=secret)
            request.session.pop(SECRET_SESSION_KEY, None)
            return _done(request, SecondFactor.TOTP, "認証アプリを登録しました。")
        form.add_error("code", "番号が違います。アプリに今出ている番号を入力してください。時計のずれも原因になります。")
    address = get_adapter().build_totp_url(account, secret)
    drawing = segno.make(address, error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff")
    more = {
        "form": form,
        "qr": mark_safe(drawing),  # noqa: S308  drawn by us from our own address
        "secret_groups": [secret[place : place + 4] for place in range(0, len(secret), 4)],
    }
    status = 422 if request.method == "POST" else 200
    return _render(request, "identity/office_set_up_app.html", found, more, status=status)


@page(Face.OFFICE, may=anyone, auditor_may_post=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_only
def office_set_up_list(request: HttpRequest) -> HttpResponse:
    """Make a printed list (使い捨て番号表): issue, print, then type one entry as proof that it is on paper."""
    found = _whose(request)
    if found is None:
        return HttpResponseRedirect(reverse("office-sign-in"))
    account, by = found
    printed = _fresh_list(request, account)
    words = {
        "label": "印刷した番号のうち一つ（8けた）",
        "help_text": "入力した番号は使用済みになります。表に線を引いてください。",
    }
    if request.method == "POST" and request.POST.get("act") == "issue":
        request.session[_FRESH_LIST] = {"account": account.public_id, "seed": encrypt(RecoveryCodes.generate_seed())}
        return HttpResponseRedirect(reverse("office-set-up-list"))
    form = CodeForm(request.POST if request.method == "POST" and printed else None, **words)
    refusal: TooManyAttempts | None = None
    if printed and form.is_valid():
        try:
            _take_list(request, account, by, printed, form.cleaned_data["code"])
        except TooManyAttempts as too_many:
            refusal = too_many
        except Refusal as wrong:
            form.add_error("code", wrong.message)
        else:
            request.session.pop(_FRESH_LIST, None)
            return _done(request, SecondFactor.LIST, "番号表を使えるようにしました。前の番号表は捨ててください。")
    status = 429 if refusal else 422 if request.method == "POST" else 200
    more = {"form": form, "is_fresh": printed is not None, "factors": factors_of(account), "refusal": refusal}
    return _render(request, "identity/office_set_up_list.html", found, more, status=status)


@page(Face.OFFICE, may=anyone)
@never_cache
@require_safe
@confirmed_only
def office_list_print(request: HttpRequest) -> HttpResponse:
    """The list on paper; shown only from its issue until one entry was typed."""
    found = _whose(request)
    if found is None:
        return HttpResponseRedirect(reverse("office-sign-in"))
    printed = _fresh_list(request, found[0])
    if printed is None:
        return HttpResponseRedirect(reverse("office-set-up-list"))
    codes = RecoveryCodes(printed).generate_codes()
    entries = [{"number": place, "code": f"{code[:4]} {code[4:]}"} for place, code in enumerate(codes, 1)]
    return _render(request, "identity/office_list_print.html", found, {"entries": entries})


def _fresh_list(request: HttpRequest, account: Account) -> Authenticator | None:
    """The list issued in this session and not yet taken into use; stored nowhere else."""
    kept = request.session.get(_FRESH_LIST)
    if not isinstance(kept, dict) or kept.get("account") != account.public_id:
        return None
    return Authenticator(
        user=account, type=Authenticator.Type.RECOVERY_CODES, data={"seed": kept["seed"], "used_mask": 0}
    )


def _take_list(request: HttpRequest, account: Account, by: Person, printed: Authenticator, typed: str) -> None:
    address = throttle_group(client_address(request))
    attempt = count_attempt("code", limits=CODE_LIMITS, who={"name": account.public_id, "address": address})
    take_list(by=by, account=account, printed=printed, typed=digits_of(typed))
    attempt.give_back()


def _whose(request: HttpRequest) -> tuple[Account, Person] | None:
    """Whose factors are set up: of the person signed in, or of somebody on the way in who has none yet."""
    clock = request.clock  # type: ignore[attr-defined]
    account = request.user
    if request.person.is_signed_in and isinstance(account, Account):  # type: ignore[attr-defined]
        return account, person_of(account, clock.today())
    found = entering_of(request)
    if found is None or next_step_of(*found) is not Step.SET_UP_SECOND_FACTOR:
        return None
    return found[1], person_of(found[1], clock.today())


def _done(request: HttpRequest, factor: SecondFactor, words: str) -> HttpResponse:
    if not request.person.is_signed_in:  # type: ignore[attr-defined]
        return showed_second_factor(request, factor)
    messages.success(request, words)
    return HttpResponseRedirect(reverse("office-account"))


def _render(
    request: HttpRequest,
    template: str,
    found: tuple[Account, Person] | None,
    more: dict[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    is_inside = request.person.is_signed_in  # type: ignore[attr-defined]
    context = {
        "account": found[0] if found else None,
        "is_inside": is_inside,
        "layout": "ui/office.html" if is_inside else "identity/office_door.html",
        **more,
    }
    return render(request, template, context, status=status)
