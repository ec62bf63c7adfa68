"""What a town lays down: routes, the 専決 table, absences."""

from __future__ import annotations

from datetime import date
from typing import Any

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind, Role
from yakuba.kernel.approval.models import Absence, DelegationLine, RoutePlan
from yakuba.kernel.approval.rules.delegation import MOST_YEN
from yakuba.kernel.approval.rules.routes import Seat, Who, read_route
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.api import may_edit
from yakuba.kernel.organisation.models import Authority, Section, Staff
from yakuba.kernel.values.api import Clock, Refusal

LONGEST_ABSENCE_DAYS = 366


def keeps_routes(person: Person) -> bool:
    """Whether somebody lays down routes and the 専決 table: who keeps the organisation's records."""
    return person.kind is PersonKind.SYSTEM or (may_edit(person) and not person.is_read_only)


@verb("approval.lay_down_route", label="決裁ルートの登録")
def lay_down_route(
    *,
    by: Person,
    key: str,
    title: str,
    kind: str,
    stages: Any,
    starts_on: date,
    ground: str = "",
    section_code: str = "",
    authority: Authority | None = None,
) -> RoutePlan:
    """A route from a day on; an earlier one with the same key ends the day before. Drafts under way keep theirs.

    Raises ``NotAllowed``, ``Refusal`` naming the stage that is wrong.
    """
    _require_keeper(by)
    if not title.strip():
        raise Refusal("ルートの名前が空です。", field="title", hint="「支出を伴う起案」のように書いてください。")
    if section_code and not Section.objects.filter(code=section_code).exists():
        raise Refusal("その所属コードはありません。", field="section_code", hint="一覧から選んでください。")
    route = read_route(stages)
    earlier = RoutePlan.objects.filter(key=key, starts_on__lt=starts_on).order_by("-starts_on").first()
    later = RoutePlan.objects.filter(key=key, starts_on__gt=starts_on).order_by("starts_on").first()
    same = RoutePlan.objects.filter(key=key, starts_on=starts_on).first()
    if earlier is not None and (earlier.ends_on is None or earlier.ends_on > starts_on):
        earlier.ends_on = starts_on
        earlier.save(update_fields=["ends_on"])
    plan = same or RoutePlan(key=key, starts_on=starts_on, edition=(earlier.edition + 1 if earlier else 1))
    plan.title, plan.kind, plan.ground = title.strip()[:80], kind.strip()[:40], ground.strip()[:200]
    plan.section_code, plan.authority = section_code, authority
    plan.stages = route.to_json()
    plan.ends_on = later.starts_on if later is not None else None
    plan.save()
    return plan


@verb("approval.end_route", label="決裁ルートの廃止")
def end_route(*, by: Person, plan: RoutePlan, on: date) -> RoutePlan:
    """From ``on`` the route is used for no new draft. Raises ``NotAllowed``, ``Refusal``."""
    _require_keeper(by)
    kept = RoutePlan.objects.select_for_update().get(pk=plan.pk)
    if on <= kept.starts_on:
        raise Refusal(
            "始まりの日より後の日を入れてください。", field="on", hint=f"{kept.starts_on:%Y-%m-%d}より後です。"
        )
    kept.ends_on = on
    kept.save(update_fields=["ends_on"])
    return kept


