"""Giving up what a card brought: in this session, or the link with the account."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yakuba.kernel.access.api import Face, anyone, page, signed_in_resident
from yakuba.kernel.identity.confirmation import is_confirmed
from yakuba.kernel.identity.fronts import resident_front
from yakuba.kernel.identity.levels import forget_card
from yakuba.kernel.identity.models import LinkedIdentity
from yakuba.kernel.identity.proving import forget_unknown
from yakuba.kernel.identity.services.link_identity import unlink_identity
from yakuba.kernel.identity.views.resident_card.ways import account_of, ask_to_confirm_first
from yakuba.kernel.ui.api import safe_return
from yakuba.kernel.values.api import Refusal


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_POST
def resident_digital_auth_forget(request: HttpRequest) -> HttpResponse:
    """The card shall count no longer in this session."""
    forget_card(request)
    forget_unknown(request)
    messages.success(request, _("カードで確かめた情報を消しました。"))
    return HttpResponseRedirect(safe_return(request, request.POST.get("next", ""), otherwise=resident_front()))


@page(Face.RESIDENT, may=signed_in_resident)
@never_cache
@require_POST
def resident_digital_auth_unlink(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one's own link away; also one of a provider that is not in force any more."""
    account = account_of(request)
    linked = LinkedIdentity.objects.filter(account=account, public_id=public_id[:16]).first()
    if account is None or linked is None:
        raise Http404
    if not is_confirmed(request):
        return ask_to_confirm_first(reverse("resident-account"))
    by, clock = request.person, request.clock  # type: ignore[attr-defined]
    try:
        unlink_identity(by=by, account=account, linked=linked, clock=clock)
    except Refusal:
        words = _(
            "結び付けをやめると、ログインする方法がなくなります。先に、メールアドレスかパスキーを登録してください。"
        )
        messages.error(request, words)
        return HttpResponseRedirect(reverse("resident-account"))
    forget_card(request)
    messages.success(request, _("マイナンバーカードとの結び付けをやめました。"))
    return HttpResponseRedirect(reverse("resident-account"))
