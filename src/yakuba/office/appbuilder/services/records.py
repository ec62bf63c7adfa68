"""Adding, changing, deleting and restoring records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.japan.api import find_my_numbers
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import definition_of, holds, sight_for, visible_records
from yakuba.office.appbuilder.models import Act, App, Cell, PressRequest, PressState, Record, RecordHistory
from yakuba.office.appbuilder.queries.names import lookup_names
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.limits import beyond, condition_in_words, needed_under_conditions
from yakuba.office.appbuilder.rules.merging import Conflict, merge, seen_at
from yakuba.office.appbuilder.rules.permissions import Sight
from yakuba.office.appbuilder.rules.reshaping import with_computed
from yakuba.office.appbuilder.rules.values import cells_of, is_shaped
from yakuba.office.appbuilder.services.attachments import files_fault, give_files
from yakuba.office.appbuilder.services.cells import put_aside, rewrite_cells, write_cells
from yakuba.office.appbuilder.services.define import main_section
from yakuba.office.appbuilder.services.waking import wake_automations


class RecordFault(Refusal):
    """Values that cannot be stored; `faults` by field key."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        first = next(iter(faults.values()))
        super().__init__(first, field=next(iter(faults)))
        self.faults = dict(faults)


class RecordConflict(Refusal):
    """Somebody else changed the same fields meanwhile; `conflicts` holds both values.

    `version` is what is stored now, `changes` what the person wanted and nobody else touched.
    """

    def __init__(self, conflicts: tuple[Conflict, ...], version: int, changes: Mapping[str, Any]) -> None:
        super().__init__(
            f"開いている間に、ほかの人が同じ項目（{len(conflicts)}件）を変更しました。まだ保存していません。",
            hint="両方の値を見くらべて、残す方を選んでください。",
        )
        self.conflicts = conflicts
        self.version = version
        self.changes = dict(changes)


