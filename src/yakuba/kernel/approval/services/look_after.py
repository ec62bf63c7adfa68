"""What the house does by itself for drafts on their way."""

from __future__ import annotations

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.on_the_way import Day, stages_of
from yakuba.kernel.approval.services.routing import trace_seats
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock


@verb("approval.trace_seats", label="決裁の席の移り変わりの記録")
def trace_seats_of(*, by: Person, request: DecisionRequest, clock: Clock) -> int:
    """Write down where somebody else sits now (異動); gives how many seats. Only the system does it."""
    if by.kind is not PersonKind.SYSTEM:
        raise NotAllowed("席の移り変わりは、毎晩の処理が記録します。")
    kept = DecisionRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    day = Day.of(clock.today())
    return trace_seats(kept, stages_of([kept], day)[kept.pk], on=day.on)
