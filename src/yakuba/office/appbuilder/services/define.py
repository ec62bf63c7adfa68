"""Making an app, changing its definition and its permissions, putting a version to use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Max

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind, office_seat
from yakuba.kernel.audit.api import verb
from yakuba.kernel.expressions.api import NotCompilable
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.organisation.api import postings_of
from yakuba.kernel.organisation.models import Employment, Section, Staff
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import MOST_ROW_BY_ROW, compiled, sight_for, who_of
from yakuba.office.appbuilder.models import App, AppVersion, Record
from yakuba.office.appbuilder.queries import checking
from yakuba.office.appbuilder.queries.rollups import rolls_for
from yakuba.office.appbuilder.rules.check import DefinitionProblem
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.rules.permissions import (
    Permissions,
    Rows,
    sight_of,
    starting_permissions,
)
from yakuba.office.appbuilder.rules.readiness import everything_wrong, wrong_between
from yakuba.office.appbuilder.rules.reshaping import must_rebuild
from yakuba.office.appbuilder.rules.rollup import rollup_problems

RESHAPE = "appbuilder.reshape"


class ChangedMeanwhile(Refusal):
    """Somebody else saved the definition or the permissions since they were shown."""

    def __init__(self) -> None:
        super().__init__(
            "ほかの人が先に保存しました。あなたの変更はまだ保存していません。",
            hint="ページを開き直して、新しい内容を確かめてから変更してください。",
        )


class NotReady(Refusal):
    """Something must be put right first; `problems` says what."""

    def __init__(self, problems: tuple[DefinitionProblem, ...]) -> None:
        first = problems[0]
        more = f"（ほか{len(problems) - 1}件）" if len(problems) > 1 else ""
        super().__init__(f"{first.place}：{first.message}{more}", hint=first.hint)
        self.problems = problems


def main_section(by: Person, today: date) -> Section | None:
    """The section of a person's main posting."""
    staff = Staff.objects.filter(pk=by.staff_id).first() if by.staff_id else None
    postings = postings_of(staff, today) if staff else []
    return postings[0].section if postings else None


def top_of(section: Section | None) -> Section | None:
    here = section
    while here is not None and here.parent is not None:
        here = here.parent
    return here


@verb("appbuilder.create_app", label="アプリの作成")
def create_app(*, by: Person, definition: AppDefinition, clock: Clock, is_sample: bool = False) -> App:
    """A new app with a draft; its maker manages it, the maker's section may use it once a version is in use."""
    if not office_seat.allows(by):
        raise NotAllowed("アプリを作れるのは、庁内の席がある人です。")
    if by.kind is PersonKind.OUTSIDE:
        raise NotAllowed("外部の人は、アプリを作れません。職員に作ってもらい、グループに名前を入れてもらってください。")
    section = top_of(main_section(by, clock.today()))
    staff = Staff.objects.filter(pk=by.staff_id).first() if by.staff_id else None
    if staff is None and section is None:
        raise NotAllowed("職員として登録されていない人は、アプリを作れません。")
    rights = starting_permissions(staff=staff.public_id if staff else "", section=section.public_id if section else "")
    app = App.objects.create(
        title=definition.title,
        section=section,
        permissions=rights.to_json(),
        made_by=by.id,
        made_by_name=by.name,
        made_at=clock.now(),
        is_sample=is_sample,
    )
    AppVersion.objects.create(
        app=app,
        number=1,
        state=VersionState.DRAFT,
        definition=definition.to_json(),
        saved_by=by.id,
        saved_at=clock.now(),
    )
    return app


def locked(app: App) -> App:
    """The row of an app, locked until the end of the transaction."""
    return App.objects.select_for_update().get(pk=app.pk)


def refuse_strangers(by: Person, app: App) -> None:
    if app.closed_at is not None:
        raise Refusal("このアプリは使うのをやめています。")
    if not sight_for(by, app).manage:
        raise NotAllowed("アプリの作りかえができるのは、このアプリを管理する人です。")


def refuse_while_checked(app: App) -> None:
    """What somebody is asked to look at does not change under their eyes."""
    if checking.waiting_check(app) is not None:
        raise Refusal(
            "このアプリは、使い始める前の確認を待っています。",
            hint="直すときは、先に決裁の画面で取り下げてください。",
        )