class UnderDecision(Refusal):
    """The record waits for a decision and is not changed meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            "この記録は決裁中のため、変えられません。",
            hint="決裁が終わるのを待つか、起案した人に取り下げてもらってください。",
        )


@verb("appbuilder.add_record", label="アプリの記録の作成")
def add_record(*, by: Person, app: App, values: Mapping[str, Any], clock: Clock, words: str = "") -> Record:
    """A new record. `values` are as `from_text` gives them, `words` says in the history what made it, if no person did.

    Raises `NotAllowed`, `RecordFault`.
    """
    shapes, definition, sight = opened(by, app)
    if not sight.create:
        raise NotAllowed("このアプリに記録を加える権限がありません。")
    # Who may add but not see fills every field that is typed: a letter box.
    allowed = sight.editable if sight.see else definition.by_hand
    given = {one.key: one.default for one in definition.fields if one.default is not None and one.type.is_typed}
    given.update(values)
    given = {key: value for key, value in given.items() if value is not None}
    strange = set(values) - allowed
    if strange:
        raise NotAllowed("書き込む権限のない項目が含まれています。")
    if definition.process is not None:
        given[definition.process.field] = definition.process.start
    refuse_faults(by, app, definition, given, allowed, record=None, clock=clock, sight=sight)
    return keep_new(
        by=by,
        app=app,
        definition=definition,
        shape=shapes.number,
        given=given,
        section=main_section(by, clock.today()),
        clock=clock,
        words=words,
    )


def keep_new(
    *,
    by: Person,
    app: App,
    definition: AppDefinition,
    shape: int,
    given: dict[str, Any],
    section: Section | None,
    clock: Clock,
    words: str = "",
    wakes: bool = True,
) -> Record:
    """Store a new record of values that were looked at, within the caller's verb. Raises `RecordFault` for a duplicate.

    `wakes` false: it sets no automation off.
    """
    App.objects.filter(pk=app.pk).update(next_number=F("next_number") + 1)
    number = App.objects.values_list("next_number", flat=True).get(pk=app.pk) - 1
    for one in definition.fields:
        if one.type is FieldType.AUTO_NUMBER:
            given[one.key] = number
    record = Record(
        app=app,
        number=number,
        values=with_computed(given, definition, clock.today()),
        shape=shape,
        made_by=by.id,
        made_by_name=by.name,
        section=section,
        made_at=clock.now(),
        changed_by_name=by.name,
        changed_at=clock.now(),
    )
    record.save()
    give_files(by, record, definition)
    _keep_cells(record, definition, is_new=True)
    remember(record, Act.MADE, {}, record.values, by, clock, words)
    if wakes:
        wake_automations(record, definition, is_new=True, before={}, after=record.values)
    return record


@verb("appbuilder.change_record", label="アプリの記録の変更")
def change_record(*, by: Person, record: Record, values: Mapping[str, Any], version: int, clock: Clock) -> Record:
    """Change fields of a record. `version` is the one the person saw, `values` what it shall be (None: empty).

    Fields changed by somebody else meanwhile stay theirs; the same field changed by both raises `RecordConflict`.
    Raises `NotAllowed`, `RecordFault` too. Without any change nothing is written.
    """
    shapes, _, sight = opened(by, record.app)
    return change_one(by, record, shapes, sight, values, version, clock)


def change_one(
    by: Person,
    record: Record,
    shapes: Shapes,
    sight: Sight,
    values: Mapping[str, Any],
    version: int,
    clock: Clock,
) -> Record:
    """`change_record` within a verb that has opened the app; the record comes back with a higher version if it changed."""
    app, definition = shapes.app, shapes.definition
    record = hold(by, record, app, definition, sight, clock)
    if not sight.edit:
        raise NotAllowed("このアプリの記録を変える権限がありません。")
    if set(values) - sight.editable:
        raise NotAllowed("書き込む権限のない項目が含まれています。")
    now = shapes.of(record, today=clock.today())
    past = record.history.filter(version__gt=version).values_list("version", "before")
    base = seen_at(version, now.values, list(past))
    merged = merge(base=base, current=now.values, wanted=values)
    if merged.conflicts:
        raise RecordConflict(merged.conflicts, record.version, merged.changes)
    if not merged.changes:
        return record
    after = put(now.values, merged.changes)
    refuse_faults(by, app, definition, after, frozenset(merged.changes), record=record, clock=clock, sight=sight)
    kept = {key: value for key, value in now.kept.items() if key not in merged.changes}
    write_record(record, definition, shapes.number, after, kept, Act.CHANGED, by, clock)
    return record


@verb("appbuilder.delete_record", label="アプリの記録の削除")
def delete_record(*, by: Person, record: Record, version: int, clock: Clock) -> Record:
    """Take a record out of every list; it can be restored. Raises `RecordConflict` without conflicts if it changed."""
    shapes, _, sight = opened(by, record.app)
    return delete_one(by, record, shapes, sight, version, clock)


def delete_one(by: Person, record: Record, shapes: Shapes, sight: Sight, version: int, clock: Clock) -> Record:
    """`delete_record` within a verb that has opened the app."""
    record = hold(by, record, shapes.app, shapes.definition, sight, clock)
    if not sight.edit:
        raise NotAllowed("このアプリの記録を消す権限がありません。")
    if record.version != version:
        raise Refusal(
            "開いている間に、ほかの人がこの記録を変更しました。まだ削除していません。",
            hint="新しい内容を確かめてから、もう一度削除してください。",
        )
    record.deleted_at = clock.now()
    record.version += 1
    record.save(update_fields=["deleted_at", "version"])
    put_aside(record)
    remember(record, Act.DELETED, {}, {}, by, clock)
    return record


@verb("appbuilder.restore_record", label="アプリの記録の削除の取消し")
def restore_record(*, by: Person, record: Record, clock: Clock) -> Record:
    """Bring a deleted record back. Raises `RecordFault` when its unique value was given to another meanwhile."""
    app = record.app
    shapes, definition, sight = opened(by, app)
    record = hold(by, record, app, definition, sight, clock, deleted=True)
    if not sight.edit:
        raise NotAllowed("このアプリの記録を戻す権限がありません。")
    now = shapes.of(record, today=clock.today())
    record.deleted_at = None
    _refuse_duplicates(app, definition, now.values, record)
    write_record(record, definition, shapes.number, now.values, now.kept, Act.RESTORED, by, clock)
    return record


@verb("appbuilder.go_back", label="アプリの記録を以前の内容に戻す")
def go_back(*, by: Person, record: Record, to: int, version: int, clock: Clock) -> Record:
    """Give a record the values it had at version `to`, as far as the person may write them; a change like any other."""
    app = record.app
    shapes, definition, sight = opened(by, app)
    record = hold(by, record, app, definition, sight, clock)
    if not sight.edit:
        raise NotAllowed("このアプリの記録を変える権限がありません。")
    if record.version != version:
        raise Refusal("開いている間に、ほかの人がこの記録を変更しました。", hint="新しい内容を確かめてください。")
    now = shapes.of(record, today=clock.today())
    past = list(record.history.filter(version__gt=to).values_list("version", "before"))
    then = seen_at(to, now.values, past)
    wanted = {}
    for key in sight.editable:
        one = definition.field(key)
        value = then.get(key)
        if one is not None and value != now.values.get(key) and (value is None or is_shaped(one, value)):
            wanted[key] = value
    if not wanted:
        raise Refusal("戻せる項目がありません。", hint="その時の内容は、いまと同じか、いまの項目では表せません。")
    after = put(now.values, wanted)
    refuse_faults(by, app, definition, after, frozenset(wanted), record=record, clock=clock)
    write_record(record, definition, shapes.number, after, now.kept, Act.WENT_BACK, by, clock)
    return record


def opened(by: Person, app: App) -> tuple[Shapes, AppDefinition, Sight]:
    """The app as it stands now, whatever the caller has read before: permissions may have changed since."""
    app.refresh_from_db()
    if app.closed_at is not None:
        raise NotVisible
    shapes = Shapes(app)
    if not app.versions.filter(state="in_use").exists():
        definition_of(app)
        raise Refusal("このアプリはまだ使い始めていません。", hint="管理する人が下書きを確かめて、使い始めてください。")
    definition = shapes.definition
    return shapes, definition, sight_for(by, app, definition)


def hold(
    by: Person,
    record: Record,
    app: App,
    definition: AppDefinition,
    sight: Sight,
    clock: Clock,
    *,
    deleted: bool = False,
) -> Record:
    """The record as it is stored now, locked. Raises `NotVisible`, and `UnderDecision` while it waits for a decision."""
    seen = visible_records(by, app, definition, sight, today=clock.today(), deleted=deleted)
    if not seen.filter(pk=record.pk).exists():
        raise NotVisible
    found = Record.objects.select_for_update().filter(pk=record.pk, deleted_at__isnull=not deleted).first()
    if found is None:
        raise NotVisible
    found.app = app
    if not deleted and PressRequest.objects.filter(record=found, state=PressState.WAITING).exists():
        raise UnderDecision
    return found


def put(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The values with some changed; None takes one away."""
    return {key: value for key, value in {**values, **changes}.items() if value is not None}


