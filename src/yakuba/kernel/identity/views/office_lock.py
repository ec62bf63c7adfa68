"""``/office/lock``: the locked screen, and switching between the people of a shared device."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, anyone, office_seat, page
from yakuba.kernel.identity.devices import device_of
from yakuba.kernel.identity.entrance import enter, enter_by_pin
from yakuba.kernel.identity.forms import CodeForm, PasswordForm, PinForm
from yakuba.kernel.identity.fronts import office_front
from yakuba.kernel.identity.locking import forget_kept_form, is_own_screen, kept_form, lock, locked_account, unlock
from yakuba.kernel.identity.models import Account, Device, SecondFactor, SignInMethod
from yakuba.kernel.identity.passwords import has_typed_password
from yakuba.kernel.identity.persons import is_usable
from yakuba.kernel.identity.queries import device_user, people_of_device
from yakuba.kernel.identity.refusals import log_refused
from yakuba.kernel.identity.rules.steps import OFFICE_HOURS
from yakuba.kernel.identity.second_factors import can_host_have_passkeys, factors_of, passkey_request
from yakuba.kernel.identity.session_state import state_of
from yakuba.kernel.identity.showing import code_shown, passkey_proven, password_shown, pin_shown
from yakuba.kernel.identity.throttle import TooManyAttempts
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.ui.api import safe_return
from yakuba.kernel.values.api import Refusal

_DAY_OVER = (
    f"ログインから{OFFICE_HOURS}時間がたちました。入力中の内容があれば控えてから、"
    "「ほかの方法・ほかの人」を選んでログインし直してください。"
)


@page(Face.OFFICE, may=anyone, auditor_may_post=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def office_lock(request: HttpRequest) -> HttpResponse:
    """POST locks the screen; GET shows the locked screen or the people of this device."""
    if request.method == "POST":
        lock(request)
        if _asks_for_json(request):
            return JsonResponse({"locked": True})
        return HttpResponseRedirect(_address(request.POST.get("next", "")))
    onward = safe_return(request, request.GET.get("next", ""), otherwise="")
    if request.person.is_signed_in:  # type: ignore[attr-defined]
        return HttpResponseRedirect(onward or office_front())
    device, owner = device_of(request), locked_account(request)
    people = people_of_device(device, request.clock) if device else []  # type: ignore[attr-defined]
    if owner is None and not people:
        return HttpResponseRedirect(reverse("office-sign-in"))
    chosen = _chosen(request.GET.get("who", ""), device, owner) if request.GET.get("who") else owner
    return _page(request, device, owner, chosen, onward)


@page(Face.OFFICE, may=anyone)
@never_cache
@sensitive_post_parameters()
@require_POST
def office_unlock(request: HttpRequest) -> HttpResponse:
    """Show who one is: the owner of the locked screen goes on, somebody else of this device begins a session."""
    device, owner = device_of(request), locked_account(request)
    chosen = _chosen(request.POST.get("who", ""), device, owner)
    onward = safe_return(request, request.POST.get("next", ""), otherwise="")
    clock = request.clock  # type: ignore[attr-defined]
    if not is_usable(chosen, clock.today()):
        raise Http404
    try:
        method, factor = _shown(request, chosen, device)
    except Refusal as refusal:
        log_refused(request, sign_in_name=chosen.sign_in_name, why="unlock", refusal=refusal)
        if _asks_for_json(request):
            return JsonResponse({"error": refusal.message}, status=422)
        return _page(request, device, owner, chosen, onward, refusal=refusal)
    is_owner = owner is not None and chosen.pk == owner.pk
    if is_owner and not is_own_screen(request, chosen) and _asks_for_json(request):
        return JsonResponse({"error": _DAY_OVER}, status=409)
    if is_own_screen(request, chosen):
        unlock(request)
        if _asks_for_json(request):
            return JsonResponse({"locked": False})
        return HttpResponseRedirect(reverse("office-resume") if kept_form(request) else onward or office_front())
    if method == SignInMethod.PIN:
        return enter_by_pin(request, chosen, factor=factor, onward=onward)
    return enter(request, chosen, method=method, onward=onward)


@page(Face.OFFICE, may=anyone)
@never_cache
@require_safe
def office_unlock_options(request: HttpRequest) -> HttpResponse:
    """The question a passkey of the chosen person has to answer."""
    return JsonResponse(
        passkey_request(_chosen(request.GET.get("who", ""), device_of(request), locked_account(request)))
    )


@page(Face.OFFICE, may=office_seat)
@never_cache
@require_safe
def office_alive(request: HttpRequest) -> HttpResponse:
    """Somebody is typing: the session counts as used (the use is noted on the way here)."""
    return JsonResponse({"locked": False})


@page(Face.OFFICE, may=office_seat)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def office_resume(request: HttpRequest) -> HttpResponse:
    """The form that was sent from the locked screen, to be sent now (307: the browser sends it on) or thrown away."""
    kept = kept_form(request)
    if kept is None:
        return HttpResponseRedirect(office_front())
    if request.method == "POST":
        forget_kept_form(request)
        if request.POST.get("yakuba_resume") == "send":
            return HttpResponse(status=307, headers={"Location": kept.address})
        messages.info(request, "送らずに捨てました。")
        return HttpResponseRedirect(office_front())
    return render(request, "identity/office_resume.html", {"kept": kept})


def _asks_for_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _chosen(public_id: str, device: Device | None, owner: Account | None) -> Account:
    """The owner of the locked screen or somebody of this device; nobody else is named here. Raises ``Http404``."""
    if owner is not None and public_id in ("", owner.public_id):
        return owner
    user = device_user(device, public_id) if device else None
    if user is None:
        raise Http404
    return user.account


def _shown(request: HttpRequest, account: Account, device: Device | None) -> tuple[SignInMethod, SecondFactor]:
    """How the person showed who they are. Raises ``Refusal``."""
    if _is_persona(request, account) and request.POST.get("as_before"):
        return SignInMethod.PERSONA, SecondFactor.NONE
    if request.POST.get("credential"):
        if passkey_proven(request, account, request.POST["credential"]) is None:
            raise Refusal(
                "このパスキーでは確認できませんでした。",
                hint="暗証番号や指紋を確かめないFIDOキーだけでは入れません。パスワードを入力してください。",
            )
        return SignInMethod.PASSKEY, SecondFactor.PASSKEY
    if request.POST.get("pin"):
        if device is None:
            raise Refusal("暗証番号は、共用の端末でだけ使えます。")
        pin_shown(request, account, device, request.POST["pin"][:20])
        return SignInMethod.PIN, SecondFactor.NONE
    if request.POST.get("code"):
        return _code(request, account, device)
    method = password_shown(request, account, request.POST.get("password", ""))
    if method is None:
        raise Refusal("パスワードが違います。")
    return method, SecondFactor.NONE


def _code(request: HttpRequest, account: Account, device: Device | None) -> tuple[SignInMethod, SecondFactor]:
    """A code alone opens one's own locked screen, or a device where one signed in completely today: like a PIN."""
    user = device_user(device, account.public_id) if device else None
    is_known_today = user is not None and user.is_recent(request.clock.now())  # type: ignore[attr-defined]
    if not is_own_screen(request, account) and not is_known_today:
        raise Refusal("今日はまだこの端末でログインしていません。", hint="パスワードでログインしてください。")
    return SignInMethod.PIN, code_shown(request, account, request.POST["code"][:40])


