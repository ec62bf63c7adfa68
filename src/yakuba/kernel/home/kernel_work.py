"""Open work of the kernel engines, for the worklist."""

from __future__ import annotations

from django.urls import reverse

from yakuba.kernel.access.api import Person, Role
from yakuba.kernel.approval.api import returned_to, to_see_afterwards, turns_of
from yakuba.kernel.home.plugins import WorkItem, work_source
from yakuba.kernel.jobs.api import count_jobs
from yakuba.kernel.kpi.api import known_measures, waiting_measurements
from yakuba.kernel.parameters.api import title_of, waiting_values
from yakuba.kernel.values.api import Clock

_APPROVERS = (Role.SECRETARIAT, Role.DEPUTY_MAYOR, Role.MAYOR)


@work_source("kpi")
def measurements_to_approve(person: Person, clock: Clock) -> list[WorkItem]:
    """Values taken by hand that wait for a second person; one's own wait visibly for somebody else."""
    names = known_measures()
    items = []
    for one in waiting_measurements():
        is_own = one.entered_by == person.id
        if not is_own and not person.has(*_APPROVERS):
            continue
        measure = names.get(one.measure_id)
        title = measure.title.in_language("ja") if measure else one.measure_id
        items.append(
            WorkItem(
                title=f"{title}：{one.value.normalize():f}",
                url=reverse("kpi-hand", args=[one.public_id]),
                kind="指標の手入力",
                lane="mine" if is_own else "decide",
                note="ほかの人の承認を待っています" if is_own else f"入力：{one.entered_name}",
            )
        )
    return items


@work_source("parameters")
def values_to_decide(person: Person, clock: Clock) -> list[WorkItem]:
    """Dated values that wait for a second person."""
    return [
        WorkItem(
            title=f"{title_of(one.key)}：{one.value}",
            url=reverse("parameter", args=[one.key]),
            kind="条例などに基づく値",
            lane="mine" if one.proposed_by == person.id else "decide",
            due=one.valid_from,
            note=f"提案：{one.proposed_name}",
        )
        for one in waiting_values()
        if one.proposed_by == person.id or person.has(*_APPROVERS)
    ]


@work_source("approval")
def decisions(person: Person, clock: Clock) -> list[WorkItem]:
    """Requests whose turn is the person's, what to see, now or afterwards (後閲), what was sent back to them, and one line
    for what they may do as deputy."""
    turns = turns_of(person, on=clock.today())
    items = [
        WorkItem(
            title=one.title,
            url=reverse("approval-decision", args=[one.public_id]),
            kind=one.kind,
            lane="decide",
            due=one.due,
            note=f"起案：{one.asked_name}（{one.section.name}）",
        )
        for one in turns.own
    ]
    items += [
        WorkItem(
            title=f"供覧：{one.title}",
            url=reverse("approval-decision", args=[one.public_id]),
            kind=one.kind,
            lane="mine",
            note=f"起案：{one.asked_name}（{one.section.name}）",
        )
        for one in turns.see
    ]
    items += [
        WorkItem(
            title=f"後閲：{one.title}",
            url=reverse("approval-decision", args=[one.public_id]),
            kind=one.kind,
            lane="mine",
            note="不在の間に代決されたものです",
        )
        for one in to_see_afterwards(person)
    ]
    items += [
        WorkItem(
            title=f"差戻し：{one.title}",
            url=reverse("approval-decision", args=[one.public_id]),
            kind=one.kind,
            lane="mine",
            due=one.due,
            note="直して、もう一度決裁を求めてください",
        )
        for one in returned_to(person)
    ]
    if turns.deputy:
        items.append(
            WorkItem(
                f"代決できるもの {len(turns.deputy)} 件",
                reverse("approval-decisions") + "?box=deputy",
                "決裁",
                "section",
                note="本人が不在のときに、代わって決裁します",
            )
        )
    return items


@work_source("jobs")
def failed_jobs(person: Person, clock: Clock) -> list[WorkItem]:
    """Failed jobs, for IT."""
    count = count_jobs("failed") if person.has(Role.IT) else 0
    if not count:
        return []
    return [WorkItem(f"失敗したジョブ {count} 件", reverse("jobs") + "?state=failed", "運用", "mine")]