def refuse_faults(
    by: Person,
    app: App,
    definition: AppDefinition,
    values: Mapping[str, Any],
    touched: frozenset[str],
    *,
    record: Record | None,
    clock: Clock,
    sight: Sight | None = None,
) -> None:
    """Look at the fields that are written now: shape, required, limits, My Numbers, looked-up records, duplicates.

    Fields needed under a condition are asked of the person whose `sight` is given.
    """
    faults = _needed_now(definition, values, touched, sight, clock)
    for one in definition.fields:
        if one.key not in touched or not one.type.is_typed:
            continue
        value = values.get(one.key)
        if value is None:
            if one.required:
                faults[one.key] = f"「{one.label}」を入力してください。"
        elif not is_shaped(one, value):
            faults[one.key] = f"「{one.label}」が「{one.type.label}」として正しくありません。入力し直してください。"
        elif isinstance(value, str) and find_my_numbers(value):
            faults[one.key] = (
                f"「{one.label}」に個人番号（マイナンバー）とみられる番号があります。番号を消してください。"
            )
        elif fault := beyond(one, value, today=clock.today()) or (
            files_fault(by, one, value, record) if one.type.holds_files else ""
        ):
            faults[one.key] = fault
        elif one.type is FieldType.LOOKUP and not _is_known(by, one, value, record, clock):
            faults[one.key] = f"「{one.label}」の記録が見つかりません。選び直してください。"
    if faults:
        raise RecordFault(faults)
    _refuse_duplicates(app, definition, values, record)