def _is_persona(request: HttpRequest, account: Account) -> bool:
    """Whether this is the locked screen of one of the sample town's people, who have nothing to show."""
    state, owner = state_of(request), locked_account(request)
    is_own = owner is not None and owner.pk == account.pk
    return is_own and is_sample_town() and state is not None and state.method == SignInMethod.PERSONA


def _address(onward: str) -> str:
    return f"{reverse('office-lock')}?{urlencode({'next': onward})}" if onward else reverse("office-lock")


def _page(
    request: HttpRequest,
    device: Device | None,
    owner: Account | None,
    chosen: Account | None,
    onward: str,
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    clock = request.clock  # type: ignore[attr-defined]
    people = people_of_device(device, clock) if device else []
    user = device_user(device, chosen.public_id) if device and chosen else None
    is_owner = owner is not None and chosen is not None and owner.pk == chosen.pk
    is_own = chosen is not None and is_own_screen(request, chosen)
    is_recent = user is not None and user.is_recent(clock.now())
    factors = factors_of(chosen) if chosen else None
    context = {
        "device": device,
        "owner": owner,
        "chosen": chosen,
        "is_owner": is_owner,
        "others": [one for one in people if chosen is None or one.account.pk != chosen.pk],
        "factors": factors,
        "is_pin_open": user is not None and user.is_pin_open(clock.now()),
        "is_code_open": bool(factors and (factors.totp or factors.entries_left) and (is_own or is_recent)),
        "hours_over": OFFICE_HOURS if is_owner and not is_own else 0,
        "has_password": chosen is not None and has_typed_password(chosen),
        "is_persona": chosen is not None and _is_persona(request, chosen),
        "can_have_passkeys": can_host_have_passkeys(request),
        "pin": PinForm(),
        "password": PasswordForm(),
        "code": CodeForm(),
        "refusal": refusal,
        "onward": onward,
        "was_kept": request.GET.get("kept", ""),
    }
    status = 200 if refusal is None else 429 if isinstance(refusal, TooManyAttempts) else 422
    return render(request, "identity/office_lock.html", context, status=status)
