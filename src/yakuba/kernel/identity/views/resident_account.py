"""``/my/account/``: one's own mail address, passkeys, password and sessions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account import views as library
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, page, signed_in_resident
from yakuba.kernel.identity.client import client_address
from yakuba.kernel.identity.confirmation import confirm, is_confirmed
from yakuba.kernel.identity.digital_auth.registry import working_provider
from yakuba.kernel.identity.models import Account, SignInEnd
from yakuba.kernel.identity.proving import Purpose, address_to_show_card
from yakuba.kernel.identity.queries import identity_of, open_sign_ins, sign_in_of
from yakuba.kernel.identity.resident_forms import (
    ConfirmByPasswordForm,
    ResidentNameForm,
    ResidentPasskeyNameForm,
    ResidentPasswordForm,
)
from yakuba.kernel.identity.rules.client_address import throttle_group
from yakuba.kernel.identity.rules.throttling import SIGN_IN_LIMITS
from yakuba.kernel.identity.second_factors import (
    can_host_have_passkeys,
    factors_of,
    passkey_made,
    passkey_offer,
    passkey_request,
)
from yakuba.kernel.identity.services.change_password import change_password, hashed_password
from yakuba.kernel.identity.services.resident_account import (
    close_resident,
    name_resident,
    remove_passkey,
)
from yakuba.kernel.identity.services.second_factor import add_passkey
from yakuba.kernel.identity.services.sign_in import end_all_sign_ins, end_sign_in, follow_session
from yakuba.kernel.identity.session import end_session
from yakuba.kernel.identity.session_state import state_of
from yakuba.kernel.identity.showing import passkey_proven
from yakuba.kernel.identity.throttle import TooManyAttempts, count_attempt
from yakuba.kernel.identity.views.library import mounted
from yakuba.kernel.ui.api import safe_return

View = Callable[..., HttpResponse]


def resident_confirmed_only(view: View) -> View:
    """Lead to the confirmation page first unless the resident showed who they are within a quarter of an hour."""

    @wraps(view, updated=())
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_confirmed(request):
            here = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("resident-account")
            return HttpResponseRedirect(f"{reverse('resident-confirm')}?{urlencode({'next': here})}")
        return view(request, *args, **kwargs)

    return confirmed


class _ChangeMail(library.EmailView):  # type: ignore[misc]  # the library is untyped
    template_name = "identity/resident_mail.html"


resident_mail = mounted(resident_confirmed_only(_ChangeMail.as_view()), may=signed_in_resident)


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resident_account(request: HttpRequest) -> HttpResponse:
    """One's own ways in and open sessions."""
    account = _account(request)
    name = ResidentNameForm(request.POST or None, initial={"name": account.display_name})
    if request.method == "POST" and name.is_valid():
        name_resident(by=request.person, account=account, name=name.cleaned_data["name"])  # type: ignore[attr-defined]
        messages.success(request, _("名前を変えました。"))
        return HttpResponseRedirect(reverse("resident-account"))
    state, provider = state_of(request), working_provider()
    context = {
        "account": account,
        "mail": EmailAddress.objects.get_primary_email(account) or account.email,
        "passkeys": factors_of(account).passkeys,
        "has_password": account.has_usable_password(),
        "sign_ins": open_sign_ins(account, here=state.sign_in if state else ""),
        "name": name,
        "card_provider": provider,
        "cards": [
            (one, provider is not None and one.issuer == provider.issuer)
            for one in account.linked_identities.order_by("linked_at")
        ],
        "has_card": provider is not None and identity_of(account, provider.issuer) is not None,
    }
    return render(request, "identity/resident_account.html", context)


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def resident_confirm(request: HttpRequest) -> HttpResponse:
    """Show once more who sits there: passkey, password, or a fresh sign-in by mail."""
    account = _account(request)
    asked = request.POST if request.method == "POST" else request.GET
    onward = safe_return(request, asked.get("next", ""), otherwise=reverse("resident-account"))
    fault = ""
    status = 200
    if request.method == "POST" and request.POST.get("act") == "mail":
        end_session(request, SignInEnd.SIGNED_OUT)
        return HttpResponseRedirect(f"{reverse('resident-sign-in')}?{urlencode({'next': onward})}")
    if request.method == "POST":
        try:
            if _is_shown(request, account):
                confirm(request)
                return HttpResponseRedirect(onward)
            fault, status = _("確認できませんでした。もう一度お試しください。"), 422
        except TooManyAttempts as refusal:
            fault = _("続けて何度も間違えました。%(minutes)d分待ってから、もう一度お試しください。") % {
                "minutes": refusal.minutes
            }
            status = 429
    context = {
        "account": account,
        "passkeys": factors_of(account).passkeys,
        "has_password": account.has_usable_password(),
        "form": ConfirmByPasswordForm(),
        "fault": fault,
        "onward": onward,
        "can_have_passkeys": can_host_have_passkeys(request),
        "card_url": _way_by_card(account, onward),
    }
    return render(request, "identity/resident_confirm.html", context, status=status)


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@require_safe
def resident_confirm_options(request: HttpRequest) -> HttpResponse:
    """The question one's own passkey has to answer."""
    return JsonResponse(passkey_request(_account(request)))


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@resident_confirmed_only
def resident_password(request: HttpRequest) -> HttpResponse:
    """Set or change one's password; every other session of the account ends."""
    account = _account(request)
    form = ResidentPasswordForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        state, clock, by = state_of(request), request.clock, request.person  # type: ignore[attr-defined]
        hashed = hashed_password(form.cleaned_data["new"])
        here = sign_in_of(account, state.sign_in) if state else None
        change_password(by=by, account=account, hashed=hashed, clock=clock, here=here)
        update_session_auth_hash(request, account)
        if state is not None:
            key = str(request.session.session_key)
            follow_session(by=by, account=account, sign_in_id=state.sign_in, session_key=key)
        messages.success(request, _("パスワードを決めました。ほかの端末のログインは終わりました。"))
        return HttpResponseRedirect(reverse("resident-account"))
    status = 422 if request.method == "POST" else 200
    return render(request, "identity/resident_password.html", {"form": form, "account": account}, status=status)


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@resident_confirmed_only
def resident_add_passkey(request: HttpRequest) -> HttpResponse:
    """Make a passkey. The browser asks ``resident-add-passkey-options`` first."""
    account = _account(request)
    suggested = get_adapter().generate_authenticator_name(account, Authenticator.Type.WEBAUTHN)
    form = ResidentPasskeyNameForm(request.POST or None, initial={"name": suggested})
    if request.method == "POST" and form.is_valid():
        credential = passkey_made(request.POST.get("credential", ""), passwordless=True)
        if credential is not None:
            by = request.person  # type: ignore[attr-defined]
            add_passkey(by=by, account=account, name=form.cleaned_data["name"], credential=credential)
            messages.success(request, _("パスキーを登録しました。次からはパスキーで入れます。"))
            return HttpResponseRedirect(reverse("resident-account"))
        form.add_error(None, _("パスキーを登録できませんでした。もう一度お試しください。"))
    context = {"form": form, "can_have_passkeys": can_host_have_passkeys(request)}
    status = 422 if request.method == "POST" else 200
    return render(request, "identity/resident_add_passkey.html", context, status=status)


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@require_safe
@resident_confirmed_only
def resident_add_passkey_options(request: HttpRequest) -> HttpResponse:
    """The question a new passkey has to answer."""
    return JsonResponse(passkey_offer(_account(request), passwordless=True))


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@require_POST
@resident_confirmed_only
def resident_remove_passkey(request: HttpRequest, number: int) -> HttpResponse:
    """Take one of one's passkeys away."""
    account = _account(request)
    factor = Authenticator.objects.filter(user=account, pk=number, type=Authenticator.Type.WEBAUTHN).first()
    if factor is None:
        raise Http404
    remove_passkey(by=request.person, account=account, factor=factor)  # type: ignore[attr-defined]
    messages.success(request, _("パスキーを消しました。端末に残ったパスキーは、端末の設定から消してください。"))
    return HttpResponseRedirect(reverse("resident-account"))


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@require_POST
def resident_end_sign_in(request: HttpRequest) -> HttpResponse:
    """End one session of one's own, or all others."""
    account, state = _account(request), state_of(request)
    clock, by = request.clock, request.person  # type: ignore[attr-defined]
    asked = request.POST.get("sign_in", "")
    if asked == "others":
        here = sign_in_of(account, state.sign_in) if state else None
        end_all_sign_ins(by=by, account=account, end=SignInEnd.ELSEWHERE, clock=clock, but=here)
    else:
        sign_in = sign_in_of(account, asked)
        if sign_in is None:
            raise Http404
        if state and sign_in.public_id == state.sign_in:
            end_session(request, SignInEnd.SIGNED_OUT)
            return HttpResponseRedirect("/")
        end_sign_in(by=by, sign_in=sign_in, end=SignInEnd.ELSEWHERE, clock=clock)
    messages.success(request, _("ほかの端末をログアウトしました。"))
    return HttpResponseRedirect(reverse("resident-account"))


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@resident_confirmed_only
def resident_close(request: HttpRequest) -> HttpResponse:
    """Give the account up. What was submitted stays with the town."""
    account = _account(request)
    if request.method == "POST":
        by, clock = request.person, request.clock  # type: ignore[attr-defined]
        end_all_sign_ins(by=by, account=account, end=SignInEnd.SIGNED_OUT, clock=clock)
        close_resident(by=by, account=account, clock=clock)
        end_session(request, SignInEnd.SIGNED_OUT)
        return render(request, "identity/resident_left.html")
    return render(request, "identity/resident_close.html", {"account": account})


def _account(request: HttpRequest) -> Account:
    account = request.user
    if not isinstance(account, Account):
        raise Http404
    return account


def _way_by_card(account: Account, onward: str) -> str:
    """The page that confirms by card; empty where the account is linked with none."""
    provider = working_provider()
    is_linked = provider is not None and identity_of(account, provider.issuer) is not None
    return address_to_show_card(Purpose.CONFIRM, onward) if is_linked else ""


def _is_shown(request: HttpRequest, account: Account) -> bool:
    if request.POST.get("credential"):
        return passkey_proven(request, account, request.POST["credential"]) is not None
    address = throttle_group(client_address(request))
    name = account.public_id
    who = {"name": name, "address": address, "name and address": f"{name} {address}"}
    attempt = count_attempt("resident-confirm", limits=SIGN_IN_LIMITS, who=who)
    is_right = account.has_usable_password() and account.check_password(request.POST.get("password", "")[:256])
    if is_right:
        attempt.give_back()
    return bool(is_right)
