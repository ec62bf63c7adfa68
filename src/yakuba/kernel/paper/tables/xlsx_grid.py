"""An Excel workbook as grids, read as a stream: only filled cells cost memory.

Source: ECMA-376 part 1, section 18 (SpreadsheetML).
"""

from __future__ import annotations

import math
import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from io import BytesIO
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring, iterparse
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from yakuba.kernel.files.api import FileRefused, Kind, Limits, check_office
from yakuba.kernel.paper.tables.grid import Grid, Merged, TableLimits
from yakuba.kernel.paper.tables.table import TableRefused

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def xlsx_grids(content: bytes, filename: str, limits: TableLimits) -> list[Grid]:
    """Every worksheet in order. Raises `TableRefused` for broken ones and `FileRefused` for hostile ones."""
    kind = check_office(content, name=filename, limits=Limits(max_bytes=limits.max_bytes))
    if kind is not Kind.XLSX:
        raise TableRefused(
            f"「{filename}」は Excel ブック（.xlsx）ではありません。",
            hint="Excel で .xlsx として保存し直してください。",
        )
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return list(_Workbook(package, filename, limits).grids())
    except (TableRefused, FileRefused):
        raise
    except Exception as fault:  # a damaged workbook may fail anywhere between the ZIP and the numbers
        raise TableRefused(
            f"「{filename}」は Excel ブックとして読めません（壊れています）。",
            hint="Excel で開いて保存し直してください。",
        ) from fault


