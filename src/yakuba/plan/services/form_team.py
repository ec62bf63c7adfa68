"""Project teams."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.plan.access import MAY_STEER, ensure
from yakuba.plan.models import Initiative, Plan, ProjectTeam, TeamMember, TeamRole
from yakuba.plan.models.acted import acting


@verb("plan.form_team", label="プロジェクトチームをつくる")
def form_team(
    *,
    by: Person,
    plan: Plan,
    name: str,
    aim: str,
    section: Section,
    initiatives: Sequence[Initiative],
    starts_on: date,
    clock: Clock,
) -> ProjectTeam:
    """Form a team around a problem. Raises `Refusal` without name, aim or initiative."""
    ensure(by, may=MAY_STEER, doing="プロジェクトチームをつくる")
    for field, value, what in (("name", name, "チーム名"), ("aim", aim, "解決する課題")):
        if not value.strip():
            raise Refusal(f"{what}が空です。", field=field, hint=f"{what}を書いてください。")
    if not initiatives:
        raise Refusal("取組が選ばれていません。", field="initiatives", hint="関わる取組を1つ以上選んでください。")
    team = ProjectTeam.objects.create(
        plan=plan,
        name=name.strip(),
        aim=aim.strip(),
        section=section,
        starts_on=starts_on,
        acted_at=clock.now(),
        **acting(by),
    )
    team.initiatives.set(initiatives)
    return team


@verb("plan.join_team", label="チームに加える")
def join_team(
    *, by: Person, team: ProjectTeam, staff: Staff, role: TeamRole, starts_on: date, clock: Clock
) -> TeamMember:
    """Add a person to a team. Raises `Refusal` when the person is in it already or the team has ended."""
    ensure(by, may=MAY_STEER, doing="チームの一員を変える")
    kept = ProjectTeam.objects.select_for_update().get(pk=team.pk)
    if kept.ends_on is not None:
        raise Refusal("このチームは終わっています。", hint="新しいチームをつくってください。")
    if TeamMember.objects.filter(team=kept, staff=staff, ends_on__isnull=True).exists():
        raise Refusal(f"{staff.name}さんは、すでにこのチームにいます。", field="staff", hint="一覧を確かめてください。")
    return TeamMember.objects.create(
        team=kept, staff=staff, role=role, starts_on=starts_on, acted_at=clock.now(), **acting(by)
    )


@verb("plan.leave_team", label="チームから外す")
def leave_team(*, by: Person, member: TeamMember, ends_on: date, clock: Clock) -> TeamMember:
    """End a membership; `ends_on` is the first day without it."""
    ensure(by, may=MAY_STEER, doing="チームの一員を変える")
    kept = TeamMember.objects.select_for_update().get(pk=member.pk)
    if kept.ends_on is not None:
        raise Refusal("すでにチームから外れています。", hint="一覧を開き直してください。")
    kept.ends_on = max(ends_on, kept.starts_on)
    kept.save()
    return kept


@verb("plan.end_team", label="チームを終える")
def end_team(*, by: Person, team: ProjectTeam, result: str, clock: Clock) -> ProjectTeam:
    """End a team with its result; memberships end with it."""
    ensure(by, may=MAY_STEER, doing="プロジェクトチームを終える")
    if not result.strip():
        raise Refusal("成果が空です。", field="result", hint="何ができて、何が残ったかを書いてください。")
    kept = ProjectTeam.objects.select_for_update().get(pk=team.pk)
    if kept.ends_on is not None:
        raise Refusal("このチームはすでに終わっています。", hint="一覧を開き直してください。")
    day = clock.today()
    if day <= kept.starts_on:
        raise Refusal("始まった日のうちには終えられません。", hint="翌日以降に終えてください。")
    kept.ends_on, kept.result = day, result.strip()
    kept.save()
    for member in kept.members.filter(ends_on__isnull=True):
        member.ends_on = max(day, member.starts_on)
        member.save()
    return kept
