"""What the plan board puts into the office's menu and on the clerk's worklist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q
from django.urls import reverse

from yakuba.kernel.access.api import Person, office_seat
from yakuba.kernel.home.api import SearchHit, WorkItem, menu_item, public_door, search_source, work_source
from yakuba.kernel.organisation.api import OpenWork, open_work_source
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import Ref, ref_of
from yakuba.kernel.values.api import Clock, Text
from yakuba.plan.access import MAY_JUDGE, MAY_REPORT, MAY_STEER, visible_to
from yakuba.plan.models import Advice, Initiative, Meeting, OodaLoop, SavedWork, Task, TaskState
from yakuba.plan.rules.ooda import Stage, deadline
from yakuba.plan.services.assign_task import hand_over_task

for _order, _title, _name in (
    (10, "進捗の一覧", "office-plan"),
    (20, "OODAの記録", "office-plan-loops"),
    (30, "推進本部会議", "office-plan-meetings"),
    (40, "対応事項", "office-plan-tasks"),
    (50, "プロジェクトチーム", "office-plan-teams"),
    (60, "助言", "office-plan-advice"),
    (70, "満足度調査", "office-plan-surveys"),
    (80, "生まれた時間", "office-plan-hours"),
    (85, "お知らせ", "office-plan-news"),
    (88, "年次報告書", "office-plan-reports"),
    (90, "計画の版", "office-plan-versions"),
):
    menu_item(group="計画", title=_title, url_name=_name, may=office_seat, order=_order)
public_door(title=Text("DX計画", easy="町の計画", en="Plan"), url_name="plan-overview", order=80)


@work_source("plan")
def open_work(person: Person, clock: Clock) -> Sequence[WorkItem]:
    """Tasks of the person and of the section, loops that wait for a word, advice and savings that wait for a decision."""
    items = _tasks(person)
    if MAY_REPORT.allows(person):
        items += _loops(person)
    if MAY_STEER.allows(person):
        items += [
            WorkItem(
                title=f"助言に答える: {one.text[:40]}",
                url=reverse("office-plan-advice-answer", args=[one.public_id]),
                kind="助言",
                lane="mine",
            )
            for one in visible_to(person, Advice).filter(plan__is_shown=True, answered_on__isnull=True)[:50]
        ]
    if MAY_JUDGE.allows(person):
        waiting = visible_to(person, SavedWork).filter(plan__is_shown=True, verdict__isnull=True)
        items += [
            WorkItem(
                title=f"生まれた時間の承認: {one.work}",
                url=reverse("office-plan-hours-decide", args=[one.public_id]),
                kind="生まれた時間",
                lane="decide",
            )
            for one in waiting.exclude(acted_by=person.id)[:50]
        ]
    return items


def _tasks(person: Person) -> list[WorkItem]:
    mine = Q(owner_id=person.staff_id) if person.staff_id else Q(pk__in=[])
    ours = Q(section_id__in=person.section_ids)
    rows = visible_to(person, Task).filter(mine | ours, plan__is_shown=True, state=TaskState.OPEN)
    return [
        WorkItem(
            title=task.words,
            url=reverse("office-plan-task", args=[task.public_id]),
            kind="対応事項",
            lane="mine" if person.staff_id and task.owner_id == person.staff_id else "section",
            due=task.due_on,
            note=task.initiative.number if task.initiative else "",
        )
        for task in rows.select_related("initiative").order_by("due_on")[:100]
    ]


def _loops(person: Person) -> list[WorkItem]:
    rows = visible_to(person, OodaLoop).filter(plan__is_shown=True).exclude(stage=Stage.CLOSED.value)
    if not MAY_STEER.allows(person):
        # An initiative's section is not in the plan file; outside the secretariat loops reach the project teams.
        rows = rows.filter(initiative__teams__members__staff_id=person.staff_id or 0)
    return [
        WorkItem(
            title=loop.title,
            url=reverse("office-plan-loop", args=[loop.public_id]),
            kind="OODA",
            lane="mine",
            due=deadline(Stage(loop.stage), loop.opened_on),
            note=loop.get_stage_display(),
        )
        for loop in rows.distinct().order_by("opened_on")[:50]
    ]


@search_source("plan")
def found(person: Person, words: str) -> Sequence[SearchHit]:
    """Initiatives, meetings, loops and tasks whose words match."""
    hits = [
        SearchHit(str(one), reverse("office-plan-initiative", args=[one.key]), "取組")
        for one in visible_to(person, Initiative)
        .filter(Q(title__icontains=words) | Q(number__icontains=words), plan__is_shown=True, is_current=True)
        .order_by("position")[:20]
    ]
    hits += [
        SearchHit(one.title, reverse("office-plan-meeting", args=[one.public_id]), "本部会議", one.held_on.isoformat())
        for one in visible_to(person, Meeting)
        .filter(Q(title__icontains=words) | Q(agenda__title__icontains=words), plan__is_shown=True)
        .distinct()[:20]
    ]
    hits += [
        SearchHit(one.title, reverse("office-plan-loop", args=[one.public_id]), "OODA", str(one.get_stage_display()))
        for one in visible_to(person, OodaLoop).filter(title__icontains=words, plan__is_shown=True)[:20]
    ]
    return hits + [
        SearchHit(one.words, reverse("office-plan-task", args=[one.public_id]), "対応事項", one.due_on.isoformat())
        for one in visible_to(person, Task).filter(words__icontains=words, plan__is_shown=True)[:20]
    ]


def _hand_over(*, ref: Ref, from_staff_id: int, to_staff_id: int, on: date, by: Person) -> object:
    task = Task.objects.filter(public_id=ref.public_id, owner_id=from_staff_id).first()
    return hand_over_task(by=by, task=task, to=Staff.objects.get(pk=to_staff_id)) if task else None


@open_work_source("plan.tasks", hand_over=_hand_over)
def tasks_in_hand(staff_ids: frozenset[int], on: date) -> Iterable[OpenWork]:
    """Open tasks of people who move or leave; each needs an heir."""
    for task in Task.objects.filter(owner_id__in=staff_ids, state=TaskState.OPEN).order_by("due_on"):
        if task.owner_id is not None:
            yield OpenWork(
                kind="対応事項",
                ref=ref_of(task),
                title=task.words,
                holder_id=task.owner_id,
                section_id=task.section_id,
                due=task.due_on,
            )
