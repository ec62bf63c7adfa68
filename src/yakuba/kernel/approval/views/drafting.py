"""What the drafter does with a draft on its way: pull back, send again, withdraw, remind, take up what was sent back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from yakuba.kernel.access.api import Face, NotAllowed, page
from yakuba.kernel.approval.access import get_for
from yakuba.kernel.approval.forms import ReasonForm, WithdrawalForm
from yakuba.kernel.approval.services import pull_back, receive_return, remind, send_again, withdraw_request
from yakuba.kernel.approval.services.closing import AlreadyClosed
from yakuba.kernel.approval.views.one_request import MAY, shown
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import Refusal


@page(Face.OFFICE, may=MAY)
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a draft back for good (取下げ)."""
    done = "取り下げました。直して出し直すときは、元の画面から決裁を求めてください。"
    return _taken_back(request, public_id, withdraw_request, WithdrawalForm, "withdrawal", done)


@page(Face.OFFICE, may=MAY)
@require_POST
def pull(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a waiting draft back into hand (引戻し)."""
    done = "引き戻しました。出し直すまで、だれも承認できません。"
    return _taken_back(request, public_id, pull_back, ReasonForm, "pulling", done)


def _taken_back(
    asking: Any, public_id: str, verb: Callable[..., Any], made: type[Any], name: str, done: str
) -> HttpResponse:
    """Both ways back ask for a reason and may come too late; ``name`` is the form's name on the page."""
    found = get_for(asking.person, public_id, on=asking.clock.today())
    form = made(asking.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            verb(by=asking.person, request=found, reason=reason, clock=asking.clock)
        except AlreadyClosed as late:
            return _late(asking, public_id, late, reason)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(asking, done)
            return redirect("approval-decision", public_id=public_id)
    refused: dict[str, Any] = {name: form}
    return shown(asking, found, status=422, **refused)


@page(Face.OFFICE, may=MAY)
@require_POST
def again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a draft that was pulled back out again as it was (出し直し)."""
    asking: Any = request
    found = get_for(asking.person, public_id, on=asking.clock.today())
    try:
        send_again(by=asking.person, request=found, clock=asking.clock)
    except AlreadyClosed as late:
        return _late(asking, public_id, late)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    else:
        messages.success(request, "出し直しました。これまでの承認は、そのまま有効です。")
    return redirect("approval-decision", public_id=public_id)


@page(Face.OFFICE, may=MAY)
@require_POST
def remind_now(request: HttpRequest, public_id: str) -> HttpResponse:
    """Tell whoever's turn it is that the draft waits (督促)."""
    asking: Any = request
    found = get_for(asking.person, public_id, on=asking.clock.today())
    try:
        told = remind(by=asking.person, request=found, clock=asking.clock)
    except (Refusal, NotAllowed) as refused:
        messages.error(request, f"{refused}{getattr(refused, 'hint', None) or ''}")
    else:
        names = "、".join(Staff.objects.filter(pk__in=told).values_list("name", flat=True)) or "だれも席にいません"
        messages.success(request, f"知らせました：{names}")
    return redirect("approval-decision", public_id=public_id)


@page(Face.OFFICE, may=MAY)
@require_POST
def receive(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take up what was sent back without asking again."""
    asking: Any = request
    found = get_for(asking.person, public_id, on=asking.clock.today())
    try:
        receive_return(by=asking.person, request=found, clock=asking.clock)
        messages.success(request, "差戻しを受け取りました。「ホーム」には出なくなります。")
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return redirect("approval-decision", public_id=public_id)


def _late(asking: Any, public_id: str, late: Exception, unsent: str = "") -> HttpResponse:
    fresh = get_for(asking.person, public_id, on=asking.clock.today())
    return shown(asking, fresh, late=str(late), unsent=unsent, status=409)