def _needed_now(
    definition: AppDefinition, values: Mapping[str, Any], touched: frozenset[str], sight: Sight | None, clock: Clock
) -> dict[str, str]:
    if sight is None:
        return {}
    writable, visible = (sight.editable, sight.visible) if sight.see else (definition.by_hand, definition.by_hand)
    fields = {one.key: one for one in definition.stored}
    asked = needed_under_conditions(definition, touched, writable=writable, visible=visible)
    known = with_computed(values, definition, clock.today()) if asked else {}
    return {
        key: f"「{fields[key].label}」を入力してください（{condition_in_words(fields[key].needed_when, definition)}は必要です）。"
        for key in sorted(asked)
        if known.get(key) is None and holds(fields[key].needed_when, known, fields, clock.today())
    }


def _is_known(by: Person, one: AppField, value: str, record: Record | None, clock: Clock) -> bool:
    if record is not None and record.values.get(one.key) == value:
        return True
    return value in lookup_names(by, one, [value], today=clock.today())


def _refuse_duplicates(app: App, definition: AppDefinition, values: Mapping[str, Any], record: Record | None) -> None:
    faults = {}
    for one in definition.fields:
        if not one.unique or values.get(one.key) is None:
            continue
        written = cells_of(one, values[one.key])[0].written
        others = Cell.objects.filter(app=app, key=one.key, unique_text=written)
        if record is not None:
            others = others.exclude(record=record)
        if others.exists():
            faults[one.key] = f"「{one.label}」に同じ値の記録がすでにあります。別の値にしてください。"
    if faults:
        raise RecordFault(faults)


def write_record(
    record: Record,
    definition: AppDefinition,
    shape: int,
    values: Mapping[str, Any],
    kept: Mapping[str, Any],
    act: Act,
    by: Person,
    clock: Clock,
    words: str = "",
) -> None:
    """Store what a record shall be: values, cells, and the entry in its history."""
    before = dict(record.values)
    record.values = with_computed(values, definition, clock.today())
    record.kept = dict(kept)
    record.shape = shape
    record.version += 1
    record.changed_by_name, record.changed_at = by.name, clock.now()
    record.save()
    give_files(by, record, definition)
    _keep_cells(record, definition)
    changed = [key for key in {*before, *record.values} if before.get(key) != record.values.get(key)]
    remember(
        record,
        act,
        {key: before.get(key) for key in changed},
        {key: record.values.get(key) for key in changed},
        by,
        clock,
        words,
    )
    wake_automations(record, definition, is_new=False, before=before, after=record.values)


def _keep_cells(record: Record, definition: AppDefinition, *, is_new: bool = False) -> None:
    try:
        with transaction.atomic():
            if is_new:
                write_cells([record], definition)
            else:
                rewrite_cells([record], definition)
    except IntegrityError:
        labels = "、".join(f"「{one.label}」" for one in definition.fields if one.unique)
        key = next(one.key for one in definition.fields if one.unique)
        raise RecordFault({key: f"{labels}に同じ値の記録がすでにあります。別の値にしてください。"}) from None


def remember(
    record: Record,
    act: Act,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    by: Person,
    clock: Clock,
    words: str = "",
) -> None:
    """Add an entry to the history of a record; `words` names the button or automation."""
    RecordHistory.objects.create(
        record=record,
        version=record.version,
        shape=record.shape,
        act=act,
        words=words[:120],
        before=dict(before),
        after=dict(after),
        by=by.id,
        by_name=by.name,
        at=clock.now(),
    )
