"""``/my/apply/<key>/mail``: somebody without an account shows that a mail address is theirs."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django import forms
from django.conf import settings
from django.core.mail import send_mail
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.catalogue.api import procedures_to_read
from yakuba.kernel.identity.api import Limit, TooManyAttempts, client_address, count_attempt, remember_mail_proof
from yakuba.kernel.jobs.api import outside_call
from yakuba.kernel.ui.api import TownForm, town_look
from yakuba.residents.procedures.asking import asker, clock_of

_ASKED = "procedures.asked_mail"
_LASTS = timedelta(minutes=15)
_MOST_TRIES = 5
#: Nobody's mail box is filled by strangers.
_MAIL_LIMITS = (Limit("mail", 4, 15 * 60), Limit("address", 40, 15 * 60))


class MailForm(TownForm):
    """The address a code is sent to."""

    mail = forms.EmailField(
        label=gettext_lazy("メールアドレス"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "input--medium"}),
        help_text=gettext_lazy("確認の番号（6けた）を送ります。"),
    )


class CodeForm(TownForm):
    """The code that was sent."""

    code = forms.CharField(
        label=pgettext_lazy("mail", "確認の番号（6けた）"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def confirm_mail(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for the address, send a code, take the code back; then the form opens."""
    if not procedures_to_read(asker(request)).filter(key=key).exists():
        raise Http404
    asked = _open_question(request)
    if request.method == "POST" and "code" in request.POST and asked:
        return _take_code(request, key, asked)
    form = MailForm(request.POST if request.method == "POST" and "mail" in request.POST else None)
    if form.is_bound and form.is_valid():
        return _send(request, key, form)
    context = {"form": form, "key": key, "is_code": False}
    return render(request, "procedures/apply/mail.html", context, status=422 if form.is_bound else 200)


def _send(request: HttpRequest, key: str, form: MailForm) -> HttpResponse:
    mail = form.cleaned_data["mail"].strip()
    try:
        count_attempt("forms-mail", limits=_MAIL_LIMITS, who={"mail": mail.lower(), "address": client_address(request)})
    except TooManyAttempts as refusal:
        form.add_error("mail", refusal.message)
        return render(request, "procedures/apply/mail.html", {"form": form, "key": key, "is_code": False}, status=429)
    code = f"{secrets.randbelow(1_000_000):06}"
    request.session[_ASKED] = {
        "address": mail,
        "digest": _digest(mail, code),
        "at": clock_of(request).now().isoformat(),
        "tries": 0,
    }
    town = town_look().name
    with outside_call("mail"):
        send_mail(
            subject=_("%(town)s：確認の番号") % {"town": town},
            message=_(
                "確認の番号は %(code)s です。15分以内に、手続きの画面に入力してください。\n"
                "心当たりがないときは、このメールを消してください。"
            )
            % {"code": code},
            from_email=None,
            recipient_list=[mail],
        )
    return render(
        request, "procedures/apply/mail.html", {"form": CodeForm(), "key": key, "is_code": True, "mail": mail}
    )


def _take_code(request: HttpRequest, key: str, asked: dict[str, Any]) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid():
        typed = "".join(one for one in form.cleaned_data["code"].translate(_WIDE) if one.isdigit())
        if hmac.compare_digest(asked["digest"], _digest(asked["address"], typed)):
            request.session.pop(_ASKED, None)
            remember_mail_proof(request, asked["address"])
            return HttpResponseRedirect(reverse("apply-begin", args=[key]))
        asked["tries"] += 1
        request.session[_ASKED] = asked
        if asked["tries"] >= _MOST_TRIES:
            request.session.pop(_ASKED, None)
            fresh = MailForm(initial={"mail": asked["address"]})
            context = {"form": fresh, "key": key, "is_code": False, "is_over": True}
            return render(request, "procedures/apply/mail.html", context, status=422)
        form.add_error("code", _("番号が違います。メールを見て、もう一度入力してください。"))
    context = {"form": form, "key": key, "is_code": True, "mail": asked["address"]}
    return render(request, "procedures/apply/mail.html", context, status=422)


_WIDE = {ord(wide): str(number) for number, wide in enumerate("０１２３４５６７８９")}


def _open_question(request: HttpRequest) -> dict[str, Any] | None:
    asked = request.session.get(_ASKED)
    if not isinstance(asked, dict):
        return None
    is_fresh = clock_of(request).now() - datetime.fromisoformat(asked["at"]) < _LASTS
    return asked if is_fresh else None


def _digest(mail: str, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{mail}:{code}".encode(), sha256).hexdigest()
