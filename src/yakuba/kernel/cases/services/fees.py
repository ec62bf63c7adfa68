"""Fees to be paid for a case (手数料)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import require_work
from yakuba.kernel.cases.models import Case, Happening, NoticeState, OrderRequest, OrderState
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.cases.services.decide import checked_fee_items
from yakuba.kernel.cases.services.moving import hold, note, touch
from yakuba.kernel.cases.services.notices import finish_if_nothing_is_left
from yakuba.kernel.values.api import Clock, Refusal


@verb("cases.ask_fee", label="手数料の納付依頼")
def ask_fee(*, by: Person, case: Case, items: Sequence[Mapping[str, Any]], clock: Clock) -> OrderRequest:
    """Ask for a fee outside of a decision (a certificate, a 届出 with a plate …). Raises `Refusal`."""
    case = hold(case)
    require_work(by, case)
    if case.standing is Phase.CLOSED:
        raise Refusal("この案件は終わっています。", hint="画面を開き直して、今の状態を確かめてください。")
    checked = checked_fee_items(items)
    amount = sum(one["yen"] * one["count"] for one in checked)
    if not amount:
        raise Refusal("手数料の額がありません。", field="fee_items", hint="単価と数を入れてください。")
    order = OrderRequest.objects.create(case=case, items=checked, amount=amount, asked_at=clock.now())
    touch(case, clock=clock)
    note(
        case,
        Happening.MONEY,
        by=by,
        clock=clock,
        words=f"手数料{amount:,}円の納付を依頼した",
        resident_words=f"手数料{amount:,}円をお納めください。",
    )
    return order


@verb("cases.mark_paid", label="手数料の納付の記録")
def mark_paid(*, by: Person, order: OrderRequest, where: str, slip: str, clock: Clock) -> OrderRequest:
    """The fee was paid at a counter: where, and the number of the receipt. Done twice it stays done.

    The case ends with it if nothing else is left. Raises `Refusal` without a place.
    """
    case = hold(order.case)
    require_work(by, case)
    held = _unpaid(order, OrderState.PAID)
    if held.state == OrderState.PAID:
        return held
    if not where.strip():
        raise Refusal("納めたところが空です。", field="where", hint="例：会計窓口、生活課の窓口")
    held.state, held.paid_at = OrderState.PAID, clock.now()
    held.paid_where, held.slip, held.marked_name = where.strip()[:80], slip.strip()[:60], by.name[:80]
    held.save()
    note(
        case,
        Happening.MONEY,
        by=by,
        clock=clock,
        words=f"手数料{held.amount:,}円が納められた（{held.paid_where}）",
        resident_words="手数料を受け取りました。",
    )
    _end_if_told(case, by, clock)
    return held


@verb("cases.drop_fee", label="手数料の減免・取消し")
def drop_fee(*, by: Person, order: OrderRequest, waives: bool, reason: str, clock: Clock) -> OrderRequest:
    """Waive a fee (減免) or cancel the request. Raises `Refusal` without a reason or for what is paid."""
    case = hold(order.case)
    require_work(by, case)
    held = _unpaid(order, OrderState.WAIVED if waives else OrderState.CANCELLED)
    if held.state != OrderState.UNPAID:
        return held
    if not reason.strip():
        raise Refusal("理由が空です。", field="reason", hint="減免の根拠、または取り消す理由を書いてください。")
    held.state = OrderState.WAIVED if waives else OrderState.CANCELLED
    held.reason, held.marked_name = reason.strip()[:200], by.name[:80]
    held.save()
    note(
        case,
        Happening.MONEY,
        by=by,
        clock=clock,
        words=f"手数料{held.amount:,}円：{held.get_state_display()}（{held.reason}）",
    )
    _end_if_told(case, by, clock)
    return held


def _unpaid(order: OrderRequest, wanted: OrderState) -> OrderRequest:
    held = OrderRequest.objects.select_for_update().get(pk=order.pk)
    if held.state not in (OrderState.UNPAID, wanted):
        raise Refusal(
            f"この手数料は、すでに「{held.get_state_display()}」です。",
            hint="画面を開き直して、今の状態を確かめてください。",
        )
    return held


def _end_if_told(case: Case, by: Person, clock: Clock) -> None:
    if case.notices.filter(state=NoticeState.ARRIVED, proposal__isnull=False).exists():
        finish_if_nothing_is_left(case, by=by, clock=clock)
