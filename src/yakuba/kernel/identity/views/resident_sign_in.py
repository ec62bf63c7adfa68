"""``/my/sign-in``: where residents come in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.identity.models import AccountKind, SignInEnd, SignInMethod
from yakuba.kernel.identity.queries import personas
from yakuba.kernel.identity.session import begin_session, end_session
from yakuba.kernel.ui.api import safe_return


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_safe
def resident_sign_in(request: HttpRequest) -> HttpResponse:
    """The resident's way in."""
    onward = safe_return(request, request.GET.get("next", ""), otherwise="")
    if request.person.is_signed_in:  # type: ignore[attr-defined]
        return HttpResponseRedirect(onward or resident_front())
    return render(
        request,
        "identity/resident_sign_in.html",
        {"personas": personas(AccountKind.RESIDENT), "face_kind": AccountKind.RESIDENT, "onward": onward},
    )


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_POST
def resident_persona(request: HttpRequest) -> HttpResponse:
    """Enter as one of the sample town's residents. Does not exist in a real town."""
    chosen = next(
        (one for one in personas(AccountKind.RESIDENT) if one.account.public_id == request.POST.get("persona")), None
    )
    if chosen is None:
        raise Http404
    begin_session(request, chosen.account, method=SignInMethod.PERSONA)
    return HttpResponseRedirect(safe_return(request, request.POST.get("next", ""), otherwise=resident_front()))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_POST
def resident_sign_out(request: HttpRequest) -> HttpResponse:
    """Leave the resident's pages."""
    end_session(request, SignInEnd.SIGNED_OUT)
    return HttpResponseRedirect("/")


def resident_front() -> str:
    """Where somebody goes who asked for no page."""
    try:
        return reverse("resident-home")
    except NoReverseMatch:
        return "/my/"
