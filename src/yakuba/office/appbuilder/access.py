"""The one gate of self-built apps: which apps, which records, which fields a person sees.

Every list, filter, sort, count, lookup and export begins with `visible_records` and shows `Sight.visible` only.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Case, OuterRef, Q, QuerySet, Subquery, Value, When

from yakuba.kernel.access.api import NotVisible, Person, PersonKind, office_seat
from yakuba.kernel.expressions.api import NotCompilable, ValueType, evaluate, is_true, references, to_q
from yakuba.kernel.files.api import file_lock
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import App, AppToken, AppVersion, Cell, ImportBatch, Record
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.rules.permissions import NOTHING, Rows, Sight, Who, sight_of, sight_of_token
from yakuba.office.appbuilder.rules.tokens import PERSON as TOKEN
from yakuba.office.appbuilder.rules.tokens import Scope
from yakuba.office.appbuilder.rules.values import column_of, for_rules

#: Who comes to the pages of apps at all; what they find there is decided app by app.
MAY_USE = office_seat
MOST_ROW_BY_ROW = 1000
"""Records for which a condition that the database cannot answer is asked record by record."""


class TooManyForRule(Refusal):
    """A condition that no database can answer, over more records than are asked one by one."""


def _own_sections(section_ids: frozenset[int]) -> tuple[frozenset[str], frozenset[int]]:
    """Own sections with those above them (public ids, for groups), and the uppermost of them (row numbers)."""
    own: set[str] = set()
    tops: set[int] = set()
    if section_ids:
        for one in Section.objects.filter(pk__in=section_ids).select_related("parent__parent"):
            here: Section | None = one
            while here is not None:
                own.add(here.public_id)
                if here.parent_id is None:
                    tops.add(here.pk)
                here = here.parent
    return frozenset(own), frozenset(tops)


def sections_around(section_ids: frozenset[int]) -> tuple[frozenset[str], frozenset[int]]:
    """Own sections with those above them (public ids, for groups), and everything below the uppermost (row numbers)."""
    own, tops = _own_sections(section_ids)
    if not tops:
        return own, frozenset()
    below = Section.objects.filter(Q(pk__in=tops) | Q(parent_id__in=tops) | Q(parent__parent_id__in=tops))
    return own, frozenset(below.values_list("pk", flat=True))


def who_of(person: Person) -> Who:
    """The person as groups know one."""
    if person.kind not in (PersonKind.STAFF, PersonKind.OUTSIDE):
        return Who(id=person.id)
    rows = Staff.objects.filter(pk=person.staff_id) if person.staff_id else Staff.objects.none()
    staff = rows.values_list("public_id", flat=True).first() or ""
    own, _ = _own_sections(person.section_ids)
    return Who(
        id=person.id,
        staff=staff,
        roles=frozenset(role.value for role in person.roles),
        sections=own,
        is_outside=person.kind is PersonKind.OUTSIDE,
    )


def definition_of(app: App) -> AppDefinition:
    """The definition in use, else the draft."""
    version = app.versions.filter(state__in=(VersionState.IN_USE, VersionState.DRAFT)).order_by("-state").first()
    if version is None:
        raise NotVisible
    return version.content


def sight_for(person: Person, app: App, definition: AppDefinition | None = None, *, who: Who | None = None) -> Sight:
    """What the person sees of an app and may do there; nothing for people without an office seat."""
    if person.id.startswith(TOKEN):
        return _sight_of_token(person, app, definition or definition_of(app))
    who = who or who_of(person)
    if not (who.staff or who.roles):
        return NOTHING
    owners = [app.section.public_id] if app.section is not None else []
    sight = sight_of(app.rights, who, definition or definition_of(app), owner_sections=owners)
    if person.is_read_only:  # the auditor's seat reads and never writes, whatever group it is in
        nothing = {"create": False, "edit": False, "manage": False, "editable": frozenset()}
        return sight.model_copy(update=nothing)
    return sight


def _sight_of_token(person: Person, app: App, definition: AppDefinition) -> Sight:
    """What a key of another system sees of its app; nothing of any other, nor while it waits, is revoked or over."""
    held = AppToken.objects.filter(
        app=app,
        public_id=person.id.removeprefix(TOKEN),
        is_waiting=False,
        revoked_at__isnull=True,
        expires_at__gt=town_clock().now(),
    ).first()
    if held is None or person.kind is not PersonKind.SYSTEM:
        return NOTHING
    adds, changes = Scope.ADD in held.scopes, Scope.CHANGE in held.scopes
    return sight_of_token(app.rights, held.group, definition, adds=adds, changes=changes)


def visible_apps(person: Person) -> list[tuple[App, Sight]]:
    """The apps a person finds, with what may be done there; an app without a version in use only by its managers."""
    who = who_of(person)
    found: list[tuple[App, Sight]] = []
    apps = App.objects.filter(closed_at__isnull=True).select_related("section").prefetch_related("versions")
    for app in apps:
        versions = {one.state: one for one in app.versions.all()}
        version = versions.get(VersionState.IN_USE) or versions.get(VersionState.DRAFT)
        if version is None:
            continue
        sight = sight_for(person, app, version.content, who=who)
        if sight.manage or (VersionState.IN_USE in versions and (sight.see or sight.create)):
            found.append((app, sight))
    return found


def app_for(person: Person, public_id: str) -> tuple[App, AppDefinition, Sight]:
    """One app with its definition and what the person sees of it. Raises `NotVisible`."""
    app = App.objects.filter(public_id=public_id, closed_at__isnull=True).select_related("section").first()
    if app is None:
        raise NotVisible
    version = app.versions.filter(state=VersionState.IN_USE).first()
    definition = version.content if version else definition_of(app)
    sight = sight_for(person, app, definition)
    if not (sight.manage or (version and (sight.see or sight.create))):
        raise NotVisible
    return app, definition, sight


def managed_app(person: Person, public_id: str) -> tuple[App, AppDefinition, Sight]:
    """The same for those who manage it. Raises `NotVisible`."""
    app, definition, sight = app_for(person, public_id)
    if not sight.manage:
        raise NotVisible
    return app, definition, sight


def visible_records(
    person: Person, app: App, definition: AppDefinition, sight: Sight, *, today: date, deleted: bool = False
) -> QuerySet[Record]:
    """The records a person sees (deleted ones instead, if asked). Raises `TooManyForRule`."""
    return seen_records(person, app, definition, sight, today=today, deleted=deleted)[0]


def seen_records(
    person: Person, app: App, definition: AppDefinition, sight: Sight, *, today: date, deleted: bool = False
) -> tuple[QuerySet[Record], bool]:
    """`visible_records`, and whether they are all there are that are not deleted: the typed table then knows them too."""
    if not sight.see:
        return Record.objects.none(), False
    found = Record.objects.filter(app=app, deleted_at__isnull=not deleted, erased_on__isnull=True)
    unfinished = list(ImportBatch.objects.filter(app=app, finished_at__isnull=True).values_list("pk", flat=True))
    if unfinished:
        found = found.exclude(batch_id__in=unfinished)
    if sight.rows is Rows.OWN:
        return found.filter(made_by=person.id), False
    if sight.rows is Rows.SECTION:
        _, around = sections_around(person.section_ids)
        return found.filter(Q(section_id__in=around) | Q(made_by=person.id)), False
    if sight.rows is Rows.RULE:
        return under_rule(found, definition, sight.rule, today), False
    return found, not unfinished and not deleted


def under_rule(
    found: QuerySet[Record],
    definition: AppDefinition,
    rule: Any,
    today: date,
    *,
    what: str = "見える記録の条件",
    remedy: str = "アプリを管理する人に、条件の見直しを頼んでください。",
) -> QuerySet[Record]:
    """The records for which a condition holds. Raises `TooManyForRule` when the database cannot answer it."""
    # While a change of the fields is being carried over, the typed table of a record is not yet what the condition reads.
    in_use = AppVersion.objects.filter(app=OuterRef("app"), state=VersionState.IN_USE).values("number")
    found = found.filter(shape__gte=Subquery(in_use[:1]))
    try:
        return compiled(found, definition, rule, today)
    except NotCompilable as reason:
        some = list(found.values_list("pk", "values")[: MOST_ROW_BY_ROW + 1])
        if len(some) > MOST_ROW_BY_ROW:
            raise TooManyForRule(
                f"{what}をデータベースで調べられず、記録が{MOST_ROW_BY_ROW:,}件を超えているため、"
                f"一覧を出せません。理由：{reason.message}",
                hint=remedy,
            ) from None
    fields = {one.key: one for one in definition.stored}
    holding = [pk for pk, values in some if holds(rule, values, fields, today)]
    return found.filter(pk__in=holding)


def holds(rule: Any, values: dict[str, Any], fields: dict[str, AppField], today: date) -> bool:
    """Whether a condition holds for the values of one record; a condition that fails does not."""
    known = {key: for_rules(one, values.get(key)) for key, one in fields.items()}
    try:
        return is_true(evaluate(rule, known, today=today))
    except Refusal:
        return False


def compiled(found: QuerySet[Record], definition: AppDefinition, rule: Any, today: date) -> QuerySet[Record]:
    """The records for which a condition holds, asked of the database. Raises `NotCompilable` with the reason."""
    read = references(rule)
    columns: dict[str, str] = {}
    types: dict[str, ValueType] = {}
    stored: dict[str, Any] = {}
    given: dict[str, Any] = {}
    for one in definition.stored:
        if one.key not in read:
            continue
        if one.type is FieldType.CHOICES or not one.has_cell:
            raise NotCompilable(
                f"項目「{one.label}」は絞り込みに使えない設定です。", hint="項目の「絞り込みに使う」を入れてください。"
            )
        columns[one.key], types[one.key] = f"rule_{one.key}", one.value_type
        cell = Cell.objects.filter(record=OuterRef("pk"), key=one.key, place=0).values(column_of(one))[:1]
        if one.value_type is ValueType.YES_NO:
            stored[f"stored_{one.key}"] = Subquery(cell)
            given[f"rule_{one.key}"] = Case(
                When(**{f"stored_{one.key}": Decimal(1)}, then=Value(True)),
                When(**{f"stored_{one.key}": Decimal(0)}, then=Value(False)),
                default=Value(None),
                output_field=BooleanField(null=True),
            )
        else:
            given[f"rule_{one.key}"] = Subquery(cell)
    condition = to_q(rule, columns=columns, types=types, today=today)
    return found.alias(**stored).alias(**given).filter(condition)


def record_for(
    person: Person,
    app: App,
    definition: AppDefinition,
    sight: Sight,
    public_id: str,
    *,
    today: date,
    deleted: bool = False,
) -> Record:
    """One record. Raises `NotVisible`, as for an unknown one."""
    record = (
        visible_records(person, app, definition, sight, today=today, deleted=deleted)
        .select_related("app", "batch")
        .filter(public_id=public_id)
        .first()
    )
    if record is None:
        raise NotVisible
    return record


def sees_record(person: Person, record: Record) -> bool:
    """Whether a person finds a record, wherever they come from."""
    try:
        app, definition, sight = app_for(person, record.app.public_id)
        return visible_records(person, app, definition, sight, today=town_clock().today()).filter(pk=record.pk).exists()
    except (NotVisible, TooManyForRule):
        return False


@file_lock
def is_closed(person: Person, file: StoredFile) -> bool:
    """A file of a record opens only while it stands in a field the person sees; one taken out opens to nobody."""
    if file.owner_kind != "appbuilder.record":
        return False
    record = Record.objects.select_related("app__section").filter(public_id=file.owner_id).first()
    if record is None:
        return True
    try:
        definition = definition_of(record.app)
    except NotVisible:
        return True
    visible = sight_for(person, record.app, definition).visible
    held = [record.values.get(one.key) for one in definition.fields if one.type.holds_files and one.key in visible]
    return not any(isinstance(value, list) and file.public_id in value for value in held)