class CheckNeeded(Refusal):
    """Somebody else must look at it first; `reasons` says why."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(f"先に確認が要ります：{'、'.join(reasons)}。", hint="「確認を求める」を押してください。")
        self.reasons = reasons


@verb("appbuilder.save_definition", label="アプリの下書きの保存")
def save_definition(*, by: Person, app: App, definition: AppDefinition, edition: int, clock: Clock) -> AppVersion:
    """Keep a draft; `edition` is the one the person saw (0: there was no draft). Raises `ChangedMeanwhile`.

    A draft may be unfinished: what is wrong is said before publishing.
    """
    app = locked(app)
    refuse_strangers(by, app)
    refuse_while_checked(app)
    draft = app.versions.filter(state=VersionState.DRAFT).first()
    if draft is None:
        if edition != 0:
            raise ChangedMeanwhile
        last = app.versions.aggregate(last=Max("number"))["last"] or 0
        return AppVersion.objects.create(
            app=app,
            number=last + 1,
            state=VersionState.DRAFT,
            definition=definition.to_json(),
            saved_by=by.id,
            saved_at=clock.now(),
        )
    if draft.edition != edition:
        raise ChangedMeanwhile
    draft.definition = definition.to_json()
    draft.edition += 1
    draft.saved_by, draft.saved_at = by.id, clock.now()
    draft.save()
    return draft


@verb("appbuilder.publish_version", label="アプリの版を使い始める")
def publish_version(
    *, by: Person, app: App, edition: int, apps: Mapping[str, Mapping[str, str]], clock: Clock
) -> AppVersion:
    """Put the draft to use; the version before is retired and stays readable.

    `apps` are the apps a lookup may lead to (see `problems_of`). Records are brought into the new shape by a job.
    Raises `NotReady` with everything to put right, `ChangedMeanwhile`, `CheckNeeded`.
    """
    app = locked(app)
    refuse_strangers(by, app)
    draft = app.versions.filter(state=VersionState.DRAFT).first()
    if draft is None or draft.edition != edition:
        raise ChangedMeanwhile
    definition = draft.content
    problems = wrong_with(by, app, definition, apps)
    if problems:
        raise NotReady(problems)
    refuse_while_checked(app)
    reasons = checking.why_checked(app, definition, today=clock.today())
    if reasons:
        raise CheckNeeded(reasons)
    staff = Staff.objects.filter(pk=by.staff_id).first() if by.staff_id else None
    return put_to_use(app, draft, published_by=staff, clock=clock)


def wrong_with(
    by: Person, app: App, definition: AppDefinition, apps: Mapping[str, Mapping[str, str]]
) -> tuple[DefinitionProblem, ...]:
    """Everything to put right before a definition may be used."""
    return (
        *everything_wrong(definition, app.rights, apps=apps),
        *rollup_problems(definition, rolls_for(by, app, definition)),
    )


def put_to_use(app: App, draft: AppVersion, *, published_by: Staff | None, clock: Clock) -> AppVersion:
    """Make a draft the version in use; within a verb that has looked at everything."""
    definition = draft.content
    before = app.versions.filter(state=VersionState.IN_USE).first()
    app.versions.filter(state=VersionState.IN_USE).update(state=VersionState.RETIRED)
    draft.state, draft.published_at = VersionState.IN_USE, clock.now()
    draft.published_by = published_by
    draft.save()
    App.objects.filter(pk=app.pk).update(title=definition.title)
    if before is not None:
        if must_rebuild(before.content, definition):
            enqueue(RESHAPE, key=f"{RESHAPE}:{app.public_id}:{draft.number}", app=app.public_id)
        else:
            Record.objects.filter(app=app, shape=before.number).update(shape=draft.number)
    return draft


@verb("appbuilder.change_permissions", label="アプリの権限の変更")
def change_permissions(*, by: Person, app: App, permissions: Permissions, edition: int, clock: Clock) -> App:
    """Take other groups. Raises `NotReady`, `ChangedMeanwhile`, `CheckNeeded`, and `Refusal` for conditions too slow."""
    app = locked(app)
    refuse_strangers(by, app)
    if app.permissions_edition != edition:
        raise ChangedMeanwhile
    version = app.versions.filter(state=VersionState.IN_USE).first() or app.versions.get(state=VersionState.DRAFT)
    definition = version.content
    hold_permissions(by, app, permissions, definition, clock)
    refuse_while_checked(app)
    reasons = checking.why_wider(app, definition, permissions)
    if reasons:
        raise CheckNeeded(reasons)
    return put_in_force(app, permissions)


def hold_permissions(by: Person, app: App, permissions: Permissions, definition: AppDefinition, clock: Clock) -> None:
    """Look at permissions before they hold. Raises `NotReady` and `Refusal`."""
    problems = wrong_between(definition, permissions)
    if problems:
        raise NotReady(problems)
    _refuse_slow_rules(app, permissions, definition, clock)
    _refuse_outsiders(permissions)
    owners = [app.section.public_id] if app.section is not None else []
    if not sight_of(permissions, who_of(by), definition, owner_sections=owners).manage:
        raise Refusal(
            "この権限では、あなた自身がこのアプリを管理できなくなります。",
            hint="管理するグループに自分を残すか、ほかの管理する人に変更してもらってください。",
        )


def put_in_force(app: App, permissions: Permissions) -> App:
    """Store permissions that were looked at; within a verb."""
    app.permissions = permissions.to_json()
    app.permissions_edition += 1
    app.save(update_fields=["permissions", "permissions_edition"])
    return app


def _refuse_outsiders(permissions: Permissions) -> None:
    """People from outside never manage and never export."""
    named = {key for group in permissions.groups if group.manage or group.export for key in group.staff}
    outside = Staff.objects.filter(public_id__in=named, employment=Employment.OUTSIDE).values_list("name", flat=True)
    if outside:
        raise Refusal(
            f"{'、'.join(sorted(outside))}さんは外部の人のため、管理する権限と書き出す権限を持てません。",
            hint="外部の人だけのグループを作り、「管理する」「書き出す」を外してください。",
        )


def _refuse_slow_rules(app: App, permissions: Permissions, definition: AppDefinition, clock: Clock) -> None:
    records = Record.objects.filter(app=app, deleted_at__isnull=True)
    for group in permissions.groups:
        if group.rows is not Rows.RULE:
            continue
        try:
            compiled(records, definition, group.rule, clock.today())
        except NotCompilable as reason:
            if records[MOST_ROW_BY_ROW : MOST_ROW_BY_ROW + 1].exists():
                raise Refusal(
                    f"グループ「{group.name}」の条件は、データベースで調べられません。理由：{reason.message}"
                    f"記録が{MOST_ROW_BY_ROW:,}件を超えるアプリでは使えません。",
                    hint=reason.hint or "値との比較だけの条件にしてください。",
                ) from None


__all__ = [
    "RESHAPE",
    "ChangedMeanwhile",
    "CheckNeeded",
    "NotReady",
    "change_permissions",
    "create_app",
    "hold_permissions",
    "locked",
    "main_section",
    "publish_version",
    "put_in_force",
    "put_to_use",
    "refuse_strangers",
    "refuse_while_checked",
    "save_definition",
    "top_of",
    "wrong_with",
]
