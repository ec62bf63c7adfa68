"""Mounting views of the sign-in library on the residents' face: declared, throttled, allowed to write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, Rule, page
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity.adapters import MailNotSent
from yakuba.kernel.identity.client import client_address
from yakuba.kernel.identity.rules.client_address import throttle_group
from yakuba.kernel.identity.rules.steps import folded_sign_in_name
from yakuba.kernel.identity.rules.throttling import Limit
from yakuba.kernel.identity.throttle import Attempt, TooManyAttempts, count_attempt

View = Callable[..., HttpResponse]


def mounted(
    view: View,
    *,
    may: Rule,
    action: str = "",
    limits: Sequence[Limit] = (),
    name_field: str = "",
    gives_back: bool = False,
) -> View:
    """A view of the library as one of ours.

    ``limits`` count its POSTs as ``action``, per the value typed into ``name_field`` and per address; with
    ``gives_back`` a POST that signed somebody in is uncounted. What the library writes is told to the audit log by the
    verbs of its adapter and by ``record_sign_in``; its own small writes (a mail address verified) pass the guard.
    """

    @page(Face.RESIDENT, may=may)
    @never_cache
    @sensitive_post_parameters()
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view, updated=())
    def declared(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not request.person.is_signed_in:  # type: ignore[attr-defined]
            logout(request)  # a session that opens nothing any more must not be led round in circles
        attempt: Attempt | None = None
        typed = folded_sign_in_name(request.POST.get(name_field, ""))[:254].lower() if name_field else ""
        if request.method == "POST" and limits:
            address = throttle_group(client_address(request))
            who = {"name": typed, "address": address, "name and address": f"{typed} {address}"}
            try:
                attempt = count_attempt(action, limits=limits, who=who)
            except TooManyAttempts as refusal:
                return _wait(request, refusal, name_field, typed)
        try:
            with unaudited_writes("sign-in library"):
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()  # here, where what the library writes while rendering is allowed
        except MailNotSent:
            return render(request, "identity/resident_mail_fault.html", {"typed": typed}, status=503)
        if attempt is not None and gives_back and request.user.is_authenticated:
            attempt.give_back()
        if request.method == "POST" and response.status_code == 200:
            response.status_code = 422  # the library answers a form with faults as if all were well
        return response

    return declared


def _wait(request: HttpRequest, refusal: TooManyAttempts, name_field: str, typed: str) -> HttpResponse:
    context = {"refusal": refusal, "name_field": name_field, "typed": typed}
    answer = render(request, "identity/resident_wait.html", context, status=429)
    answer["Retry-After"] = str(refusal.seconds)
    return answer
