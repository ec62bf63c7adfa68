"""Keeping the due day of a held case; no verb itself."""

from __future__ import annotations

from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.queries.calendar import town_calendar
from yakuba.kernel.cases.rules.deadlines import due_day, pause


def reckon(case: Case) -> None:
    """Work the due day out again from arrival and corrections. The caller stores the case."""
    if case.standard_days is None or case.counts_from is None:
        case.due_on = None
        return
    pauses = [
        one
        for correction in case.corrections.all()
        if (one := pause(correction.asked_on, correction.closed_on, correction.deadline)) is not None
    ]
    case.due_on = due_day(
        counts_from=case.counts_from,
        days=case.standard_days,
        pauses=pauses,
        is_stopped=case.standing.waits_for_applicant,
        calendar=town_calendar(),
    )
