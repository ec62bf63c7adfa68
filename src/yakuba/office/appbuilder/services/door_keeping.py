"""When the time of keeping is over, what came in through a door is erased; that it came is still counted."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.approval.api import dispose_content
from yakuba.kernel.audit.api import verb
from yakuba.kernel.files.api import discard_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock
from yakuba.office.appbuilder.models import (
    AnsweredMark,
    Arrival,
    Cell,
    Entrance,
    PressRequest,
    PressState,
    Record,
    RecordComment,
    RecordHistory,
)
from yakuba.office.appbuilder.queries.door_numbers import public_results
from yakuba.office.appbuilder.rules.doors import DoorKind

AT_ONCE = 100


@verb("appbuilder.erase_arrivals", label="保存期間の終わった入口の内容の消去")
def erase_arrivals(*, by: Person, limit: int = AT_ONCE, clock: Clock) -> int:
    """Erase the values of some records whose time is over, all that hangs on them, and whom they lead to. How many.

    A record that waits for a decision waits for its end. The counts of a survey as they were public stay with the door.
    """
    today = clock.today()
    some = list(
        Arrival.objects.filter(kept_until__lte=today, erased_on__isnull=True)
        .exclude(record__press_requests__state=PressState.WAITING)
        .select_related("entrance__app")
        .order_by("pk")[:limit]
    )
    for entrance in {one.entrance_id: one.entrance for one in some}.values():
        _keep_counts(entrance, clock)
    records = [one.record_id for one in some]
    erase_beside(by, records, clock)
    Cell.objects.filter(record_id__in=records).delete()
    Record.objects.filter(pk__in=records, deleted_at__isnull=True).update(deleted_at=clock.now())
    Record.objects.filter(pk__in=records).update(values={}, kept={}, erased_on=today)
    RecordHistory.objects.filter(record_id__in=records).delete()
    Arrival.objects.filter(pk__in=[one.pk for one in some]).update(
        account="", mail="", person="", code="", reason="", erased_on=today
    )
    _forget_marks([one.entrance for one in some])
    return len(some)


def _keep_counts(entrance: Entrance, clock: Clock) -> None:
    if entrance.content and entrance.door.kind is DoorKind.SURVEY and not entrance.finals:
        entrance.finals = [
            {"field": one.field, "answers": one.answers, "counts": [list(pair) for pair in one.counts]}
            for one in public_results(entrance, clock=clock)
        ]
        Entrance.objects.filter(pk=entrance.pk).update(finals=entrance.finals)


def _forget_marks(entrances: list[Entrance]) -> None:
    """Of a door whose answers are all erased, who answered is forgotten too."""
    for entrance in {one.pk: one for one in entrances}.values():
        if not Arrival.objects.filter(entrance=entrance, erased_on__isnull=True).exists():
            AnsweredMark.objects.filter(entrance=entrance).delete()


def erase_beside(by: Person, records: list[int], clock: Clock) -> None:
    """What hangs on records: comments, files, what was put forward for decision."""
    RecordComment.objects.filter(record_id__in=records).update(text="", mentioned=[])
    pressed = PressRequest.objects.filter(record_id__in=records)
    for record in Record.objects.filter(pk__in=pressed.values("record")):
        dispose_content(by=by, subject=ref_of(record), clock=clock)
    pressed.update(sets=[], content={})
    refs = [ref_of(record) for record in Record.objects.filter(pk__in=records)]
    owned = StoredFile.objects.filter(
        owner_kind__in={one.kind for one in refs}, owner_id__in=[one.public_id for one in refs]
    )
    for file in owned.exclude(state="discarded"):
        discard_file(by=by, file=file, reason="保存期間の満了")
