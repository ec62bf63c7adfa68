"""Giving an app to other keepers or another section (引継ぎ), so that none is left without a hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account
from yakuba.kernel.notify.api import Recipient, tell
from yakuba.kernel.organisation.api import OpenWork, may_edit, members_of, sections_on
from yakuba.kernel.organisation.models import Employment, Section, Staff
from yakuba.kernel.things.api import Ref, ref_of
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import sections_around
from yakuba.office.appbuilder.access_ledger import caring_for
from yakuba.office.appbuilder.models import App, AppEvent
from yakuba.office.appbuilder.notices import ORPHANED, UNUSED
from yakuba.office.appbuilder.queries.ledger import entries, is_orphan, with_counts
from yakuba.office.appbuilder.queries.told import people_in
from yakuba.office.appbuilder.rules.permissions import Group, Permissions
from yakuba.office.appbuilder.services.caring import note_event, said
from yakuba.office.appbuilder.services.define import locked, refuse_while_checked

MOST_KEEPERS = 20


@verb("appbuilder.hand_over_app", label="アプリの引継ぎ")
def hand_over_app(
    *, by: Person, app: App, section: Section, keepers: Sequence[Staff], reason: str, clock: Clock
) -> App:
    """Give an app to a section and to people of it who manage it from now on.

    By who manages it or heads its section; by the information systems section only while it is an orphan. Keepers work
    in the new section, so that nobody takes an app to themselves. Raises `Refusal`, `NotAllowed`.
    """
    app = locked(app)
    caring = caring_for(by, app.public_id)
    today = clock.today()
    counted = with_counts(App.objects.filter(pk=app.pk).select_related("section")).get()
    orphan = is_orphan(entries([counted], today=today)[app.pk])
    if not (caring.writes and (caring.manages or caring.heads or (caring.is_it and orphan))):
        raise NotAllowed(
            "引き継がせられるのは、アプリを管理する人、所管課の所属長、引き継ぐ人がいないときの情報システム担当です。"
        )
    refuse_while_checked(app)
    if not sections_on(today).filter(pk=section.pk).exists():
        raise Refusal("この所属は、いまはありません。", field="section", hint="いまある所属を選んでください。")
    if not 0 < len(keepers) <= MOST_KEEPERS:
        raise Refusal(f"管理する人を1人から{MOST_KEEPERS}人まで選んでください。", field="keepers")
    fitting = people_of(section, today)
    strange = [one.name for one in keepers if one.pk not in fitting]
    if strange:
        raise Refusal(
            f"{'、'.join(strange)}さんは、{section.name}の職員ではありません。",
            field="keepers",
            hint="引き継ぐ先の所属の職員を選んでください。",
        )
    before = app.section
    app.section = section
    app.permissions = _given(app.rights, [one.public_id for one in keepers], before, section).to_json()
    app.permissions_edition += 1
    app.save(update_fields=["section", "permissions", "permissions_edition"])
    names = "、".join(one.name for one in keepers)
    why = said(reason, "reason", 200)
    words = f"{before or '所管課なし'} → {section.name}、管理する人 {names}{f'（{why}）' if why else ''}"
    note_event(app, AppEvent.Kind.HANDED_OVER, words, by, clock)
    return app


def people_of(section: Section, today: date) -> dict[int, Staff]:
    """Who works in a section or below it, by row number; nobody from outside."""
    _, around = sections_around(frozenset({section.pk}))
    below = Section.objects.filter(pk__in=around) if section.parent_id is None else [section]
    return {
        posting.staff.pk: posting.staff
        for one in below
        for posting in members_of(one, today)
        if posting.staff.employment != Employment.OUTSIDE
    }


def _given(rights: Permissions, keepers: list[str], before: Section | None, after: Section) -> Permissions:
    """The groups with these keepers alone managing, and the new section where the old one stood."""
    groups: list[Group] = []
    is_placed = False
    for group in rights.groups:
        if group.manage:
            if is_placed:
                continue
            group = group.model_copy(update={"staff": tuple(keepers), "roles": (), "sections": (), "everybody": False})
            is_placed = True
        elif before is not None and before.pk != after.pk and before.public_id in group.sections:
            sections = tuple(after.public_id if one == before.public_id else one for one in group.sections)
            group = group.model_copy(update={"sections": tuple(dict.fromkeys(sections))})
        groups.append(group)
    if not is_placed:
        groups.insert(0, Group(name=_free_name(groups), staff=tuple(keepers), manage=True))
    return rights.model_copy(update={"groups": tuple(groups)})


def _free_name(groups: Iterable[Group]) -> str:
    taken = {one.name for one in groups}
    return next(name for name in ("管理する人", *(f"管理する人{n}" for n in range(2, 30))) if name not in taken)


@verb("appbuilder.hand_over_keeper", label="アプリの管理の引継ぎ（異動・退職）")
def hand_over_keeper(*, by: Person, app: App, leaving: Staff, to: Staff) -> App:
    """Put the heir in the place of a keeper who moves or leaves; by who keeps the organisation's records."""
    if by.kind is not PersonKind.SYSTEM and not may_edit(by):
        raise NotAllowed("仕事を引き継がせられるのは、人事担当と情報システム担当です。")
    app = locked(app)
    groups = []
    for group in app.rights.groups:
        if group.manage and leaving.public_id in group.staff:
            staff = tuple(to.public_id if one == leaving.public_id else one for one in group.staff)
            group = group.model_copy(update={"staff": tuple(dict.fromkeys(staff))})
        groups.append(group)
    app.permissions = app.rights.model_copy(update={"groups": tuple(groups)}).to_json()
    app.permissions_edition += 1
    app.save(update_fields=["permissions", "permissions_edition"])
    return app


