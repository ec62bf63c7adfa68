"""Work outside the request."""

from __future__ import annotations

from yakuba.kernel.access.api import system_person
from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.cases.services import mark_overdue
from yakuba.kernel.jobs.api import Daily, job
from yakuba.kernel.parameters.api import town_clock

AT_ONCE = 200


@job("cases.mark_overdue", label="補正の期限を過ぎた案件", every=Daily("00:20"))
def look_at_deadlines() -> None:
    """Put every case whose correction was not answered in time before a person; what is left follows the next night."""
    clock = town_clock()
    late = Case.objects.filter(phase=Phase.APPLICANT, answer_by__lt=clock.today()).order_by("answer_by")[:AT_ONCE]
    for case in late:
        mark_overdue(by=system_person("jobs"), case=case, clock=clock)
