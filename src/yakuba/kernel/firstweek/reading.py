"""From the bytes of a workbook to rows of text, and back to an error sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from openpyxl import load_workbook

from yakuba.kernel.files.api import Kind, Limits, check_office, safe_name
from yakuba.kernel.firstweek.rules.lines import Fault, RawRow
from yakuba.kernel.firstweek.rules.sheets import SHEETS
from yakuba.kernel.paper.api import Download, Problem, Table, TableRefused, error_sheet, read_table

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 3_000


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that was read: a table per sheet that is there."""

    filename: str
    tables: Mapping[str, Table]
    unknown: tuple[str, ...]

    def rows(self) -> dict[str, list[RawRow]]:
        """The rows of every sheet as the rules take them."""
        return {name: [RawRow(row.number, row.cells) for row in table] for name, table in self.tables.items()}

    def faults_while_reading(self) -> list[Fault]:
        """Cells that hold no value, e.g. a formula without a result."""
        return [
            Fault(name, one.position.row, one.name, one.message, one.hint)
            for name, table in self.tables.items()
            for one in table.problems
        ]


def read_workbook(content: bytes, filename: str) -> Workbook:
    """Read the sheets of a first-week workbook; a sheet that is not there has no rows.

    Raises `FileRefused` for hostile files, `TableRefused` for anything that is no such workbook.
    """
    name = safe_name(filename)
    if len(content) > MOST_BYTES:
        raise TableRefused(
            f"「{name}」は大きすぎます（上限 {MOST_BYTES // 1024 // 1024} MB）。",
            hint="ひな形に必要な行だけを入力してください。",
        )
    there = sheet_names(content, name)
    wanted = [sheet for sheet in SHEETS if sheet.name in there]
    if not wanted:
        raise TableRefused(
            f"「{name}」には、最初の登録のシートが一つもありません。",
            hint=f"ひな形をダウンロードして使ってください。シートの名前は{'、'.join(one.name for one in SHEETS)}です。",
        )
    tables = {}
    for sheet in wanted:
        table = read_table(
            content,
            name,
            sheet=sheet.name,
            required=[column.name for column in sheet.columns if column.required],
            optional=[column.name for column in sheet.columns if not column.required],
        )
        if len(table) > MOST_ROWS:
            raise TableRefused(
                f"シート「{sheet.name}」の行が多すぎます（{len(table):,}行、上限 {MOST_ROWS:,}行）。",
                hint="要らない行を消してください。",
            )
        tables[sheet.name] = table
    known = {sheet.name for sheet in SHEETS} | {"はじめに"}
    return Workbook(name, tables, tuple(one for one in there if one not in known))


def sheet_names(content: bytes, filename: str) -> list[str]:
    """The names of the sheets of a workbook that passed the intake's checks."""
    if not content.startswith(b"PK"):
        raise TableRefused(
            f"「{filename}」は Excel ブック（.xlsx）ではありません。",
            hint="ひな形の .xlsx に入力して、そのまま送ってください。CSV や .xls は使えません。",
        )
    if check_office(content, name=filename, limits=Limits(max_bytes=MOST_BYTES)) is not Kind.XLSX:
        raise TableRefused(
            f"「{filename}」は Excel ブック（.xlsx）ではありません。",
            hint="Excel で .xlsx として保存し直してください。",
        )
    try:
        book = load_workbook(BytesIO(content), read_only=True)
        names = [str(name) for name in book.sheetnames]
        book.close()
    except Exception as fault:  # a damaged workbook may fail anywhere
        raise TableRefused(
            f"「{filename}」は Excel ブックとして読めません（壊れています）。",
            hint="Excel で開いて保存し直してください。",
        ) from fault
    return names


def marked_workbook(content: bytes, filename: str, faults: Iterable[Fault]) -> Download:
    """The same workbook with the column エラー on every sheet that has faults, the wrong cells marked."""
    by_sheet: dict[str, list[Fault]] = {}
    for fault in faults:
        by_sheet.setdefault(fault.sheet, []).append(fault)
    workbook = read_workbook(content, filename)
    marked = Download(content, f"{filename}", "")
    for name, found in by_sheet.items():
        table = workbook.tables.get(name)
        if table is not None:
            marked = error_sheet(replace(table, source=content), _problems(table, found))
            content = marked.content
    return marked


def _problems(table: Table, faults: Sequence[Fault]) -> list[Problem]:
    rows = {row.number: row for row in table}
    return [rows[fault.row].problem(fault.column, fault.message, fault.hint) for fault in faults if fault.row in rows]
