"""The personnel list to fill in, with the people in service already in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from yakuba.kernel.japan.api import era_date
from yakuba.kernel.yearturn.rules.personnel_list import (
    ACTION,
    EMPLOYMENT,
    EMPLOYMENTS,
    KANA,
    LAST_DAY,
    NAME,
    NUMBER,
    POST,
    REQUIRED,
    SECTION,
)

_COLUMNS: tuple[tuple[str, str, str, int], ...] = (
    (NUMBER, "採用の人には新しい番号を付けます。", "1024", 12),
    (NAME, "", "坂下　花子", 18),
    (ACTION, "異動・採用・更新・退職・任期満了", "異動", 12),
    (SECTION, "所属コードか名称。異動・採用で書きます。", "総務課 行政管理班", 24),
    (POST, "職名。変わらなければ空。", "主査", 12),
    (KANA, "採用のとき", "ばんげ　はなこ", 18),
    (EMPLOYMENT, "採用のとき。空なら正規職員", "正規職員", 18),
    (LAST_DAY, "会計年度任用職員の採用と更新のとき", "R10.3.31", 14),
)
_HEAD = PatternFill("solid", start_color="FFD9E6FF")
_EXAMPLE = PatternFill("solid", start_color="FFF2F2F2")


def list_template(on: date, places: Sequence[tuple[str, str]], posts: Sequence[str]) -> bytes:
    """The empty list for a day, and a second sheet with the sections (code, path) and posts of that day."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = "名簿"
    page["A1"] = f"人事異動名簿（{era_date(on)}付）"
    page["A1"].font = Font(bold=True, size=14)
    page["A2"] = "異動・採用・更新・退職・任期満了のある人だけを、一人一行で書きます。例の行は読み込まれません。"
    page.cell(4, 1, "メモ").fill = _HEAD
    page.cell(5, 1, "例").fill = _EXAMPLE
    for place, (name, explanation, example, width) in enumerate(_COLUMNS, start=2):
        letter = get_column_letter(place)
        page.cell(3, place, explanation).font = Font(size=9, color="FF4D4D4D")
        page.cell(3, place).alignment = Alignment(wrap_text=True, vertical="bottom")
        page.cell(4, place, f"{name}※" if name in REQUIRED else name).fill = _HEAD
        page.cell(4, place).font = Font(bold=True)
        page.cell(5, place, example).fill = _EXAMPLE
        page.column_dimensions[letter].width = width
        page.column_dimensions[letter].number_format = "@"
        choices = {ACTION: ("異動", "採用", "更新", "退職", "任期満了"), EMPLOYMENT: tuple(EMPLOYMENTS)}.get(name)
        if choices:
            listed = DataValidation(type="list", formula1='"' + ",".join(choices) + '"', allow_blank=True)
            page.add_data_validation(listed)
            listed.add(f"{letter}5:{letter}1000")
    page.row_dimensions[3].height = 32
    page.freeze_panes = "A5"
    known = book.create_sheet("所属と職")
    known.append([f"{era_date(on)}の所属コード", "所属", "", "職"])
    for number in range(max(len(places), len(posts))):
        code, path = places[number] if number < len(places) else ("", "")
        known.append([code, path, "", posts[number] if number < len(posts) else ""])
    for column, width in (("A", 26), ("B", 32), ("D", 16)):
        known.column_dimensions[column].width = width
    for cell in known[1]:
        cell.font = Font(bold=True)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
