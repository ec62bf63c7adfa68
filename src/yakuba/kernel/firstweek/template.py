"""The first-week workbook to fill in: explanations, an example, and lists to choose from."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from yakuba.kernel.firstweek.rules.sheets import SHEETS, Sheet

FILENAME = "最初の登録.xlsx"
_HEAD = PatternFill("solid", start_color="FFE8F1FE")
_REQUIRED = PatternFill("solid", start_color="FFD9E6FF")
_EXAMPLE = PatternFill("solid", start_color="FFF2F2F2")
_LINE = Side(style="thin", color="FFCCCCCC")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_EXPLAINED = Font(color="FF4D4D4D", size=9)
#: Rows that carry lists to choose from.
_PREPARED_ROWS = 1000
_HEAD_ROW = 4

_BEFORE = (
    "この Excel ブックは、組織と職員を最初に登録するためのものです。",
    "シートごとに一行目から順に説明・見出し・例があります。例の行（灰色）は取り込まれません。消しても、残しておいてもかまいません。",
    "見出しに「※」のある列は必ず入力します。見出しの文字は変えないでください。列の順番は変えてもかまいません。",
    "登録するものがないシートは、空のままにするか、シートごと消してください。",
    "日付は 令和8年4月1日、R8.4.1、2026/4/1 のどの書き方でも読み取ります。終わりの日は「その日まで」です。",
    "送ると、まず確認の画面が出ます。その時点では何も登録されません。誤りがあれば、列「エラー」の付いた同じブックが返ります。",
    "直したブックをもう一度送ると、変わったところだけが登録されます。シートに無い行が消されることはありません。",
)


def template() -> bytes:
    """The empty workbook."""
    book = Workbook()
    first = book.worksheets[0]
    first.title = "はじめに"
    _introduction(first)
    for sheet in SHEETS:
        _fill(book.create_sheet(sheet.name), sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _introduction(page: Worksheet) -> None:
    page.column_dimensions["A"].width = 18
    page.column_dimensions["B"].width = 90
    page.append(["最初の登録"])
    page["A1"].font = Font(bold=True, size=16)
    page.append([])
    for number, sentence in enumerate(_BEFORE, start=1):
        page.append([f"{number}.", sentence])
    page.append([])
    page.append(["シート", "内容"])
    head = page.max_row
    for column in (1, 2):
        page.cell(head, column).font = Font(bold=True)
        page.cell(head, column).fill = _HEAD
    for sheet in SHEETS:
        page.append([sheet.name, sheet.about])
    for row in page.iter_rows(min_row=3):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _fill(page: Worksheet, sheet: Sheet) -> None:
    page.cell(1, 1, sheet.name).font = Font(bold=True, size=14)
    page.cell(2, 1, sheet.about)
    page.cell(_HEAD_ROW, 1, "メモ").fill = _HEAD
    page.cell(_HEAD_ROW + 1, 1, "例")
    page.column_dimensions["A"].width = 8
    for place, column in enumerate(sheet.columns, start=2):
        letter = get_column_letter(place)
        page.cell(_HEAD_ROW - 1, place, column.explanation).font = _EXPLAINED
        page.cell(_HEAD_ROW, place, f"{column.name}※" if column.required else column.name)
        page.cell(_HEAD_ROW, place).fill = _REQUIRED if column.required else _HEAD
        page.cell(_HEAD_ROW + 1, place, column.example)
        page.column_dimensions[letter].width = max(14, min(40, 2.2 * max(len(column.name) + 1, len(column.example))))
        cells = f"{letter}{_HEAD_ROW + 1}:{letter}{_PREPARED_ROWS}"
        if column.choices:
            listed = DataValidation(type="list", formula1='"' + ",".join(column.choices) + '"', allow_blank=True)
            listed.errorTitle, listed.error = column.name, "一覧から選んでください。"
            page.add_data_validation(listed)
            listed.add(cells)
        page.column_dimensions[letter].number_format = "@"  # 0101 stays 0101
        page.cell(_HEAD_ROW + 1, place).number_format = "@"
    for place in range(1, len(sheet.columns) + 2):
        head = page.cell(_HEAD_ROW, place)
        head.font = Font(bold=True)
        head.border = _FRAME
        head.alignment = Alignment(vertical="center")
        explained = page.cell(_HEAD_ROW - 1, place)
        explained.alignment = Alignment(wrap_text=True, vertical="bottom")
        page.cell(_HEAD_ROW + 1, place).fill = _EXAMPLE
    page.row_dimensions[_HEAD_ROW - 1].height = 42
    page.freeze_panes = f"A{_HEAD_ROW + 1}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
