"""Work outside the request."""

from __future__ import annotations

from datetime import timedelta

from yakuba.kernel.access.api import system_person
from yakuba.kernel.cases.models import Case, DisposalList, Draw, Notice
from yakuba.kernel.cases.queries.notices import come_back_by_post, not_opened_in_time, posted_long_ago
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.cases.services import (
    apply_draw,
    check_files,
    close_posted,
    dispose_some,
    mark_overdue,
    notice_came_back,
    print_notice,
    put_on_paper,
)
from yakuba.kernel.jobs.api import Daily, enqueue, job
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
    """Put electronic letters nobody opened on paper, note which posted ones came back, and end cases whose letter did
    not."""
    clock, by = town_clock(), system_person("jobs")
    for notice, reason in come_back_by_post()[:AT_ONCE]:
        notice_came_back(by=by, notice=notice, reason=reason, clock=clock)
    for notice in not_opened_in_time(clock)[:AT_ONCE]:
        put_on_paper(by=by, notice=notice, clock=clock)
    for notice in posted_long_ago(clock)[:AT_ONCE]:
        close_posted(by=by, notice=notice, clock=clock)


@job("cases.check_files", label="添付書類の個人番号の確認")
def look_into_files(*, case: str) -> None:
    """Look for My Numbers in the files of a case."""
    found = Case.objects.select_related("answers").filter(public_id=case).first()
    if found is not None:
        check_files(by=system_person("jobs"), case=found, clock=town_clock())


@job("cases.check_late_files", label="確認の残った添付書類", every=Daily("01:10"))
def look_into_late_files() -> None:
    """Look again at cases of the last days, some of whose files waited for the virus scanner."""
    clock = town_clock()
    since = clock.now() - timedelta(days=7)
    for case in Case.objects.filter(changed_at__gte=since).select_related("answers").order_by("pk")[:AT_ONCE]:
        check_files(by=system_person("jobs"), case=case, clock=clock)


@job("cases.dispose", label="保存期間の終わった案件の廃棄")
def dispose(*, disposal: str, part: int) -> None:
    """Dispose of the next cases of an approved list, and queue the rest."""
    found = DisposalList.objects.filter(public_id=disposal).first()
    if found is None:
        return
    if dispose_some(by=system_person("jobs"), disposal=found, clock=town_clock()).state == "approved":
        enqueue("cases.dispose", key=f"cases.dispose:{disposal}:{part + 1}", disposal=disposal, part=part + 1)
