"""Reading a table out of an Excel or CSV file."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from yakuba.kernel.files.api import safe_name
from yakuba.kernel.paper.tables.csv_grid import csv_grid
from yakuba.kernel.paper.tables.grid import MEGABYTE, Grid, TableLimits
from yakuba.kernel.paper.tables.header import ERROR_COLUMN, Header, find_header, header_between, named_columns
from yakuba.kernel.paper.tables.table import (
    Column,
    NoTableFound,
    Position,
    Preview,
    Problem,
    Row,
    Table,
    TableRefused,
    column_letter,
    listed,
)
from yakuba.kernel.paper.tables.xlsx_grid import xlsx_grids

_EXAMPLES = frozenset({"例", "(例)", "記入例", "(記入例)", "入力例", "(入力例)", "例:", "【例】", "[例]"})
_MOST_PLACES = 10
_PREVIEWED = 12


def read_table(
    content: bytes,
    filename: str,
    *,
    required: Sequence[str] = (),
    optional: Sequence[str] = (),
    sheet: str | None = None,
    header_rows: tuple[int, int] | None = None,
    last_row: int | None = None,
    limits: TableLimits | None = None,
) -> Table:
    """Read the table of a .xlsx or .csv file, told apart by content.

    The header row is found below titles; columns are matched to the declared names whatever their width, spaces or
    marks (必須, ※). Every value is text as it is shown: dates `2026-04-01`, moments `2026-04-01 09:30`, numbers without
    separators, leading zeros kept; a cell merged downwards counts for each of its rows. Rows marked as example and the
    column エラー of an error sheet are passed over, blank rows too. `header_rows` (first and last) and `last_row` of the data
    are what a person has pointed at; nothing is searched then.

    Raises `TableRefused` when there is no such table, it is too large, or a My Number (個人番号) stands anywhere in the file;
    `FileRefused` for hostile workbooks.
    """
    limits = limits or TableLimits()
    filename = safe_name(filename)
    if not content.strip():
        raise TableRefused(f"「{filename}」は空です。", hint="ファイルに中身があるか確かめてください。")
    if len(content) > limits.max_bytes:
        raise TableRefused(
            f"「{filename}」は大きすぎます（上限 {limits.max_bytes // MEGABYTE} MB）。",
            hint="いくつかのファイルに分けてください。",
        )
    declared = [*required, *optional]
    if content.startswith(b"PK"):
        grids, encoding = xlsx_grids(content, filename, limits), ""
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableRefused(
            f"「{filename}」は古い形式（.xls）か、パスワードの付いたファイルです。",
            hint="Excel で開き、パスワードを外して .xlsx として保存し直してください。",
        )
    else:
        grid, encoding = csv_grid(content, filename, limits)
        grids = [grid]
    _refuse_my_numbers(grids, filename)
    grid, header = _chosen(grids, declared, sheet, filename, header_rows)
    columns = named_columns(header, declared, required, filename)
    preview = _preview(grids, grid)
    if last_row is not None:
        grid.cells = {number: cells for number, cells in grid.cells.items() if number <= last_row}
    table = _table(grid, header, columns, declared, filename, encoding, content)
    return replace(table, header_last=header.last, preview=preview)


def _preview(grids: Sequence[Grid], grid: Grid) -> Preview:
    numbers = sorted(grid.cells)
    rows = tuple(
        (number, tuple(text for _, text in sorted(grid.row(number).items()))) for number in numbers[:_PREVIEWED]
    )
    sheets = tuple(one.sheet for one in grids if not one.hidden and one.cells)
    return Preview(sheets, grid.sheet, rows, numbers[-1] if numbers else 0)


def _refuse_my_numbers(grids: Iterable[Grid], filename: str) -> None:
    """Refuse the whole file, unread columns and hidden sheets included: nothing of it may be kept."""
    places = [place.words() for grid in grids for place in grid.with_my_number]
    if places:
        more = f"、ほか{len(places) - _MOST_PLACES}か所" if len(places) > _MOST_PLACES else ""
        raise TableRefused(
            f"「{filename}」に、個人番号（マイナンバー）とみられる12けたの番号があるため、読み込みませんでした："
            f"{'、'.join(places[:_MOST_PLACES])}{more}。",
            hint="番号を消してから、もう一度送ってください。別の番号のときは、終わりの4けただけにしてください。",
        )


def _chosen(
    grids: list[Grid],
    declared: Sequence[str],
    sheet: str | None,
    filename: str,
    header_rows: tuple[int, int] | None = None,
) -> tuple[Grid, Header]:
    """The sheet asked for, else the visible one whose header fits best."""
    if sheet is not None:
        grids = [grid for grid in grids if grid.sheet == sheet]
        if not grids:
            raise TableRefused(
                f"「{filename}」にシート「{sheet}」がありません。", hint="シートの名前を確かめてください。"
            )
    if header_rows is not None:
        grid = next((one for one in grids if not one.hidden and one.cells), grids[0])
        told = header_between(grid, *header_rows)
        if not told.columns:
            raise NoTableFound(
                f"「{filename}」の{header_rows[0]}行目に、列の見出しがありません。",
                hint="見出しの行を選び直してください。",
                preview=_preview(grids, grid),
            )
        return grid, told
    found = [(grid, header) for grid in grids if not grid.hidden and (header := find_header(grid, declared))]
    if found:
        names = set(declared)
        return max(found, key=lambda pair: len(names & {column.name for column in pair[1].columns}))
    if declared:
        raise TableRefused(
            f"「{filename}」に見出しの行が見つかりません。必要な列は{listed(declared)}です。",
            hint="表の一番上に列の見出しを入れてください。",
        )
    raise NoTableFound(
        f"「{filename}」に表が見つかりません。",
        hint="一行目に列の見出しを、その下にデータを入れてください。",
        preview=_preview(grids, next((one for one in grids if not one.hidden and one.cells), grids[0])),
    )


def _table(
    grid: Grid,
    header: Header,
    columns: tuple[Column, ...],
    declared: Sequence[str],
    filename: str,
    encoding: str,
    content: bytes,
) -> Table:
    places = {column.name: column.number for column in columns}
    _spread_merged(grid, header.last)
    rows: list[Row] = []
    problems: list[Problem] = []
    examples: list[int] = []
    absent = {name: "" for name in declared if name not in places}
    for number in sorted(one for one in grid.cells if one > header.last):
        cells = grid.row(number)
        texts = {column.name: cells.get(column.number, "").strip() for column in columns}
        if not any(texts.values()):
            continue
        if _is_example(texts.values()):
            examples.append(number)
            continue
        row = Row(number, {**texts, **absent}, grid.sheet, places)
        rows.append(row)
        problems += _faults(grid, row, columns)
    notes = _unnamed(grid, header, columns)
    if examples:
        notes.append(f"記入例の行（{'、'.join(f'{number}行目' for number in examples[:5])}）は読み込んでいません。")
    if grid.hidden_rows:
        notes.append(f"非表示の行が {grid.hidden_rows} 行あります。表示されている行と同じように読み込みました。")
    return Table(
        filename=filename,
        sheet=grid.sheet,
        header_row=header.first,
        columns=columns,
        rows=tuple(rows),
        problems=tuple(problems),
        missing=tuple(absent),
        unknown=tuple(name for name in places if declared and name not in declared),
        notes=tuple(notes),
        encoding=encoding,
        source=content,
    )


def _unnamed(grid: Grid, header: Header, columns: Sequence[Column]) -> list[str]:
    """A sentence about columns that hold something in several rows and have no name; nothing is lost unsaid."""
    named = {column.number for column in columns} | {
        number for number, text in grid.row(header.first).items() if text.strip() == ERROR_COLUMN
    }
    filled: Counter[int] = Counter()
    for number, cells in grid.cells.items():
        if number > header.last:
            filled.update(column for column, text in cells.items() if column not in named and text.strip())
    letters = [column_letter(column) for column, count in sorted(filled.items()) if count > 1]
    if not letters:
        return []
    return [
        f"見出しのない列（{'、'.join(letters[:10])}列）に値があります。取り込むときは、その列に見出しを付けてください。"
    ]


def _spread_merged(grid: Grid, header_end: int) -> None:
    """Let a cell merged downwards count for every row it covers that holds anything."""
    for merged in grid.merged:
        text = grid.row(merged.top).get(merged.left)
        if text is None or merged.top <= header_end:
            continue
        for number in range(merged.top + 1, merged.bottom + 1):
            if number in grid.cells:
                grid.cells[number].setdefault(merged.left, text)
            if number - merged.top > 100_000:
                break


def _faults(grid: Grid, row: Row, columns: Iterable[Column]) -> list[Problem]:
    return [
        Problem(
            Position(grid.sheet, row.number, column.number),
            column.name,
            row[column.name],
            grid.faulty[row.number, column.number],
            "値だけを入力し直すか、Excel で開いて保存し直してください。",
        )
        for column in columns
        if (row.number, column.number) in grid.faulty
    ]


def _is_example(texts: Iterable[str]) -> bool:
    first = next((text for text in texts if text), "")
    return unicodedata.normalize("NFKC", first) in _EXAMPLES
