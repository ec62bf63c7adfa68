"""Places of a 申込: given by the clerk, to who comes first, or by lot."""

from __future__ import annotations

import secrets

from django.db.models import Max

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import require_work, sections_of, works_on_cases
from yakuba.kernel.cases.events import PlaceDecided
from yakuba.kernel.cases.models import Case, Draw, Handling, SignUpMode
from yakuba.kernel.cases.rules.places import Lot, drawn_order, lot_of, place_on_arrival
from yakuba.kernel.cases.rules.states import Mover
from yakuba.kernel.cases.services.moving import hold, move
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.events.api import publish
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.values.api import Clock, Refusal

_WORDS = {
    Lot.CONFIRMED: ("確定した", "申込が確定しました。"),
    Lot.WAITLISTED: ("定員に達しているため、空き待ちにした", "定員に達しているため、空きをお待ちいただきます。"),
    Lot.LOST: ("落選とした", "今回はご利用いただけません。"),
}
APPLIED_AT_ONCE = 20


def settle_on_arrival(case: Case, *, by: Person, clock: Clock) -> Case:
    """Give a place at once where the procedure is first come, first served; within the verb that receives the case.

    Two at the same moment wait for each other at the row of the handling, so the last place is given once.
    """
    handling = Handling.objects.select_for_update().filter(procedure=case.procedure).first()
    if handling is None or handling.sign_up_mode != SignUpMode.FIRST_COME or handling.places is None:
        return case
    lot = place_on_arrival(
        taken=_count(case.procedure, Lot.CONFIRMED),
        waiting=_count(case.procedure, Lot.WAITLISTED),
        places=handling.places,
    )
    return _settled(case, lot, Mover.SYSTEM, by=by, clock=clock)


@verb("cases.decide_place", label="申込の確定・空き待ち")
def decide_place(*, by: Person, case: Case, lot: Lot, clock: Clock, seen_edition: int | None = None) -> Case:
    """Confirm a 申込, put it on the waiting list, or tell that there is no place. Never more than there are places.

    Raises `Refusal` when all places are taken.
    """
    handling = Handling.objects.select_for_update().filter(procedure_id=case.procedure_id).first()
    case = hold(case, seen_edition=seen_edition)
    require_work(by, case)
    lot = Lot(lot)
    if (
        lot is Lot.CONFIRMED
        and handling is not None
        and handling.places is not None
        and _count(case.procedure, Lot.CONFIRMED) >= handling.places
    ):
        raise Refusal(
            f"定員（{handling.places}）に達しています。",
            hint="空き待ちにするか、定員を改めてから確定してください。",
        )
    return _settled(case, lot, Mover.CLERK, by=by, clock=clock)


@verb("cases.cancel_place", label="申込の取消し")
def cancel_place(*, by: Person, case: Case, reason: str, clock: Clock) -> Case:
    """The town cancels a 申込; the reason is told. Raises `Refusal` without one."""
    case = hold(case)
    require_work(by, case)
    if not reason.strip():
        raise Refusal("取り消す理由が空です。", field="reason", hint="申し込んだ人に分かるように書いてください。")
    case.due_on = case.answer_by = None
    move(
        case,
        "cancelled",
        Mover.CLERK,
        by=by,
        clock=clock,
        words=reason.strip(),
        resident_words=f"町が取り消しました：{reason.strip()}",
    )
    publish(PlaceDecided(case_public_id=case.public_id, lot="cancelled"))
    return case


@verb("cases.move_up", label="空き待ちからの繰上げ")
def move_up(*, by: Person, procedure: Procedure, clock: Clock) -> Case | None:
    """Give a free place to who waits longest; ``None`` when nobody waits or no place is free."""
    handling = Handling.objects.select_for_update().filter(procedure=procedure).first()
    _require_section(by, procedure)
    if handling is None or handling.places is None or _count(procedure, Lot.CONFIRMED) >= handling.places:
        return None
    first = (
        Case.objects.filter(procedure=procedure, state=Lot.WAITLISTED.value)
        .order_by("queue_rank", "received_at")
        .first()
    )
    return _settled(hold(first), Lot.CONFIRMED, Mover.CLERK, by=by, clock=clock) if first else None