class _Workbook:
    def __init__(self, package: zipfile.ZipFile, filename: str, limits: TableLimits) -> None:
        self._package = package
        self._filename = filename
        self._limits = limits
        self._paths = self._relations("xl/workbook.xml")
        self._workbook = fromstring(package.read("xl/workbook.xml"), forbid_dtd=True)
        properties = next(iter(_found(self._workbook, "workbookPr")), None)
        self._from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self._strings = self._shared_strings()
        self._formats = self._number_formats()

    def grids(self) -> Iterator[Grid]:
        for sheet in _found(self._workbook, "sheet"):
            path = self._paths.get(sheet.get(f"{_RELATION}id", ""), ("", ""))
            if not path[0].endswith("/worksheet"):
                continue  # chart sheets hold no cells
            grid = Grid(sheet.get("name", ""), hidden=sheet.get("state", "visible") != "visible")
            self._fill(grid, path[1])
            yield grid

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        folder, name = posixpath.split(part)
        root = fromstring(self._package.read(f"{folder}/_rels/{name}.rels"), forbid_dtd=True)
        return {
            one.get("Id", ""): (
                one.get("Type", ""),
                posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))[1:],
            )
            for one in root
        }

    def _part(self, ending: str) -> bytes | None:
        for kind, path in self._paths.values():
            if kind.endswith(ending) and path in self._package.namelist():
                return self._package.read(path)
        return None

    def _shared_strings(self) -> list[str]:
        part = self._part("/sharedStrings")
        if part is None:
            return []
        strings: list[str] = []
        for _event, element in iterparse(BytesIO(part), forbid_dtd=True):
            if _local(element) == "si":
                strings.append(_text_of(element))
                element.clear()
        return strings

    def _number_formats(self) -> list[str]:
        """The number format of every cell style, by its index."""
        part = self._part("/styles")
        if part is None:
            return []
        root = fromstring(part, forbid_dtd=True)
        own = {one.get("numFmtId", ""): one.get("formatCode", "") for one in _found(root, "numFmt")}
        styles = next(iter(_found(root, "cellXfs")), None)
        formats: list[str] = []
        for one in styles if styles is not None else ():
            number = one.get("numFmtId", "0")
            formats.append(own.get(number) or BUILTIN_FORMATS.get(int(number), _japanese_built_in(int(number))))
        return formats

    def _fill(self, grid: Grid, path: str) -> None:
        row_number = column_number = 0
        with self._package.open(path) as part:
            for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
                local = _local(element)
                if event == "start":
                    if local == "row":
                        row_number = int(element.get("r") or row_number + 1)
                        column_number = 0
                        grid.hidden_rows += element.get("hidden") in ("1", "true")
                    continue
                if local == "c":
                    row_number, column_number = _place(element, row_number, column_number)
                    self._put(grid, row_number, column_number, element)
                    element.clear()
                elif local == "row":
                    element.clear()
                elif local == "mergeCell" and (merged := _merged(element.get("ref", ""))):
                    grid.merged.append(merged)

    def _put(self, grid: Grid, row: int, column: int, cell: Element) -> None:
        text = self._text(cell)
        if text is None:
            grid.faulty[row, column] = (
                "計算式の結果が保存されていません。" if cell.get("t") != "e" else "計算式がエラーになっています。"
            )
            grid.put(row, column, _value(cell) or "（計算式）", self._limits, self._filename)
        elif text.strip():
            grid.put(row, column, text, self._limits, self._filename)

    def _text(self, cell: Element) -> str | None:
        """The text of a cell; `None` for an error value and for a formula without a stored result."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return "".join(_text_of(one) for one in cell if _local(one) == "is")
        value = _value(cell)
        if kind == "e":
            return None
        if value == "":
            has_formula = any(_local(one) == "f" for one in cell)
            return None if has_formula and kind != "str" else ""
        if kind == "s":
            return self._strings[int(value)]
        if kind in ("str", "d"):
            return value
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        style = int(cell.get("s") or 0)
        return self._number(value, self._formats[style] if style < len(self._formats) else "General")

    def _number(self, value: str, format_code: str) -> str:
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        if format_code not in ("General", "@") and is_date_format(_without_locale(format_code)):
            return _moment(float(number), self._from_1904) or value
        plain = _plain(number)
        if re.fullmatch(r"0{2,}", format_code) and plain.isdigit():
            return plain.zfill(len(format_code))  # a number shown as 00123 is meant as 00123
        if re.fullmatch(r"0(?:\.0+)?%", format_code):
            return f"{_plain(number * 100)}%"
        return plain


def _place(cell: Element, row: int, column: int) -> tuple[int, int]:
    found = _CELL.fullmatch(cell.get("r", ""))
    if not found:
        return max(row, 1), column + 1
    return int(found.group(2)), _column(found.group(1))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _merged(reference: str) -> Merged | None:
    ends = _CELL.findall(reference)
    if len(ends) != 2:
        return None
    (left, top), (right, bottom) = ends
    return Merged(int(top), _column(left), int(bottom), _column(right))


def _value(cell: Element) -> str:
    return next((one.text or "" for one in cell if _local(one) == "v"), "")


def _text_of(element: Element) -> str:
    """The text of a string item without its phonetic reading (rPh)."""
    pieces: list[str] = []
    for one in element:
        if _local(one) == "t":
            pieces.append(one.text or "")
        elif _local(one) == "r":
            pieces.extend(inner.text or "" for inner in one if _local(inner) == "t")
    text = "".join(pieces)
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: _unescaped(found.group()), text).replace("\r\n", "\n")


def _unescaped(written: str) -> str:
    """`_x000D_` as Excel writes control characters (ECMA-376 part 1, 22.9.2.19)."""
    character = chr(int(written[2:6], 16))
    return "\n" if character == "\r" else character if character.isprintable() or character in "\t\n" else ""


def _moment(serial: float, from_1904: bool) -> str | None:
    """A serial date as text: date, time of day, or both."""
    if not math.isfinite(serial) or not 0 <= serial < 2_958_466:
        return None
    if serial < 1 and not from_1904:
        seconds = round(serial * 86_400) % 86_400
        clock = time(seconds // 3600, seconds % 3600 // 60, seconds % 60)
        return clock.isoformat("minutes" if not clock.second else "seconds")
    # Excel counts a 29 February 1900 that never was; the wall clock of a sheet has no zone.
    start = date(1904, 1, 1) if from_1904 else date(1899, 12, 31 if serial < 60 else 30)
    moment = datetime.combine(start, time()) + timedelta(seconds=round(serial * 86_400))
    if moment.time() == time():
        return moment.date().isoformat()
    return moment.isoformat(" ", "minutes" if not moment.second else "seconds")


def _plain(number: Decimal) -> str:
    """A number as it is shown: binary leftovers (4.0999999999999996) are rounded to Excel's 15 digits."""
    rounded = Decimal(f"{number:.15g}")
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _without_locale(format_code: str) -> str:
    return re.sub(r"\[\$[^\]]*\]", "", format_code)


def _japanese_built_in(number: int) -> str:
    """Formats 27 to 58 of the Japanese edition, which the table of the library lacks (ECMA-376 part 1, 18.8.30)."""
    return "yyyy/m/d" if 27 <= number <= 36 or 50 <= number <= 58 else "General"


def _found(root: Element, local: str) -> list[Element]:
    return [one for one in root.iter() if _local(one) == local]


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
