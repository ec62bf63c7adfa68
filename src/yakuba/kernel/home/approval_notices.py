"""Telling people what happens on the way of a draft; here, because approval and notify are siblings below ``home``.

Called from ``site/wiring`` in jobs after the transaction: every message has a key, so that told twice is told once.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from yakuba.kernel.access.api import Person, system_person
from yakuba.kernel.approval.api import (
    ActDone,
    DecisionMade,
    TurnCame,
    dropped_from,
    first_in_turn,
)
from yakuba.kernel.approval.models import DecisionRequest, RouteAct, RouteStage
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account
from yakuba.kernel.notify.api import CannotBeReached, MessageKind, Recipient, message_kind, tell
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock, Text

TO_STAFF = message_kind(
    MessageKind(
        key="approval.to_staff",
        label=Text("決裁のお知らせ", easy="決裁（けっさい）の お知（し）らせ", en="About a decision"),
        subject=Text("{what}：{title}", easy="{what}：{title}", en="{what}: {title}"),
        body=Text(
            "「{title}」（起案：{drafter}）\n{what}。",
            easy="「{title}」（起案（きあん）：{drafter}）\n{what}。",
            en="“{title}” (drafted by {drafter}): {what}.",
        ),
        link_text=Text("決裁を開く", easy="決裁（けっさい）を 開（ひら）く", en="Open the decision"),
        examples={"what": "あなたの番です", "title": "物品の購入", "drafter": "見本 太郎"},
    )
)
_TURN = {
    "line": "回議があなたの番です",
    "consult": "合議を求められています",
    "examine": "審査を求められています",
    "decide": "決裁を求められています",
    "issue": "決裁が済みました。施行してください",
    "circulate": "供覧があります",
}
_ENDS = {"approved": "決裁されました", "refused": "否決されました", "returned": "差し戻されました"}


def hear_turn(event: TurnCame) -> None:
    """Whose turn it is reads it; nothing is told of a stage that is over by now."""
    request = _request(event.request_public_id)
    stage = RouteStage.objects.filter(pk=event.stage, state="open").first()
    if request is None or stage is None or request.pulled_back_at is not None:
        return
    clock = town_clock()
    opened = int(stage.opened_at.timestamp()) if stage.opened_at else 0
    _tell(
        request,
        staff=first_in_turn(request, on=clock.today(), stage=stage.pk),
        what=_TURN[stage.kind],
        key=f"turn:{stage.pk}:{opened}",
        clock=clock,
    )


def hear_decided(event: DecisionMade) -> None:
    """Who drafted reads how it ended."""
    request = _request(event.request_public_id)
    if request is None or not _has_route(request):
        return
    clock = town_clock()
    _tell(
        request,
        staff=_drafters(request),
        what=_ENDS[event.outcome],
        key=f"end:{event.outcome}",
        clock=clock,
    )


def hear_act(event: ActDone) -> None:
    """不同意, 差止め, 差戻し, 修正, ルートの変更, 督促 and 代決: those whom it touches read it."""
    request = _request(event.request_public_id)
    act = RouteAct.objects.filter(public_id=event.act_public_id).first()
    if request is None or act is None:
        return
    clock = town_clock()
    for what, staff in _told_of(act, request, clock):
        _tell(
            request,
            staff=staff,
            what=what,
            key=f"act:{act.public_id}:{what}"[:60],
            clock=clock,
        )


def _told_of(act: RouteAct, request: DecisionRequest, clock: Clock) -> Iterable[tuple[str, Iterable[int]]]:
    if act.capacity == "acting" and act.principal_id is not None:
        yield "不在の間に代決されました。後閲してください", [act.principal_id]
    if act.act == "dissent":
        yield "合議で同意されませんでした", _drafters(request)
    elif act.act == "hold":
        yield "決裁のあとの審査で差し止められました", _drafters(request)
    elif act.act == "return_to":
        yield "前の段階に戻されました", _drafters(request)
    elif act.act == "reroute":
        yield "ルートが変わりました", _drafters(request)
    elif act.act == "remind" and request.is_waiting:
        yield "決裁が待っています", first_in_turn(request, on=clock.today())
    elif act.act == "amend":
        yield (
            "内容が直され、あなたの同意は要らなくなりました",
            [one.pk for one in dropped_from(request, on=clock.today())],
        )


def _tell(request: DecisionRequest, *, staff: Iterable[int], what: str, key: str, clock: Clock) -> None:
    link = reverse("approval-decision", args=[request.public_id])  # before the transaction: it may load every address
    tell_staff(by=system_person("approval"), request=request, staff=staff, what=what, key=key, link=link, clock=clock)


@verb("approval.tell_staff", label="決裁のお知らせ")
def tell_staff(
    *, by: Person, request: DecisionRequest, staff: Iterable[int], what: str, key: str, link: str, clock: Clock
) -> int:
    """Tell members of staff something about a request, each once by ``key``; gives how many were told.

    Who has no account is passed over: their worklist shows it when they have one.
    """
    accounts = Account.objects.filter(staff__in=set(staff), is_active=True).select_related("staff")
    told = 0
    for account in accounts:
        try:
            tell(
                by=by,
                recipient=Recipient(name=str(account.staff.name) if account.staff else "", account=account.public_id),
                kind=TO_STAFF,
                about=ref_of(request),
                values={"title": request.title, "drafter": request.asked_name, "what": what},
                key=f"approval:{request.public_id}:{key}:{account.public_id}",
                clock=clock,
                link=link,
            )
        except CannotBeReached:
            continue
        told += 1
    return told


def _request(public_id: str) -> DecisionRequest | None:
    return DecisionRequest.objects.filter(public_id=public_id).first()


def _has_route(request: DecisionRequest) -> bool:
    return RouteStage.objects.filter(request=request).count() > 1


def _drafters(request: DecisionRequest) -> list[int]:
    return [one for one in {request.asked_staff_id, request.holder_id} if one is not None]
