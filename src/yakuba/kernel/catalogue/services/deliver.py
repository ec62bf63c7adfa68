"""Bringing the delivered catalogue into the town's: new procedures are made, what clerks changed is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.catalogue.access import ensure_keeps_all, ensure_may_edit
from yakuba.kernel.catalogue.models import Channel, Procedure, Source
from yakuba.kernel.catalogue.models.acted import acting
from yakuba.kernel.catalogue.rules.content import ContentRefused, ProcedureContent, read_content
from yakuba.kernel.catalogue.rules.delivery import DeliveredProcedure, Delivery
from yakuba.kernel.catalogue.rules.merge import Difference, differences, merge
from yakuba.kernel.catalogue.services.store import section_of_role, write_content
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import Clock, Refusal


class Outcome(StrEnum):
    """What came of one delivered procedure."""

    NEW = "new"
    UPDATED = "updated"
    SAME = "same"
    KEPT = "kept"

    @property
    def label(self) -> str:
        return {
            "new": "新しく登録",
            "updated": "更新",
            "same": "変わりなし",
            "kept": "町の内容を残した（違いあり）",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The outcome for one procedure, with what differs from the town's own words when those were kept."""

    key: str
    title: str
    outcome: Outcome
    differences: tuple[Difference, ...] = ()


def deliver(
    *, by: Person, delivery: Delivery, clock: Clock, on_step: Callable[[Delivered], object] = lambda one: None
) -> list[Delivered]:
    """Bring in a delivery, one transaction per procedure; running it again changes nothing.

    Raises `ContentRefused` with every fault before anything is written.
    """
    if delivery.faults:
        raise ContentRefused(tuple(delivery.faults))
    done = []
    for one in sorted(delivery.procedures, key=lambda each: each.content.number):
        outcome = deliver_procedure(by=by, delivered=one, clock=clock)
        on_step(outcome)
        done.append(outcome)
    return done


@verb("catalogue.deliver_procedure", label="配布データの手続きを取り込む")
def deliver_procedure(*, by: Person, delivered: DeliveredProcedure, clock: Clock) -> Delivered:
    """Make or update one procedure.

    A part follows the delivery unless a clerk changed it since the last one; then the town's words stay, and the
    delivery is kept beside them until somebody decides. Channels are only added, never changed or opened online.
    """
    ensure_keeps_all(by, "配布データを取り込む")
    content = delivered.content
    new = content.to_dict()
    procedure = Procedure.objects.select_for_update().filter(key=content.key).first()
    if procedure is None:
        taken = Procedure.objects.filter(number=content.number).first()
        if taken is not None:
            # A procedure the town added by itself has the number: the delivered one gets the next free one.
            content = content.model_copy(update={"number": next_number()})
        procedure = Procedure(delivered=new, is_sample=is_sample_town())
        write_content(procedure, content, by=by, source=Source.DELIVERED, note="", clock=clock)
        _add_channels(procedure, delivered, by=by, clock=clock)
        return Delivered(content.key, content.title.ja, Outcome.NEW)
    _add_channels(procedure, delivered, by=by, clock=clock)
    if procedure.section_id is None:
        procedure.section_id = section_of_role(procedure.section_role, clock.today())
        procedure.save(update_fields=["section"])
    if procedure.delivered == new:
        shown = _offered_differences(procedure)
        return Delivered(content.key, content.title.ja, Outcome.KEPT if shown else Outcome.SAME, shown)
    merged = merge(
        delivered_before=procedure.delivered or {},
        ours=procedure.values,
        delivered=new | {"number": procedure.number},
    )
    procedure.delivered = new
    procedure.offered = new if merged.kept else None
    if merged.taken:
        note = "配布データの更新"
        write_content(procedure, read_content(merged.values), by=by, source=Source.DELIVERED, note=note, clock=clock)
    else:
        procedure.save(update_fields=["delivered", "offered"])
    shown = _offered_differences(procedure)
    outcome = Outcome.KEPT if shown else (Outcome.UPDATED if merged.taken else Outcome.SAME)
    return Delivered(content.key, content.title.ja, outcome, shown)


@verb("catalogue.accept_offer", label="配布データの内容に合わせる")
def accept_offer(*, by: Person, procedure: Procedure, seen_edition: int, clock: Clock) -> Procedure:
    """Take over what the delivery says where the town's words differ."""
    kept = _with_offer(by, procedure, clock)
    if kept.edition != seen_edition:
        raise Refusal(
            "見ている間に、ほかの人がこの手続きを変えました。",
            hint="今の内容との違いを確かめてから、もう一度押してください。",
        )
    offered = read_content((kept.offered or {}) | {"number": kept.number})
    kept.offered = None
    write_content(kept, offered, by=by, source=Source.DELIVERED, note="配布データに合わせた", clock=clock)
    return kept


@verb("catalogue.decline_offer", label="町の内容のままにする")
def decline_offer(*, by: Person, procedure: Procedure, clock: Clock) -> Procedure:
    """Keep the town's words; the same delivery is not offered again."""
    kept = _with_offer(by, procedure, clock)
    kept.offered = None
    kept.save(update_fields=["offered"])
    return kept


def next_number() -> int:
    """The number of a new procedure: 1000 and up, so that later deliveries keep theirs."""
    last = Procedure.objects.filter(number__gte=1000).order_by("-number").values_list("number", flat=True).first()
    return (last or 999) + 1


def _with_offer(by: Person, procedure: Procedure, clock: Clock) -> Procedure:
    kept = Procedure.objects.select_for_update(of=("self",)).select_related("section").get(pk=procedure.pk)
    ensure_may_edit(by, kept, clock.today())
    if kept.offered is None:
        raise Refusal("配布データとの違いはありません。", hint="一覧に戻って確かめてください。")
    return kept


def _offered_differences(procedure: Procedure) -> tuple[Difference, ...]:
    if procedure.offered is None:
        return ()
    return differences(procedure.content, offered_content(procedure))


def offered_content(procedure: Procedure) -> ProcedureContent:
    """The delivery that waits for a word, under the procedure's own number."""
    return read_content((procedure.offered or {}) | {"number": procedure.number})


def _add_channels(procedure: Procedure, delivered: DeliveredProcedure, *, by: Person, clock: Clock) -> None:
    known = set(procedure.channels.values_list("kind", flat=True))
    first = len(known)
    Channel.objects.bulk_create(
        Channel(
            procedure=procedure,
            kind=kind.value,
            position=first + position,
            is_sample=procedure.is_sample,
            acted_at=clock.now(),
            **acting(by),
        )
        for position, kind in enumerate([*delivered.could, *delivered.ways])
        if kind.value not in known
    )
