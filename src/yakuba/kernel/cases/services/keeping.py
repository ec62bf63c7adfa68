"""Keeping cases as long as they must be kept, and disposing of them (保存・廃棄)."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from yakuba.kernel.access.api import NotAllowed, Person, Role
from yakuba.kernel.approval.api import dispose_content
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import require_work, sections_of, works_on_cases
from yakuba.kernel.cases.models import (
    Case,
    DisposalItem,
    DisposalList,
    DisposalState,
    Grant,
    GrantCase,
    Happening,
    LegalHold,
    Proposal,
)
from yakuba.kernel.cases.queries.answers import files_of
from yakuba.kernel.cases.queries.keeping import as_kept, due_for_disposal
from yakuba.kernel.cases.rules.keeping import kept_until, why_kept
from yakuba.kernel.cases.services.moving import hold, note
from yakuba.kernel.files.api import discard_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.forms.models import AnswerSet
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock, Refusal

MOST_ON_A_LIST = 2000
DISPOSED_AT_ONCE = 5


@verb("cases.set_hold", label="廃棄の停止")
def set_hold(*, by: Person, case: Case, reason: str, clock: Clock) -> LegalHold:
    """Keep a case whatever its retention says: a remedy, a lawsuit, an audit. Raises `Refusal` without a reason."""
    case = hold(case)
    require_work(by, case)
    if not reason.strip():
        raise Refusal("止める理由が空です。", field="reason", hint="例：審査請求の係属中（令和8年第3号）")
    held = LegalHold.objects.create(case=case, reason=reason.strip()[:400], set_at=clock.now(), set_name=by.name[:80])
    note(case, Happening.RECORD, by=by, clock=clock, words=f"廃棄を止めた：{held.reason[:200]}")
    return held


@verb("cases.end_hold", label="廃棄の停止の解除")
def end_hold(*, by: Person, hold_on: LegalHold, clock: Clock) -> LegalHold:
    """The reason is gone; the retention counts again."""
    case = hold(hold_on.case)
    require_work(by, case)
    held = LegalHold.objects.select_for_update().get(pk=hold_on.pk)
    if held.ended_at is None:
        held.ended_at, held.ended_name = clock.now(), by.name[:80]
        held.save()
        note(case, Happening.RECORD, by=by, clock=clock, words="廃棄の停止を解いた")
    return held


@verb("cases.draw_up_disposal", label="廃棄目録の作成")
def draw_up_disposal(*, by: Person, section: Section, until: date, clock: Clock) -> DisposalList:
    """List every case of a section whose retention is over by ``until``. Raises `Refusal` for a day to come or an empty
    list, `NotAllowed` for others than the section."""
    if not (works_on_cases.allows(by) and section.pk in sections_of(by)):
        raise NotAllowed(f"{section}の廃棄目録を作れるのは、その課の職員です。")
    if until > clock.today():
        raise Refusal("先の日は選べません。", field="until", hint="今日までの日を入れてください。")
    found = list(due_for_disposal(section, until)[:MOST_ON_A_LIST])
    if not found:
        raise Refusal("保存期間の終わった案件はありません。", hint="日付を確かめてください。")
    disposal = DisposalList.objects.create(
        section=section,
        until=until,
        count=len(found),
        drawn_up_by=by.id,
        drawn_up_name=by.name[:80],
        drawn_up_at=clock.now(),
    )
    DisposalItem.objects.bulk_create(
        [
            DisposalItem(
                disposal=disposal,
                case=case,
                number=case.number,
                procedure=case.procedure,
                received_on=case.received_on,
                completed_on=case.completed_on,
                kept_until=kept_until(case.completed_on, case.procedure.retention_years),
                arrival=case.arrival,
            )
            for case in found
            if case.completed_on is not None
        ],
        batch_size=200,
    )
    return disposal


@verb("cases.approve_disposal", label="廃棄目録の承認")
def approve_disposal(*, by: Person, disposal: DisposalList, clock: Clock) -> DisposalList:
    """Another person than the one who drew the list up approves it: a head of the section or above, or the mayor.

    A job then disposes of the cases, a few at a time. Raises `Refusal`, `NotAllowed`.
    """
    held = DisposalList.objects.select_for_update(of=("self",)).select_related("section").get(pk=disposal.pk)
    is_head = by.has(Role.SECTION_HEAD) and held.section_id in sections_of(by)
    if not (is_head or by.has(Role.MAYOR, Role.DEPUTY_MAYOR)):
        raise NotAllowed("廃棄を承認できるのは、所属長と町長・副町長です。")
    if by.id == held.drawn_up_by:
        raise NotAllowed("自分で作った廃棄目録は、自分では承認できません。")
    if held.state != DisposalState.DRAWN_UP:
        raise Refusal(f"この廃棄目録は、すでに「{held.get_state_display()}」です。", hint="画面を開き直してください。")
    held.state = DisposalState.APPROVED
    held.approved_by, held.approved_name, held.approved_at = by.id, by.name[:80], clock.now()
    held.save()
    enqueue("cases.dispose", key=f"cases.dispose:{held.public_id}:0", disposal=held.public_id, part=0)
    return held


@verb("cases.drop_disposal", label="廃棄目録の取りやめ")
def drop_disposal(*, by: Person, disposal: DisposalList, clock: Clock) -> DisposalList:
    """Give a list up before it is approved."""
    held = DisposalList.objects.select_for_update().get(pk=disposal.pk)
    if not (works_on_cases.allows(by) and held.section_id in sections_of(by)):
        raise NotAllowed("廃棄目録を取りやめられるのは、その課の職員です。")
    if held.state != DisposalState.DRAWN_UP:
        raise Refusal(f"この廃棄目録は、すでに「{held.get_state_display()}」です。", hint="画面を開き直してください。")
    held.state = DisposalState.DROPPED
    held.save(update_fields=["state"])
    return held


@verb("cases.dispose_some", label="案件の廃棄")
def dispose_some(*, by: Person, disposal: DisposalList, clock: Clock) -> DisposalList:
    """Dispose of the next cases of an approved list; called by a job until none is left.

    Each is looked at again: a hold set meanwhile keeps it. What stays is the line of the list, without any name.
    """
    held = DisposalList.objects.select_for_update().get(pk=disposal.pk)
    if held.state != DisposalState.APPROVED:
        return held
    waiting: QuerySet[DisposalItem] = held.items.filter(disposed_on=None, left_because="").order_by("number")
    for item in waiting[:DISPOSED_AT_ONCE]:
        rows = Case.objects.select_for_update(of=("self",)).select_related("procedure")
        case = rows.filter(pk=item.case_id).first() if item.case_id is not None else None
        why = why_kept(as_kept(case), on=clock.today()) if case is not None else ""
        if case is not None and not why:
            _dispose(case, by, clock)
        item.disposed_on = None if why else clock.today()
        item.left_because = why
        item.case = case if why else None
        item.save()
    if not waiting.exists():
        held.state, held.done_at = DisposalState.DONE, clock.now()
        held.save()
    return held


def _dispose(case: Case, by: Person, clock: Clock) -> None:
    """Remove a case with everything that hangs on it: answers, parties, history, letters, files, what was decided."""
    dispose_content(by=by, subject=ref_of(case), clock=clock)
    answer_sets = _chain(case.answers)
    ids = set(files_of(case.answers))
    ids |= set(case.notices.exclude(file=None).values_list("file__public_id", flat=True))
    for proposal in Proposal.objects.filter(case=case):
        proposal.notices.all().delete()
    case.notices.all().delete()
    case.proposals.all().delete()
    grant_id = GrantCase.objects.filter(case=case).values_list("grant_id", flat=True).first()
    case.delete()
    if grant_id is not None and not GrantCase.objects.filter(grant_id=grant_id).exists():
        Grant.objects.filter(pk=grant_id).delete()
    for answers in answer_sets:
        answers.delete()
    for file in StoredFile.objects.filter(public_id__in=ids, state="stored"):
        discard_file(by=by, file=file, reason="保存期間が終わったため")


def _chain(answers: AnswerSet | None) -> list[AnswerSet]:
    """The answers with those before them, the latest first."""
    found: list[AnswerSet] = []
    while answers is not None:
        found.append(answers)
        answers = answers.previous
    return found
