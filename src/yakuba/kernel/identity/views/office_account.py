"""``/office/account/``: one's own password, second factors, sessions and PIN."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.identity.confirmation import confirm, confirmed_only
from yakuba.kernel.identity.devices import device_of
from yakuba.kernel.identity.forms import CodeForm, NewPasswordForm, NewPinForm, PasskeyNameForm, PasswordForm
from yakuba.kernel.identity.models import Account, SignInEnd
from yakuba.kernel.identity.passwords import has_typed_password
from yakuba.kernel.identity.queries import device_user, open_sign_ins, sign_in_of
from yakuba.kernel.identity.refusals import log_refused
from yakuba.kernel.identity.requirements import is_second_factor_required
from yakuba.kernel.identity.second_factors import can_host_have_passkeys, factors_of, passkey_request
from yakuba.kernel.identity.services.change_password import change_password, hashed_password
from yakuba.kernel.identity.services.devices import describe_device
from yakuba.kernel.identity.services.second_factor import remove_factor, rename_passkey
from yakuba.kernel.identity.services.sign_in import end_all_sign_ins, end_sign_in, follow_session
from yakuba.kernel.identity.services.switch_user import set_pin
from yakuba.kernel.identity.session import end_session
from yakuba.kernel.identity.session_state import keep_state, state_of
from yakuba.kernel.identity.showing import code_shown, passkey_proven, password_shown
from yakuba.kernel.identity.throttle import TooManyAttempts
from yakuba.kernel.ui.api import safe_return
from yakuba.kernel.values.api import Refusal


@page(Face.OFFICE, may=office_seat)
@never_cache
@require_safe
def office_account(request: HttpRequest) -> HttpResponse:
    """One's own ways in and open sessions."""
    account = _account(request)
    state = state_of(request)
    here = sign_in_of(account, state.sign_in) if state else None
    device = device_of(request)
    context = {
        "account": account,
        "factors": factors_of(account),
        "sign_ins": open_sign_ins(account, here=state.sign_in if state else ""),
        "here": here,
        "has_password": account.has_usable_password(),
        "is_required": is_second_factor_required(),
        "device": device,
        "device_user": device_user(device, account.public_id) if device else None,
    }
    return render(request, "identity/office_account.html", context)


@page(Face.OFFICE, may=office_seat, auditor_may_post=True)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_only
def office_pin(request: HttpRequest) -> HttpResponse:
    """Set, change or take away one's PIN on this shared device."""
    account = _account(request)
    device = device_of(request)
    user = device_user(device, account.public_id) if device else None
    if device is None or user is None or not device.is_shared:
        raise Http404
    by = request.person  # type: ignore[attr-defined]
    if request.method == "POST" and request.POST.get("act") == "remove":
        set_pin(by=by, account=account, device=device, hashed="")
        messages.success(request, "この端末の暗証番号を消しました。")
        return HttpResponseRedirect(reverse("office-account"))
    form = NewPinForm(request.POST or None, number=account.sign_in_name)
    if request.method == "POST" and form.is_valid():
        set_pin(by=by, account=account, device=device, hashed=hashed_password(form.cleaned_data["pin"]))
        messages.success(request, "この端末の暗証番号を決めました。")
        return HttpResponseRedirect(reverse("office-account"))
    status = 422 if request.method == "POST" else 200
    return render(request, "identity/office_pin.html", {"form": form, "device": device, "user": user}, status=status)


@page(Face.OFFICE, may=office_seat)
@never_cache
@require_POST
def office_share_device(request: HttpRequest) -> HttpResponse:
    """Say that the device one sits at is shared. Taking that back is for information systems."""
    device = device_of(request)
    state = state_of(request)
    if device is None or state is None:
        raise Http404
    describe_device(by=request.person, device=device, name=device.name, is_shared=True)  # type: ignore[attr-defined]
    state.is_on_shared_device = True
    keep_state(request, state)
    messages.success(request, "この端末を共用にしました。使わないでいると、短い時間で画面がロックされます。")
    return HttpResponseRedirect(reverse("office-account"))


@page(Face.OFFICE, may=office_seat, auditor_may_post=True)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def office_confirm(request: HttpRequest) -> HttpResponse:
    """Show once more who sits there: password, passkey or code."""
    account = _account(request)
    onward = safe_return(
        request, request.POST.get("next", "") or request.GET.get("next", ""), otherwise=reverse("office-account")
    )
    password, code = PasswordForm(), CodeForm()
    refusal: Refusal | None = None
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if _is_shown(request, account):
                confirm(request)
                return HttpResponseRedirect(onward)
            refusal = Refusal(
                "確認できませんでした。もう一度お試しください。",
                hint="暗証番号や指紋を確かめないFIDOキーは、ここでは使えません。"
                if "credential" in request.POST
                else "",
            )
        except Refusal as wrong:
            refusal = wrong
            status = 429 if isinstance(wrong, TooManyAttempts) else 422
        by = request.person  # type: ignore[attr-defined]
        log_refused(request, by=by, sign_in_name=account.sign_in_name, why="confirm", refusal=refusal)
    context = {
        "account": account,
        "factors": factors_of(account),
        "has_password": has_typed_password(account),
        "password": password,
        "code": code,
        "refusal": refusal,
        "onward": onward,
        "can_have_passkeys": can_host_have_passkeys(request),
    }
    return render(request, "identity/office_confirm.html", context, status=status)


