"""The personnel list from Excel or CSV, and back with its faults."""

from __future__ import annotations

from collections.abc import Iterable

from yakuba.kernel.paper.api import Download, Table, TableRefused, error_sheet, read_table
from yakuba.kernel.yearturn.rules.personnel_list import OPTIONAL, REQUIRED, Fault, RawRow

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 2_000


def read_personnel_list(content: bytes, filename: str) -> Table:
    """The list as a table. Raises `TableRefused` for what is no list, `FileRefused` for hostile files."""
    if len(content) > MOST_BYTES:
        raise TableRefused("名簿が大きすぎます（上限 5 MB）。", hint="名簿のシートだけを別のブックに保存してください。")
    table = read_table(content, filename, required=REQUIRED, optional=OPTIONAL)
    if len(table) > MOST_ROWS:
        raise TableRefused(
            f"名簿の行が多すぎます（{len(table):,}行、上限 {MOST_ROWS:,}行）。", hint="要らない行を消してください。"
        )
    return table


def rows_of(table: Table) -> list[RawRow]:
    """The rows as the rules take them."""
    return [RawRow(row.number, row.cells) for row in table]


def faults_while_reading(table: Table) -> list[Fault]:
    """Cells that hold no value, e.g. a formula without a result."""
    return [Fault(one.position.row, one.name, one.message, one.hint) for one in table.problems]


def marked_list(content: bytes, filename: str, faults: Iterable[Fault]) -> Download:
    """The same list with the column エラー."""
    table = read_personnel_list(content, filename)
    rows = {row.number: row for row in table}
    return error_sheet(
        table, [rows[one.row].problem(one.column, one.message, one.hint) for one in faults if one.row in rows]
    )
