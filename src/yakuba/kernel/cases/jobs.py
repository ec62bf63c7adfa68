"""Work outside the request."""

from __future__ import annotations

from yakuba.kernel.access.api import system_person
from yakuba.kernel.cases.models import Case, Draw, Notice
from yakuba.kernel.cases.queries.notices import not_opened_in_time, posted_long_ago
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.cases.services import apply_draw, close_posted, mark_overdue, print_notice, put_on_paper
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


@job("cases.print_notice", label="通知書の作成")
def set_letter(*, notice: str) -> None:
    """Set the PDF of a letter."""
    found = Notice.objects.select_related("case", "number").filter(public_id=notice).first()
    if found is not None:
        print_notice(by=system_person("jobs"), notice=found, clock=town_clock())


@job("cases.follow_notices", label="通知書の到達の見回り", every=Daily("00:40"))
def follow_notices() -> None:
    """Put electronic letters nobody opened on paper, and end cases whose posted letter did not come back."""
    clock, by = town_clock(), system_person("jobs")
    for notice in not_opened_in_time(clock)[:AT_ONCE]:
        put_on_paper(by=by, notice=notice, clock=clock)
    for notice in posted_long_ago(clock)[:AT_ONCE]:
        close_posted(by=by, notice=notice, clock=clock)
