"""Tasks out of meetings: who does what until when."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.plan.access import MAY_HAND_OVER, MAY_REPORT, MAY_STEER, ensure
from yakuba.plan.models import AgendaItem, Initiative, Plan, Task, TaskState
from yakuba.plan.models.acted import acting


@verb("plan.assign_task", label="対応事項を頼む")
def assign_task(
    *,
    by: Person,
    plan: Plan,
    agenda_item: AgendaItem | None,
    initiative: Initiative | None,
    words: str,
    section: Section | None,
    owner: Staff | None,
    due_on: date,
    clock: Clock,
) -> Task:
    """Ask a section or a person to do something until a day. Raises `Refusal` when nobody or no day fits."""
    ensure(by, may=MAY_STEER, doing="対応事項を頼む")
    if not words.strip():
        raise Refusal("することが空です。", field="words", hint="何をするのかを書いてください。")
    if section is None and owner is None:
        raise Refusal("担当がありません。", field="section", hint="担当課か担当者を選んでください。")
    if due_on < clock.today():
        raise Refusal("期限が過去の日付です。", field="due_on", hint="今日以降の日付を入力してください。")
    return Task.objects.create(
        plan=plan,
        agenda_item=agenda_item,
        initiative=initiative or (agenda_item.initiative if agenda_item else None),
        words=words.strip(),
        section=section,
        owner=owner,
        due_on=due_on,
        acted_at=clock.now(),
        **acting(by),
    )


@verb("plan.end_task", label="対応事項を終える")
def end_task(*, by: Person, task: Task, to: TaskState, report: str, clock: Clock) -> Task:
    """End a task as done, by its owner's section or the secretariat, or drop it, by the secretariat alone.

    Raises `NotAllowed` for others, `Refusal` without a report or for a task that has ended.
    """
    ensure(by, may=MAY_STEER if to is TaskState.DROPPED else MAY_REPORT, doing="対応事項を終える")
    kept = Task.objects.select_for_update().get(pk=task.pk)
    mine = kept.owner_id is not None and kept.owner_id == by.staff_id
    ours = kept.section_id is not None and kept.section_id in by.section_ids
    if not (mine or ours or MAY_STEER.allows(by)):
        raise NotAllowed("対応事項を終えられるのは、担当者・担当課・DX推進事務局です。")
    if to is TaskState.OPEN:
        raise Refusal("終わり方を選んでください。", field="to", hint="完了か取りやめを選んでください。")
    if kept.state != TaskState.OPEN:
        raise Refusal("この対応事項はすでに終わっています。", hint="一覧を開き直して、今の状態を確かめてください。")
    if not report.strip():
        raise Refusal("結果が空です。", field="report", hint="何をしたか、または取りやめの理由を書いてください。")
    kept.state, kept.report, kept.ended_on = to, report.strip(), clock.today()
    kept.save()
    return kept


@verb("plan.hand_over_task", label="対応事項を引き継ぐ")
def hand_over_task(*, by: Person, task: Task, to: Staff) -> Task:
    """Give an open task to another person (人事異動). One that has ended, or is already his, stays as it is."""
    ensure(by, may=MAY_STEER | MAY_HAND_OVER, doing="対応事項を引き継ぐ")
    kept = Task.objects.select_for_update().get(pk=task.pk)
    if kept.state == TaskState.OPEN and kept.owner_id != to.pk:
        kept.owner = to
        kept.save()
    return kept
