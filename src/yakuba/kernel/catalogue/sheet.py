"""The catalogue as a sheet (CSV or Excel): out as it stands, back in with every fault marked in its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.catalogue.models import Procedure, Source
from yakuba.kernel.catalogue.rules import sheet_cells as cells
from yakuba.kernel.catalogue.rules.content import LABELS, ContentRefused, ProcedureContent, read_content
from yakuba.kernel.catalogue.services import add_procedure, edit_procedure
from yakuba.kernel.catalogue.services.edit_procedure import with_parts
from yakuba.kernel.paper.api import CsvEncoding, Download, Findings, Problem, Row, error_sheet, read_table, write_csv
from yakuba.kernel.paper.api import converters as convert
from yakuba.kernel.values.api import Clock, Refusal


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One sound row: the procedure it belongs to (`None`: a new one), the parts that change, its number in the file."""

    number: int
    key: str
    procedure: Procedure | None
    seen_edition: int
    parts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SheetRead:
    """What a sheet holds: rows that change something, those that change nothing, and the problems with the marked sheet."""

    changes: tuple[SheetRow, ...]
    unchanged: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    errors: Download | None = field(default=None, repr=False)


def write_sheet(procedures: Iterable[Procedure], encoding: CsvEncoding = CsvEncoding.UTF8) -> tuple[bytes, list[str]]:
    """The catalogue as CSV, and a line for every character that did not fit."""
    rows = [cells.cells_of(one.values, edition=one.edition) for one in procedures]
    made = write_csv(cells.COLUMNS, rows, encoding)
    told = [
        f"{one.position.words(one.name)}の「{one.character}」（{one.code}）を「{one.replaced_by}」にしました。"
        for one in made.unfit
    ]
    return made.content, told


def read_sheet(content: bytes, filename: str) -> SheetRead:
    """Read a sheet against the catalogue as it stands; nothing is written. Raises `Refusal` for what is no table.

    Every row comes back: as a change, as unchanged, or as a problem. A column that is missing leaves its part alone, an
    empty cell takes it away.
    """
    table = read_table(content, filename, required=(cells.KEY,), optional=[c for c in cells.COLUMNS if c != cells.KEY])
    present = frozenset(cells.COLUMNS) - frozenset(table.missing)
    findings = Findings(table)
    known = {one.key: one for one in Procedure.objects.select_related("section")}
    changes: list[SheetRow] = []
    unchanged = 0
    seen: dict[str, int] = {}
    for row in table:
        before = len(findings.problems)
        key = findings.take(row, cells.KEY, convert.as_text)
        if key is not None and key in seen:
            findings.add(row, cells.KEY, f"{seen[key]}行目と同じ識別名です。", "一つの手続きは一行にしてください。")
        if key is None or len(findings.problems) > before:
            continue
        seen[key] = row.number
        procedure = known.get(key)
        _check_number(row, procedure, findings)
        parts = _parts(row, present, findings)
        wanted = _wanted(row, key, procedure, parts, findings) if len(findings.problems) == before else None
        if wanted is None:
            continue
        if procedure is not None and wanted == procedure.content:
            unchanged += 1
            continue
        edition = _edition(row, procedure, present, findings)
        if len(findings.problems) == before:
            changes.append(SheetRow(row.number, key, procedure, edition, parts))
    notes = list(table.notes)
    if table.unknown:
        notes.append(f"知らない列は読みませんでした：{'、'.join(table.unknown[:20])}")
    problems = tuple(findings.problems)
    return SheetRead(
        () if problems else tuple(changes),
        unchanged,
        problems,
        tuple(notes),
        error_sheet(table, problems) if problems else None,
    )


def apply_sheet(read: SheetRead, *, by: Person, note: str, clock: Clock) -> tuple[int, list[str]]:
    """Write the changes of a sound sheet, one verb per row; returns how many and a line for each that was refused."""
    done, refused = 0, []
    for one in read.changes:
        try:
            if one.procedure is None:
                add_procedure(by=by, values={"key": one.key, **one.parts}, note=note, clock=clock)
            else:
                edit_procedure(
                    by=by,
                    procedure=one.procedure,
                    seen_edition=one.seen_edition,
                    parts=one.parts,
                    note=note,
                    clock=clock,
                    source=Source.SHEET,
                )
        except Refusal as refusal:
            refused.append(f"{one.number}行目（{one.key}）：{refusal.message}{refusal.hint or ''}")
        else:
            done += 1
    return done, refused