@verb("cases.draw_lots", label="抽選")
def draw_lots(*, by: Person, procedure: Procedure, reserves: int, clock: Clock) -> Draw:
    """Draw among all sign-ups that are received or wait for the draw; the order is stored with its seed.

    A job tells the cases, some at a time. Raises `Refusal` without places, without anybody to draw among, and while an
    earlier draw is not finished.
    """
    handling = Handling.objects.select_for_update().filter(procedure=procedure).first()
    _require_section(by, procedure)
    if handling is None or handling.places is None:
        raise Refusal("定員が決まっていません。", field="places", hint="案件の取扱いの画面で、定員を入れてください。")
    unfinished = [one for one in Draw.objects.filter(procedure=procedure) if one.applied < len(one.order)]
    if unfinished:
        raise Refusal("前の抽選の結果を反映しているところです。", hint="少し待ってから、もう一度開いてください。")
    ids = list(
        Case.objects.filter(procedure=procedure, kind="sign_up", state__in=["received", "drawing"]).values_list(
            "public_id", flat=True
        )
    )
    if not ids:
        raise Refusal("抽選する申込がありません。", hint="受付の状態の申込があるときに行ってください。")
    seed = secrets.token_hex(16)
    draw = Draw.objects.create(
        procedure=procedure,
        seed=seed,
        order=list(drawn_order(seed, ids)),
        places=max(handling.places - _count(procedure, Lot.CONFIRMED), 0),
        reserves=max(reserves, 0),
        drawn_at=clock.now(),
        drawn_name=by.name[:80],
    )
    enqueue("cases.apply_draw", key=f"cases.apply_draw:{draw.public_id}:0", draw=draw.public_id)
    return draw


@verb("cases.apply_draw", label="抽選の結果の反映")
def apply_draw(*, by: Person, draw: Draw, clock: Clock) -> Draw:
    """Tell the next cases of a draw what they drew. A case that left meanwhile is passed over."""
    draw = Draw.objects.select_for_update().get(pk=draw.pk)
    chosen = draw.order[draw.applied : draw.applied + APPLIED_AT_ONCE]
    for rank, public_id in enumerate(chosen, start=draw.applied):
        case = Case.objects.filter(public_id=public_id).first()
        if case is None:
            continue
        case = hold(case)
        if case.state == "received":
            move(case, "drawing", Mover.SYSTEM, by=by, clock=clock, words="抽選にした")
        if case.state == "drawing":
            lot = lot_of(rank, places=draw.places, reserves=draw.reserves)
            _settled(case, lot, Mover.SYSTEM, by=by, clock=clock, why=f"抽選（{rank + 1}番）")
    draw.applied += len(chosen)
    draw.save(update_fields=["applied"])
    if draw.applied < len(draw.order):
        enqueue("cases.apply_draw", key=f"cases.apply_draw:{draw.public_id}:{draw.applied}", draw=draw.public_id)
    return draw


def _settled(case: Case, lot: Lot, mover: Mover, *, by: Person, clock: Clock, why: str = "") -> Case:
    words, told = _WORDS[lot]
    case.due_on = None
    case.queue_rank = _next_rank(case.procedure) if lot is Lot.WAITLISTED else None
    move(case, lot.value, mover, by=by, clock=clock, words=f"{why}：{words}" if why else words, resident_words=told)
    publish(PlaceDecided(case_public_id=case.public_id, lot=lot.value))
    return case


def _next_rank(procedure: Procedure) -> int:
    last = Case.objects.filter(procedure=procedure, state=Lot.WAITLISTED.value).aggregate(last=Max("queue_rank"))[
        "last"
    ]
    return int(last or 0) + 1


def _count(procedure: Procedure, lot: Lot) -> int:
    return Case.objects.filter(procedure=procedure, state=lot.value).count()


def _require_section(by: Person, procedure: Procedure) -> None:
    if not (works_on_cases.allows(by) and procedure.section_id in sections_of(by)):
        raise NotAllowed(f"「{procedure}」の申込を扱えるのは、担当の課の職員です。")
