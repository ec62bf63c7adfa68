"""Taking and giving back places of a slot: one statement each, watched over by the database."""

from __future__ import annotations

from django.db.models import F

from yakuba.kernel.values.api import Clock, Refusal
from yakuba.residents.card_support.models import Slot
from yakuba.residents.card_support.rules.slots import bookable_from, why_not


class SlotFull(Refusal):
    """The slot cannot be taken: full, closed, over. The page offers the next free ones."""


_SAID = {
    "closed": "この時間は、町の都合で受け付けを終わりました。",
    "over": "この時間は、予約の締切を過ぎました。",
    "purpose": "この時間は、選んだ用件を受け付けていません。",
    "full": "この時間は、ちょうど満員になりました。",
}


def take_places(slot: Slot, *, people: int, purpose: str, clock: Clock, days_before: int | None) -> None:
    """Take places of a slot within the caller's transaction. ``days_before`` None: a clerk, whom no deadline binds.

    The condition stands in the statement that counts, so of many who press at once as many succeed as there are places.
    Raises `SlotFull`.
    """
    since = slot.starts_at if days_before is None else bookable_from(clock.now(), days_before=days_before)
    reason = why_not(
        starts_at=slot.starts_at,
        is_closed=slot.is_closed,
        free=slot.free,
        people=people,
        purposes=slot.purposes,
        purpose=purpose,
        since=since,
    )
    if not reason:
        took = Slot.objects.filter(pk=slot.pk, is_closed=False, taken__lte=F("capacity") - people).update(
            taken=F("taken") + people
        )
        reason = "" if took else "full"
    if reason:
        raise SlotFull(_SAID[reason], field="slot", hint="別の時間を選んでください。")


def give_back(slot: Slot, *, people: int) -> None:
    """Give places back."""
    Slot.objects.filter(pk=slot.pk).update(taken=F("taken") - people)