def _wanted(
    row: Row, key: str, procedure: Procedure | None, parts: Mapping[str, Any], findings: Findings
) -> ProcedureContent | None:
    try:
        if procedure is not None:
            return with_parts(procedure.content, parts)
        return read_content({"number": 1, "key": key, **{name: one for name, one in parts.items() if one is not None}})
    except ContentRefused as refused:
        for fault in refused.faults:
            part = fault.key.partition(".")[0]
            column = _COLUMN_OF.get(part, cells.KEY)
            findings.add(row, column, f"{LABELS.get(part, part)}：{fault.reason}", "")
        return None


def _check_number(row: Row, procedure: Procedure | None, findings: Findings) -> None:
    """The number stands on posters: a sheet may not change it, and a new procedure gets its own."""
    number = findings.take(row, cells.NUMBER, convert.whole_number, required=False)
    if number is None:
        return
    if procedure is None:
        findings.add(row, cells.NUMBER, "新しい手続きの番号は、登録するときに付きます。", "空にしてください。")
    elif number != procedure.number:
        findings.add(row, cells.NUMBER, f"この手続きの番号は{procedure.number}です。", "識別名か番号を直してください。")


def _edition(row: Row, procedure: Procedure | None, present: frozenset[str], findings: Findings) -> int:
    if procedure is None:
        return 0
    if cells.EDITION not in present:
        return procedure.edition
    edition = findings.take(row, cells.EDITION, convert.whole_number)
    if edition is not None and edition != procedure.edition:
        findings.add(
            row,
            cells.EDITION,
            f"書き出した後に変えられています（今は第{procedure.edition}版、{procedure.acted_name}さん）。",
            "書き出し直して、直したところを写してください。",
        )
    return edition or 0


def _parts(row: Row, present: frozenset[str], findings: Findings) -> dict[str, Any]:
    """The parts a row gives: those whose columns the sheet has. `None` takes a part away."""
    parts: dict[str, Any] = {part: cells.text_from(row.cells, part) for part, label in cells.TEXTS if label in present}
    for name, part in ((cells.KIND, "kind"), (cells.IDENTITY, "identity"), (cells.SIGNATURE, "signature")):
        if name in present and (row.cells.get(name) or part != "signature"):
            parts[part] = findings.take(row, name, partial(cells.choice_from, part))
    for name, part, has_many in (
        (cells.EVENTS, "events", True),
        (cells.WORDS, "words", True),
        (cells.ROLE, "section", False),
        (cells.AUTHORITY, "authority", False),
    ):
        text = row.cells.get(name, "")
        if name in present and (has_many or text):
            parts[part] = cells.list_from(text) if has_many else text
    for name, part in ((cells.DAYS, "standard_days"), (cells.YEARS, "retention_years")):
        if name in present:
            parts[part] = findings.take(row, name, convert.whole_number, required=False)
    for name, part, read in (
        (cells.DOCUMENTS, "documents", cells.documents_from),
        (cells.GROUNDS, "grounds", cells.grounds_from),
    ):
        if name in present:
            parts[part] = findings.take(row, name, read, required=False) or []
    if cells.FEES in present:
        parts["fee"] = _fee(row, findings)
    if present.issuperset(cells.CONFIRMED_COLUMNS) and present.issuperset(cells.SOURCE_COLUMNS):
        parts["evidence"] = _evidence(row, findings)
    return parts


def _fee(row: Row, findings: Findings) -> dict[str, Any] | None:
    fee = {
        "is_free": findings.take(row, cells.FREE, convert.truth, required=False),
        "items": findings.take(row, cells.FEES, cells.fees_from, required=False),
        "note": cells.fee_note_from(row.cells),
    }
    return {name: value for name, value in fee.items() if value} or None


def _evidence(row: Row, findings: Findings) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for (confirmed, fact), source in zip(cells.CONFIRMED_COLUMNS.items(), cells.SOURCE_COLUMNS, strict=True):
        certain = findings.take(row, confirmed, convert.truth, required=False) or False
        words = row.cells.get(source, "")
        if certain or words:
            found[fact.value] = {"certain": certain, "source": words}
    return found


_COLUMN_OF: Mapping[str, str] = {
    **dict(cells.TEXTS),
    "key": cells.KEY,
    "kind": cells.KIND,
    "events": cells.EVENTS,
    "section": cells.ROLE,
    "authority": cells.AUTHORITY,
    "documents": cells.DOCUMENTS,
    "fee": cells.FEES,
    "standard_days": cells.DAYS,
    "grounds": cells.GROUNDS,
    "identity": cells.IDENTITY,
    "signature": cells.SIGNATURE,
    "retention_years": cells.YEARS,
    "words": cells.WORDS,
    "evidence": next(iter(cells.SOURCE_COLUMNS)),
}