def give_to_heir(*, ref: Ref, from_staff_id: int, to_staff_id: int, on: date, by: Person) -> object:
    """What the turn of the year calls; nothing where it was done before."""
    app = App.objects.filter(public_id=ref.public_id).first()
    leaving = Staff.objects.get(pk=from_staff_id)
    if app is None or not any(one.manage and leaving.public_id in one.staff for one in app.rights.groups):
        return None
    return hand_over_keeper(by=by, app=app, leaving=leaving, to=Staff.objects.get(pk=to_staff_id))


def apps_without_keepers(staff_ids: frozenset[int], on: date) -> Iterator[OpenWork]:
    """The apps nobody would manage any more once these people have moved or left."""
    going = {one.public_id: one for one in Staff.objects.filter(pk__in=staff_ids)}
    if not going:
        return
    for app in App.objects.filter(closed_at__isnull=True).select_related("section"):
        managing = [one for one in app.rights.groups if one.manage]
        held = [key for one in managing for key in one.staff if key in going]
        if not held:
            continue
        staying = {
            one.pk
            for group in managing
            for one in people_in(group, on)
            if one.employment != Employment.OUTSIDE and one.pk not in staff_ids
        }
        if not staying:
            yield OpenWork(
                kind="アプリの管理",
                ref=ref_of(app),
                title=app.title,
                holder_id=going[held[0]].pk,
                section_id=app.section_id,
            )


@verb("appbuilder.tell_orphan", label="引き継ぐ人のいないアプリのお知らせ")
def tell_of_app(*, by: Person, app: App, staff: Sequence[Staff], orphan: str, link: str, clock: Clock) -> int:
    """Tell some people of an orphan (`orphan` says why), or of an app nobody has used; once a month each."""
    accounts = Account.objects.filter(staff__in=[one.pk for one in staff], is_active=True, kind="staff")
    kind = ORPHANED if orphan else UNUSED
    month = f"{clock.today():%Y-%m}"
    for account in accounts:
        tell(
            by=by,
            recipient=Recipient(account=account.public_id),
            kind=kind,
            about=ref_of(app),
            values={"app": app.title, **({"why": orphan} if orphan else {})},
            key=f"{kind.key}:{app.public_id}:{month}:{account.public_id}",
            clock=clock,
            link=link,
        )
    return len(accounts)
