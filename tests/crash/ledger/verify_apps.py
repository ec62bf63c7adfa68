"""What became of everything people did with the self-built app of the trial, counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

#: What must be nothing.
NOTHING_OF = (
    "app_lost",
    "app_twice",
    "app_half",
    "app_cells_wrong",
    "app_history_gaps",
    "app_moved_twice",
    "app_decided_twice",
    "app_half_decisions",
    "app_automated_twice",
    "app_not_automated",
    "app_half_imports_seen",
    "app_imports_left",
    "app_open_jobs",
    "app_without_audit_event",
)


def open_app_jobs() -> int:
    from yakuba.kernel.jobs.models import Job, JobState

    ours = Job.objects.filter(name__in=("appbuilder.automate", "appbuilder.carry_out"))
    return int(ours.exclude(state=JobState.DONE).count())


def counted(acknowledged: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """`acknowledged` are the acts the server said it had done: act, key of the record or import."""
    from tests.crash.ledger.lending_app import LENDING_APP, OTHER_APP, ROWS
    from yakuba.kernel.access.api import system_person
    from yakuba.kernel.approval.models import DecisionRequest
    from yakuba.kernel.audit.models import AuditEvent
    from yakuba.kernel.notify.models import Message
    from yakuba.kernel.organisation.models import Staff
    from yakuba.kernel.values.api import SystemClock
    from yakuba.office.appbuilder.access import sight_for, visible_records
    from yakuba.office.appbuilder.models import Act, App, AutomationRun, ImportBatch, PressRequest, Record
    from yakuba.office.appbuilder.queries.shapes import Shapes
    from yakuba.office.appbuilder.services import drop_import
    from yakuba.office.appbuilder.tests.world import acting, wrong_cells

    app, other = App.objects.get(title=LENDING_APP), App.objects.get(title=OTHER_APP)
    done: dict[str, Counter[str]] = defaultdict(Counter)
    for what, key in acknowledged:
        done[what][key] += 1
    found: Counter[str] = Counter(dict.fromkeys(NOTHING_OF, 0))

    # Imports first: half ones are seen by nobody, and can be taken out again to the last row.
    by = acting(Staff.objects.get(number="1004"))
    definition = Shapes(app).definition
    seen = visible_records(by, app, definition, sight_for(by, app, definition), today=SystemClock().today())
    visible = Counter(seen.filter(batch__isnull=False).values_list("batch_id", flat=True))
    finished = {}
    unfinished = 0
    for batch in ImportBatch.objects.filter(app=app):
        rows = batch.records.count()
        if batch.finished_at is None:
            unfinished += 1
            found["app_half_imports_seen"] += bool(visible[batch.pk])
            found["app_half"] += rows != batch.rows
            while drop_import(by=system_person("appbuilder"), batch=batch):
                pass
            found["app_imports_left"] += ImportBatch.objects.filter(pk=batch.pk).exists()
        else:
            finished[batch.filename] = batch
            found["app_half"] += not rows == batch.rows == visible[batch.pk] == ROWS
    found["app_lost"] += len(set(done["import"]) - set(finished))
    found["app_imports_left"] += (
        Record.objects.filter(app=app)
        .exclude(batch__isnull=True)
        .exclude(batch__in=[one.pk for one in finished.values()])
        .count()
    )

    # Records people made, each by its key.
    records = list(Record.objects.filter(app=app, batch__isnull=True).prefetch_related("history", "runs"))
    by_key = {one.values["item"]: one for one in records}
    found["app_twice"] += len(records) - len(by_key)
    found["app_lost"] += len(set(done["create"]) - set(by_key))
    copies = Counter(one.values["what"] for one in Record.objects.filter(app=other))
    told = Counter(Message.objects.filter(kind="appbuilder.told").values_list("about_id", flat=True))
    audited = {
        ref.rpartition(":")[2]
        for subjects in AuditEvent.objects.filter(verb="appbuilder.add_record").values_list("subjects", flat=True)
        for ref in subjects
    }
    presses = defaultdict(list)
    for one in PressRequest.objects.filter(record__app=app):
        presses[one.record_id].append(one)
    decisions = {one.public_id: one for one in DecisionRequest.objects.filter(subject_kind="appbuilder.record")}
    asked = set()
    for key, record in by_key.items():
        history = sorted(record.history.all(), key=lambda one: one.version)
        acts = Counter(one.act for one in history)
        found["app_history_gaps"] += not _is_complete(record, history)
        found["app_without_audit_event"] += record.public_id not in audited
        changed = sum(one.after.get("note") == f"変更 {key}" for one in history)
        found["app_lost"] += bool(done["change"][key]) and not changed
        found["app_twice"] += changed > 1
        moves = sum("state" in one.after and one.act != Act.MADE for one in history)
        found["app_moved_twice"] += acts[Act.PRESSED] > 1 or acts[Act.ASKED] > 1 or moves > 1
        found["app_lost"] += bool(done["press"][key]) and not acts[Act.PRESSED]
        found["app_lost"] += bool(done["ask"][key]) and not acts[Act.ASKED]
        found["app_lost"] += bool(done["decide"][key]) and not acts[Act.DECIDED]
        found["app_decided_twice"] += acts[Act.DECIDED] > 1
        # A press that asked, its decision, the move and the state belong together: all or none.
        mine = presses[record.pk]
        asked |= {one.request_id for one in mine}
        for one in mine:
            decision = decisions.get(one.request_id)
            state = (decision.state, one.state, acts[Act.DECIDED], record.values["state"]) if decision else None
            found["app_half_decisions"] += state not in (
                ("waiting", "waiting", 0, "booked"),
                ("approved", "moved", 1, "out"),
                ("refused", "ended", 1, "no"),
            )
        found["app_half_decisions"] += len(mine) != acts[Act.ASKED]
        if not mine:
            found["app_half"] += record.values["state"] != ("out" if acts[Act.PRESSED] else "booked")
        # Each automation acted once for its cause, with everything it does.
        runs = Counter(one.automation for one in record.runs.all())
        out = record.values["state"] == "out"
        found["app_automated_twice"] += runs["added"] > 1 or runs["moved"] > 1 or told[record.public_id] > 1
        found["app_automated_twice"] += copies[key] > 1 or sum("secret" in one.after for one in history) > 1
        found["app_not_automated"] += not (runs["added"] and told[record.public_id] and copies[key])
        found["app_not_automated"] += record.values.get("secret") != "控えた" or runs["moved"] != int(out)
        found["app_not_automated"] += any(one.state != "done" for one in record.runs.all())
    found["app_half_decisions"] += len(set(decisions) - asked)
    found["app_automated_twice"] += len(set(copies) - set(by_key))
    found["app_cells_wrong"] += wrong_cells(app) + wrong_cells(other)
    found["app_open_jobs"] = open_app_jobs()
    return {
        "app_records": len(records),
        "app_changes": len(done["change"]),
        "app_presses": len(done["press"]) + len(done["ask"]),
        "app_decisions": len(done["decide"]),
        "app_automation_runs": AutomationRun.objects.filter(app=app).count(),
        "app_imports": len(finished),
        "app_imports_cut_off": unfinished,
        **found,
    }


def _is_complete(record: Any, history: list[Any]) -> bool:
    """Whether every version stands there once, and played from the beginning they give what is stored."""
    if [one.version for one in history] != list(range(1, record.version + 1)):
        return False
    values: dict[str, Any] = {}
    for one in history:
        if any(values.get(key) != before for key, before in one.before.items()):
            return False
        values.update(one.after)
    return bool({key: value for key, value in values.items() if value is not None} == record.values)
