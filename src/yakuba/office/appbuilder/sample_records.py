"""What the sample's lending app shows of single records: photos, comments, and the section's own sheets."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from PIL import Image, ImageDraw

from yakuba.kernel.access.api import Person
from yakuba.kernel.files.api import receive_file
from yakuba.kernel.things.sample import SampleContext
from yakuba.office.appbuilder.models import App, Record
from yakuba.office.appbuilder.services import add_comment, change_record, put_in_sheet

_LINE = Side(style="thin")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_SLIP = (
    (5, "品　　名", "{{品名}}"),
    (7, "数　　量", "{{数量}}"),
    (9, "貸 出 先", "{{貸出先|様}}"),
    (11, "貸 出 日", "{{貸出日}}"),
    (13, "返却予定日", "{{返却予定日}}"),
    (15, "連 絡 先", "{{連絡先}}"),
    (17, "備　　考", "{{備考}}"),
)
_TABLE = ("番号", "品名", "数量", "貸出先", "貸出日", "返却予定日", "状態")


def show_more(context: SampleContext, app: App, maker: Person) -> None:
    """Photos at two records, a few words at one, a slip and a book to print them in."""
    records = list(Record.objects.filter(app=app, number__in=(21, 22)).order_by("number"))
    for record, (colour, names) in zip(
        records, (("#8fb3c7", ("貸出前.jpg", "付属品.jpg")), ("#c7b08f", ("外箱.jpg",))), strict=True
    ):
        files = [
            receive_file(by=maker, stream=_photo(colour, place), filename=name, clock=context.clock)
            for place, name in enumerate(names)
        ]
        values = {"photos": [file.public_id for file in files]}
        change_record(by=maker, record=record, values=values, version=record.version, clock=context.clock)
    add_comment(
        by=maker,
        record=records[0],
        text="コードの先が傷んでいます。次に貸し出す前に取り替えます。",
        clock=context.clock,
    )
    for title, content in (("備品貸出票", slip()), ("備品貸出簿", book())):
        file = receive_file(by=maker, stream=content, filename=f"{title}.xlsx", clock=context.clock)
        put_in_sheet(by=maker, app=app, title=title, file=file, clock=context.clock)


def _photo(colour: str, place: int) -> bytes:
    """A drawn stand-in for a photograph of a thing on a table."""
    picture = Image.new("RGB", (960, 720), colour)
    drawn = ImageDraw.Draw(picture)
    drawn.rectangle((0, 500, 960, 720), fill="#6b5a4a")
    left = 180 + 120 * place
    drawn.rounded_rectangle((left, 250, left + 520, 560), 30, fill="#2f3540")
    drawn.ellipse((left + 340, 320, left + 480, 460), fill="#dfe7ee", outline="#11151b", width=8)
    drawn.rectangle((left + 50, 330, left + 220, 360), fill="#9aa4b0")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def slip() -> bytes:
    """The lending slip (備品貸出票) on 方眼紙, for one record."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "貸出票"
    for column in range(1, 37):
        sheet.column_dimensions[get_column_letter(column)].width = 2.4
    sheet["A1"], sheet["A1"].font = "備　品　貸　出　票", Font(size=18, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.merge_cells("A1:AJ2")
    sheet["Z3"] = "番号　{{記録の番号}}"
    for row, label, mark in _SLIP:
        for first, last, text in ((1, 9, label), (10, 36, mark)):
            for line in (row, row + 1):
                for column in range(first, last + 1):
                    sheet.cell(line, column).border = _FRAME
            sheet.cell(row, first, text).alignment = Alignment(vertical="center", wrap_text=True)
            sheet.merge_cells(start_row=row, end_row=row + 1, start_column=first, end_column=last)
    sheet["A20"] = "返却：{{状態：返却済}} 済　　{{状態：貸出中}} 貸出中"
    sheet["A22"] = "{{出した日}}　見本町"
    sheet.page_setup.paperSize = 9
    return _saved(made)


def book() -> bytes:
    """The lending book (備品貸出簿), a row for each record."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "貸出簿"
    sheet["A1"], sheet["A1"].font = "備品貸出簿（{{件数}}件）", Font(size=14, bold=True)
    marks = ("{{#記録}}{{記録の番号}}", "{{品名}}", "{{数量}}", "{{貸出先}}", "{{貸出日|短い和暦}}",
             "{{返却予定日|短い和暦}}", "{{状態}}{{/記録}}")  # fmt: skip
    for column, (name, mark, width) in enumerate(zip(_TABLE, marks, (6, 22, 6, 22, 12, 12, 10), strict=True), start=1):
        sheet.cell(3, column, name).font = Font(bold=True)
        sheet.cell(4, column, mark)
        sheet.column_dimensions[get_column_letter(column)].width = width
        for row in (3, 4):
            sheet.cell(row, column).border = _FRAME
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape"
    return _saved(made)


def _saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
