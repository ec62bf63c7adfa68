"""``/office/sign-in``: 職員番号 and password; in the sample town also: as whom?"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.identity.client import client_address
from yakuba.kernel.identity.devices import device_of
from yakuba.kernel.identity.directory.base import DirectoryUnavailable
from yakuba.kernel.identity.entrance import enter
from yakuba.kernel.identity.forms import OfficeSignInForm
from yakuba.kernel.identity.fronts import office_front
from yakuba.kernel.identity.locking import locked_account
from yakuba.kernel.identity.models import AccountKind, SignInEnd, SignInMethod
from yakuba.kernel.identity.passwords import staff_with_password
from yakuba.kernel.identity.persons import is_usable
from yakuba.kernel.identity.queries import people_of_device, personas
from yakuba.kernel.identity.refusals import log_refused
from yakuba.kernel.identity.rules.client_address import throttle_group
from yakuba.kernel.identity.rules.steps import folded_sign_in_name
from yakuba.kernel.identity.rules.throttling import SIGN_IN_LIMITS
from yakuba.kernel.identity.session import end_session
from yakuba.kernel.identity.throttle import TooManyAttempts, count_attempt
from yakuba.kernel.ui.api import safe_return
from yakuba.kernel.values.api import Refusal


@page(Face.OFFICE, may=anyone)
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def office_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in to the office. POST answers 422 when something is wrong and 429 when it was wrong too often."""
    if request.method != "POST":
        if request.person.is_signed_in:  # type: ignore[attr-defined]
            return HttpResponseRedirect(safe_return(request, request.GET.get("next", ""), otherwise=office_front()))
        if locked_account(request) is not None and not request.GET.get("other"):
            return HttpResponseRedirect(f"{reverse('office-lock')}?{urlencode({'next': request.GET.get('next', '')})}")
        return _page(request, OfficeSignInForm())
    form = OfficeSignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    name = folded_sign_in_name(form.cleaned_data["number"])
    address = throttle_group(client_address(request))
    try:
        attempt = count_attempt(
            "office-sign-in",
            limits=SIGN_IN_LIMITS,
            who={"name": name, "address": address, "name and address": f"{name} {address}"},
        )
    except TooManyAttempts as refusal:
        log_refused(request, sign_in_name=name, why="wrong", refusal=refusal)
        return _page(request, form, status=429, refusal=refusal)
    try:
        proven = staff_with_password(name, form.cleaned_data["password"], request.clock)  # type: ignore[attr-defined]
    except DirectoryUnavailable as refusal:
        attempt.give_back()
        return _page(request, form, status=503, refusal=refusal)
    if proven is None:
        log_refused(request, sign_in_name=name, why="wrong")
        form.add_error(None, "職員番号またはパスワードが違います。")
        return _page(request, form, status=422)
    attempt.give_back()
    account = proven.account
    if not is_usable(account, request.clock.today()):  # type: ignore[attr-defined]
        log_refused(request, sign_in_name=name, why="locked")
        form.add_error(None, "このアカウントは今は使えません。人事担当または情報システム担当へ連絡してください。")
        return _page(request, form, status=422)
    return enter(
        request,
        account,
        method=proven.method,
        onward=request.POST.get("next", ""),
        is_shared=form.cleaned_data["is_shared"],
    )


@page(Face.OFFICE, may=anyone)
@never_cache
@require_POST
def office_persona(request: HttpRequest) -> HttpResponse:
    """Enter the sample town's office as one of its people. Does not exist in a real town."""
    chosen = next(
        (one for one in personas(AccountKind.STAFF) if one.account.public_id == request.POST.get("persona")), None
    )
    if chosen is None:
        raise Http404
    return enter(request, chosen.account, method=SignInMethod.PERSONA, onward=request.POST.get("next", ""))


@page(Face.OFFICE, may=anyone, auditor_may_post=True)
@never_cache
@require_POST
def office_sign_out(request: HttpRequest) -> HttpResponse:
    """Leave the office."""
    end_session(request, SignInEnd.SIGNED_OUT)
    return HttpResponseRedirect(reverse("office-sign-in"))


def _page(
    request: HttpRequest, form: OfficeSignInForm, *, status: int = 200, refusal: Refusal | None = None
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    device = device_of(request)
    answer = render(
        request,
        "identity/office_sign_in.html",
        {
            "form": form,
            "refusal": refusal,
            "personas": personas(),
            "face_kind": AccountKind.STAFF,
            "has_people": device is not None and device.is_shared and bool(people_of_device(device, request.clock)),  # type: ignore[attr-defined]
            "onward": safe_return(request, asked.get("next", ""), otherwise=""),
        },
        status=status,
    )
    if isinstance(refusal, TooManyAttempts):
        answer["Retry-After"] = str(refusal.seconds)
    return answer
