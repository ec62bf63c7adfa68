"""Two records become one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.models import Act, Record
from yakuba.office.appbuilder.services.cells import put_aside
from yakuba.office.appbuilder.services.records import hold, opened, put, refuse_faults, remember, write_record


@verb("appbuilder.merge_records", label="アプリの似た記録をまとめる")
def merge_records(
    *,
    by: Person,
    keep: Record,
    gone: Record,
    values: Mapping[str, Any],
    versions: tuple[int, int],
    clock: Clock,
) -> Record:
    """Delete `gone` and give `keep` the chosen `values` of it; both histories say so.

    `versions` are those of `keep` and `gone` the person compared. Only for those who see and write every field: a value
    that is hidden from somebody would be lost without their knowing. Raises `NotAllowed`, `NotVisible`, `RecordFault`,
    `UnderDecision`, and `Refusal` when one of the two changed meanwhile. The deleted one can be restored.
    """
    app = keep.app
    shapes, definition, sight = opened(by, app)
    if gone.app_id != app.pk or gone.pk == keep.pk:
        raise Refusal("同じアプリの、別々の記録を選んでください。")
    if not sight.edit or definition.by_hand - sight.editable:
        raise NotAllowed("記録をまとめられるのは、すべての項目を見て、書ける人です。")
    if set(values) - sight.editable:
        raise NotAllowed("書き込む権限のない項目が含まれています。")
    first, second = sorted((keep, gone), key=lambda one: one.pk)  # locked in one order, whoever merges what
    held = {one.pk: hold(by, one, app, definition, sight, clock) for one in (first, second)}
    keep, gone = held[keep.pk], held[gone.pk]
    if (keep.version, gone.version) != versions:
        raise Refusal(
            "くらべている間に、ほかの人が記録を変えました。まだまとめていません。",
            hint="新しい内容を確かめてください。",
        )
    gone.deleted_at = clock.now()
    gone.version += 1
    gone.save(update_fields=["deleted_at", "version"])
    put_aside(gone)
    remember(gone, Act.DELETED, {}, {}, by, clock, f"番号{keep.number}にまとめた")
    now = shapes.of(keep, today=clock.today())
    changes = {key: value for key, value in values.items() if value != now.values.get(key)}
    after = put(now.values, changes)
    refuse_faults(by, app, definition, after, frozenset(changes), record=keep, clock=clock)
    kept = {key: value for key, value in now.kept.items() if key not in changes}
    words = f"番号{gone.number}をまとめた"
    write_record(keep, definition, shapes.number, after, kept, Act.CHANGED, by, clock, words)
    return keep