@verb("approval.delegate_matter", label="専決の登録")
def delegate_matter(
    *,
    by: Person,
    authority: Authority,
    matter: str,
    up_to: int | None,
    seat: Seat,
    ground: str,
    starts_on: date,
) -> DelegationLine:
    """One line of the 専決 table from a day on. Raises ``NotAllowed``, ``Refusal``."""
    _require_keeper(by)
    if up_to is not None and not 0 < up_to <= MOST_YEN:
        raise Refusal("金額が正しくありません。", field="up_to", hint="1円から1兆円までの整数で入れてください。")
    if seat.who not in (Who.SECTION_HEAD, Who.ROLE, Who.SECTION, Who.AUTHORITY_HEAD):
        raise Refusal("専決する人を選んでください。", field="seat", hint="所属長、副町長などから選びます。")
    if seat.who is Who.ROLE and seat.role not in (Role.DEPUTY_MAYOR, Role.SECTION_HEAD, Role.MAYOR):
        raise Refusal("その役割の人は専決できません。", field="seat", hint="副町長などを選んでください。")
    if not ground.strip():
        raise Refusal("根拠が空です。", field="ground", hint="事務決裁規程の条・別表を書いてください。")
    same = DelegationLine.objects.filter(
        authority=authority, matter=matter.strip()[:40], up_to=up_to, ends_on__isnull=True
    )
    for one in same:
        if one.starts_on >= starts_on:
            raise Refusal(
                f"同じ定めが{one.starts_on:%Y-%m-%d}からあります。",
                field="starts_on",
                hint="その日より後にしてください。",
            )
        one.ends_on = starts_on
        one.save(update_fields=["ends_on"])
    return DelegationLine.objects.create(
        authority=authority,
        matter=matter.strip()[:40],
        up_to=up_to,
        seat=seat.to_json(),
        ground=ground.strip()[:200],
        starts_on=starts_on,
    )


@verb("approval.end_delegation", label="専決の廃止")
def end_delegation(*, by: Person, line: DelegationLine, on: date) -> DelegationLine:
    """From ``on`` the line holds no more. Raises ``NotAllowed``, ``Refusal``."""
    _require_keeper(by)
    kept = DelegationLine.objects.select_for_update().get(pk=line.pk)
    if on <= kept.starts_on:
        raise Refusal(
            "始まりの日より後の日を入れてください。", field="on", hint=f"{kept.starts_on:%Y-%m-%d}より後です。"
        )
    kept.ends_on = on
    kept.save(update_fields=["ends_on"])
    return kept


@verb("approval.enter_absence", label="不在の登録")
def enter_absence(
    *,
    by: Person,
    staff: Staff,
    starts_on: date,
    back_on: date,
    reason: str,
    clock: Clock,
    is_standing: bool = False,
) -> Absence:
    """Somebody is away from a day until ``back_on`` (the first day they are back): entered by themselves or for them.

    ``is_standing`` sets the first deputy in office (職務代理), which only who keeps the organisation's records may do.
    Raises ``NotAllowed``, ``Refusal``.
    """
    if by.staff_id != staff.pk and not keeps_routes(by) and not by.has(Role.SECRETARIAT):
        raise NotAllowed("不在を登録できるのは、本人と人事担当・情報システム担当・事務局です。")
    if is_standing and not keeps_routes(by):
        raise NotAllowed("職務代理を置けるのは、人事担当と情報システム担当です。")
    if back_on <= starts_on:
        raise Refusal(
            "戻る日が、不在の始まりより前です。", field="back_on", hint="戻る日（出勤する日）を入れてください。"
        )
    if (back_on - starts_on).days > LONGEST_ABSENCE_DAYS:
        raise Refusal("1年を超える不在は登録できません。", field="back_on", hint="1年ごとに登録してください。")
    if back_on <= clock.today():
        raise Refusal("終わった不在は登録できません。", field="back_on", hint="今日より後の日を入れてください。")
    return Absence.objects.create(
        staff=staff,
        starts_on=starts_on,
        ends_on=back_on,
        is_standing=is_standing,
        reason=reason.strip()[:100],
        entered_name=by.name[:80],
        entered_at=clock.now(),
    )


@verb("approval.end_absence", label="不在の取消し・短縮")
def end_absence(*, by: Person, absence: Absence, clock: Clock) -> Absence | None:
    """The person is back today; an absence that has not begun is taken away. Raises ``NotAllowed``."""
    kept = Absence.objects.select_for_update(of=("self",)).get(pk=absence.pk)
    if by.staff_id != kept.staff_id and not keeps_routes(by) and not by.has(Role.SECRETARIAT):
        raise NotAllowed("不在を取り消せるのは、本人と人事担当・情報システム担当・事務局です。")
    today = clock.today()
    if kept.starts_on >= today:
        kept.delete()
        return None
    kept.ends_on = min(kept.ends_on, today)
    kept.save(update_fields=["ends_on"])
    return kept


def _require_keeper(by: Person) -> None:
    if not keeps_routes(by):
        raise NotAllowed("決裁ルートと専決の定めを変えられるのは、人事担当と情報システム担当です。")
