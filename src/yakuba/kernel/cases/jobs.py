"""Work outside the request."""

from __future__ import annotations

from yakuba.kernel.access.api import system_person
from yakuba.kernel.cases.models import Case, Draw
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.cases.services import apply_draw, mark_overdue
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


@job("cases.apply_draw", label="抽選の結果の反映")
def tell_lots(*, draw: str) -> None:
    """Tell the next cases of a draw what they drew."""
    found = Draw.objects.filter(public_id=draw).first()
    if found is not None:
        apply_draw(by=system_person("jobs"), draw=found, clock=town_clock())
