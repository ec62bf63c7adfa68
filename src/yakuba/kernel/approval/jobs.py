"""Work outside the request: seats after moves of people, reminders of what has waited for days."""

from __future__ import annotations

from datetime import timedelta

from yakuba.kernel.access.api import system_person
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.rules.flow import StageState
from yakuba.kernel.approval.rules.states import RequestState
from yakuba.kernel.approval.services import remind
from yakuba.kernel.approval.services.look_after import trace_seats_of
from yakuba.kernel.jobs.api import Daily, job
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.values.api import Refusal

REMIND_AFTER_DAYS = 3
AT_ONCE = 300


@job("approval.trace_seats", label="異動のあとの決裁の席の確かめ", every=Daily("00:10"))
def trace_moves() -> None:
    """Write down in whose seats somebody else sits since yesterday; what is left follows the next night."""
    clock = town_clock()
    for request in DecisionRequest.objects.filter(state=RequestState.WAITING.value).order_by("asked_at")[:AT_ONCE]:
        trace_seats_of(by=system_person("jobs"), request=request, clock=clock)


@job("approval.remind", label="待っている決裁の督促", every=Daily("08:20"))
def remind_of_waiting() -> None:
    """Tell whose turn it has been for three days; once a day at most, weekends excepted."""
    clock = town_clock()
    if clock.today().weekday() >= 5:
        return
    since = clock.now() - timedelta(days=REMIND_AFTER_DAYS)
    rows = DecisionRequest.objects.filter(
        state=RequestState.WAITING.value,
        pulled_back_at__isnull=True,
        stages__state=StageState.OPEN.value,
        stages__opened_at__lte=since,
    )
    for request in rows.distinct().order_by("asked_at")[:AT_ONCE]:
        try:
            remind(by=system_person("jobs"), request=request, clock=clock)
        except Refusal:  # reminded today already, or decided meanwhile
            continue
