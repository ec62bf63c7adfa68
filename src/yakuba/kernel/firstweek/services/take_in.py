"""Taking a workbook in: it is read and checked, nothing of the organisation is written."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.firstweek.models import Upload, UploadState
from yakuba.kernel.firstweek.queries import stored_organisation
from yakuba.kernel.firstweek.reading import Workbook, read_workbook
from yakuba.kernel.firstweek.rules.lines import Line, Plan
from yakuba.kernel.firstweek.rules.plan import plan
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.values.api import Clock


def check_workbook(content: bytes, filename: str) -> tuple[Workbook, Plan]:
    """Read a workbook and say what it would do. Raises ``Refusal`` if it cannot be read at all."""
    workbook = read_workbook(content, filename)
    made = plan(workbook.rows(), stored_organisation())
    broken = workbook.faults_while_reading()
    notices = list(made.notices)
    if workbook.unknown:
        notices.append(f"知らないシートは読みません：{'、'.join(one[:31] for one in workbook.unknown[:10])}")
    for name, table in workbook.tables.items():
        unknown = [column for column in table.unknown if column != "メモ"]
        if unknown:
            notices.append(f"シート「{name}」の知らない列は読みません：{'、'.join(one[:30] for one in unknown[:10])}")
    return workbook, Plan(made.lines, (*broken, *made.faults), tuple(notices))


def take_in(*, by: Person, content: bytes, filename: str, clock: Clock) -> Upload:
    """Check a workbook and keep it with its plan. Raises ``Refusal`` if it cannot be read at all."""
    require_editor(by)
    workbook, made = check_workbook(content, filename)
    return keep_upload(by=by, content=content, filename=workbook.filename, plan=made, clock=clock)


@verb("firstweek.keep_upload", label="最初の登録のブックを預かる")
def keep_upload(*, by: Person, content: bytes, filename: str, plan: Plan, clock: Clock) -> Upload:
    """Keep a checked workbook with what it would write; the organisation is not touched."""
    require_editor(by)
    return Upload.objects.create(
        filename=filename[:200],
        content=content,
        state=UploadState.REFUSED if plan.faults else UploadState.CHECKED,
        counts=plan.counts(),
        lines=[] if plan.faults else [_as_stored(line) for line in plan.work],
        faults=[asdict(fault) for fault in plan.faults],
        notices=list(plan.notices),
        uploaded_by=by.id,
        uploaded_at=clock.now(),
    )


def _as_stored(line: Line) -> dict[str, object]:
    values = {key: value.isoformat() if isinstance(value, date) else value for key, value in line.values.items()}
    return {
        "sheet": line.sheet,
        "row": line.row,
        "action": line.action,
        "values": values,
        "changed": list(line.changed),
    }