@page(Face.OFFICE, may=office_seat)
@never_cache
@require_safe
def office_confirm_options(request: HttpRequest) -> HttpResponse:
    """The question one's own passkey has to answer."""
    return JsonResponse(passkey_request(_account(request)))


@page(Face.OFFICE, may=office_seat, auditor_may_post=True)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def office_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; every other session of the account ends."""
    account = _account(request)
    if not account.has_usable_password():
        raise Http404
    form = NewPasswordForm(request.POST or None, account=account, asks_old=True)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            is_right = password_shown(request, account, request.POST.get("old", "")) is not None
        except TooManyAttempts as refusal:
            form.add_error("old", refusal.message)
            return render(request, "identity/office_password.html", {"form": form, "account": account}, status=429)
        if is_right and form.is_valid():
            state = state_of(request)
            clock = request.clock  # type: ignore[attr-defined]
            hashed = hashed_password(form.cleaned_data["new"])
            here = sign_in_of(account, state.sign_in) if state else None
            change_password(by=request.person, account=account, hashed=hashed, clock=clock, here=here)  # type: ignore[attr-defined]
            _keep_this_session(request, account)
            messages.success(request, "パスワードを変えました。ほかの端末のログインは終わりました。")
            return HttpResponseRedirect(reverse("office-account"))
    return render(request, "identity/office_password.html", {"form": form, "account": account}, status=status)


@page(Face.OFFICE, may=office_seat, auditor_may_post=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_only
def office_factor(request: HttpRequest, number: int) -> HttpResponse:
    """Rename a passkey, or remove a second factor."""
    account = _account(request)
    factor = Authenticator.objects.filter(user=account, pk=number).first()
    if factor is None:
        raise Http404
    is_passkey = factor.type == Authenticator.Type.WEBAUTHN
    form = PasskeyNameForm(initial={"name": factor.wrap().name}) if is_passkey else None
    refusal: Refusal | None = None
    if request.method == "POST":
        by = request.person  # type: ignore[attr-defined]
        if request.POST.get("act") == "rename" and is_passkey:
            form = PasskeyNameForm(request.POST)
            if form.is_valid():
                rename_passkey(by=by, account=account, factor=factor, name=form.cleaned_data["name"])
                return HttpResponseRedirect(reverse("office-account"))
        elif request.POST.get("act") == "remove":
            try:
                remove_factor(by=by, account=account, factor=factor, is_required=is_second_factor_required())
            except Refusal as wrong:
                refusal = wrong
            else:
                messages.success(request, "消しました。")
                return HttpResponseRedirect(reverse("office-account"))
    context = {"factor": factor, "is_passkey": is_passkey, "form": form, "refusal": refusal}
    status = 422 if request.method == "POST" else 200
    return render(request, "identity/office_factor.html", context, status=status)


@page(Face.OFFICE, may=office_seat, auditor_may_post=True)
@never_cache
@require_POST
def office_end_sign_in(request: HttpRequest) -> HttpResponse:
    """End one session of one's own, or all others."""
    account = _account(request)
    state = state_of(request)
    clock = request.clock  # type: ignore[attr-defined]
    by = request.person  # type: ignore[attr-defined]
    asked = request.POST.get("sign_in", "")
    if asked == "others":
        here = sign_in_of(account, state.sign_in) if state else None
        end_all_sign_ins(by=by, account=account, end=SignInEnd.ELSEWHERE, clock=clock, but=here)
        messages.success(request, "ほかの端末のログインをすべて終えました。")
        return HttpResponseRedirect(reverse("office-account"))
    sign_in = sign_in_of(account, asked)
    if sign_in is None:
        raise Http404
    if state and sign_in.public_id == state.sign_in:
        end_session(request, SignInEnd.SIGNED_OUT)
        return HttpResponseRedirect(reverse("office-sign-in"))
    end_sign_in(by=by, sign_in=sign_in, end=SignInEnd.ELSEWHERE, clock=clock)
    messages.success(request, "その端末のログインを終えました。")
    return HttpResponseRedirect(reverse("office-account"))


def _account(request: HttpRequest) -> Account:
    account = request.user
    if not isinstance(account, Account):
        raise Http404
    return account


def _is_shown(request: HttpRequest, account: Account) -> bool:
    if "credential" in request.POST:
        return passkey_proven(request, account, request.POST["credential"]) is not None
    if request.POST.get("code"):
        code_shown(request, account, request.POST["code"][:40])
        return True
    return password_shown(request, account, request.POST.get("password", "")) is not None


def _keep_this_session(request: HttpRequest, account: Account) -> None:
    """The session hangs on the password; let this one go on under its key."""
    key = request.session.session_key
    update_session_auth_hash(request, account)
    state = state_of(request)
    if state is not None and key != request.session.session_key:
        follow_session(
            by=request.person,  # type: ignore[attr-defined]
            account=account,
            sign_in_id=state.sign_in,
            session_key=str(request.session.session_key),
        )
