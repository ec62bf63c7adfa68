"""Excel sheets: marks in cells, text boxes, headers and footers, and named cells.

The workbook is edited in place, so 方眼紙 with merged cells, seals drawn as shapes, print settings and input checks
stay as the clerk made them. Source: ECMA-376 part 1, section 18 (SpreadsheetML).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from yakuba.kernel.files.api import FileRefused, Kind, Reason
from yakuba.kernel.paper.sheets.excel_rows import move_formulas_elsewhere, repeat_rows
from yakuba.kernel.paper.sheets.excel_styles import S, Styles
from yakuba.kernel.paper.sheets.fields import field_key
from yakuba.kernel.paper.sheets.package import Package
from yakuba.kernel.paper.sheets.placeholders import Mark, Role, loose_braces, marks_in, replaced, shown
from yakuba.kernel.paper.sheets.references import Insertion
from yakuba.kernel.paper.sheets.rules import Found
from yakuba.kernel.paper.tables.formulas import harmless
from yakuba.kernel.paper.tables.table import column_letter

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SINGLE_CELL = re.compile(r"^('(?:[^']|'')+'|[^'!]+)!\$?([A-Z]{1,3})\$?(\d+)(?::\$?[A-Z]{1,3}\$?\d+)?$")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767
_FIRST_DAY = date(1900, 3, 1)
"""Before this day Excel's serial numbers are off by one (it counts a 29 February 1900)."""

_LONGEST_LABEL = 40
_LARGEST_MERGED = 20_000

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """An empty cell and the text that stands beside it."""

    sheet: str
    cell: str
    label: str


class ExcelSheet:
    """An Excel sheet: look at its marks, or fill it. Raises `FileRefused` for hostile files."""

    def __init__(self, content: bytes, name: str) -> None:
        self._package = Package(content, Kind.XLSX, name)
        self._workbook = self._package.tree("xl/workbook.xml")
        paths = self._package.related("xl/workbook.xml", "/worksheet")
        self._parts = {
            str(one.get("name")): paths[identifier]
            for one in self._workbook.iter(f"{S}sheet")
            if (identifier := str(one.get(f"{_RELATION}id"))) in paths
        }
        properties = self._workbook.find(f"{S}workbookPr")
        self._from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        styles = next(iter(self._package.related("xl/workbook.xml", "/styles").values()), None)
        if styles is None:
            raise FileRefused(
                Reason.BROKEN, name, "に書式の情報がありません。", hint="Excel で開いて保存し直してください。"
            )
        self._styles = Styles(self._package.tree(styles))
        strings = next(iter(self._package.related("xl/workbook.xml", "/sharedStrings").values()), None)
        self._strings = list(self._package.tree(strings).iter(f"{S}si")) if strings else []
        for part in self._parts.values():
            _name_every_cell(self._package.tree(part))

    def found(self) -> list[Found]:
        """Every mark in cells, text boxes, headers and footers, with the repeating rows it lies in."""
        return [one for sheet, part in self._parts.items() for one in self._found_in(sheet, part)]

    def named_cells(self) -> list[str]:
        """The defined names that point at one cell (or one merged cell): another way to name a field."""
        return [name for name, _sheet, _cell in self._names()]

    def problems(self) -> list[str]:
        """Marks that do not work as they are written."""
        told = []
        for sheet, part in self._parts.items():
            for cell in self._package.tree(part).iter(f"{S}c"):
                if loose := loose_braces("".join(self._texts(cell))):
                    told.append(
                        f"シート「{sheet}」{cell.get('r')}：「{loose}」の二重かっこが閉じていません。"
                        "{{項目名}} と書いてください。"
                    )
        return told

    def filled(self, values: Values) -> bytes:
        """The workbook with every known mark and named cell filled; unknown marks stay as they are written.

        A cell that holds nothing but a mark gets numbers and dates as such; text never becomes a formula. Formulas are
        computed anew when the file is opened. Call once per sheet object: the marks are gone afterwards.
        """
        for name, sheet, reference in self._names():
            value = _of(values, field_key(name))
            if value is not _ABSENT and not isinstance(value, list | tuple) and sheet in self._parts:
                self._put(self._cell(self._parts[sheet], reference), value)
        for sheet, part in self._parts.items():
            self._repeat(sheet, part, values)
            for cell in self._package.tree(part).iter(f"{S}c"):
                self._fill_cell(cell, [values])
            self._fill_around(part, values)
        self._ask_for_computing()
        return self._package.saved()

    def places(self) -> list[Place]:
        """Empty cells right of a text, else below it: where a clerk would write what the text names; each cell once."""
        found: dict[tuple[str, str], Place] = {}
        for sheet, part in self._parts.items():
            root = self._package.tree(part)
            merged = {ends[:2]: ends for one in root.iter(f"{S}mergeCell") if (ends := _range(str(one.get("ref"))))}
            covered = {
                (row, column)
                for top, left, bottom, right in merged.values()
                if (bottom - top + 1) * (right - left + 1) <= _LARGEST_MERGED
                for row in range(top, bottom + 1)
                for column in range(left, right + 1)
                if (row, column) != (top, left)
            }
            cells = {_position(str(cell.get("r"))): cell for cell in root.iter(f"{S}c")}
            filled = {place: cell for place, cell in cells.items() if len(cell)}
            last_row = max([row for row, _ in cells] + [ends[2] for ends in merged.values()], default=0)
            last_column = max([column for _, column in cells] + [ends[3] for ends in merged.values()], default=0)
            for (row, column), cell in sorted(filled.items()):
                label = " ".join("".join(self._texts(cell)).split())
                if not 0 < len(label) <= _LONGEST_LABEL or next(marks_in(label), None):
                    continue
                _, _, bottom, right = merged.get((row, column), (row, column, row, column))
                for beside in ((row, right + 1), (bottom + 1, column)):
                    if beside in filled and next(marks_in("".join(self._texts(filled[beside]))), None):
                        break  # its place is marked already
                    is_inside = beside[0] <= last_row and beside[1] <= last_column
                    if is_inside and beside not in filled and beside not in covered:
                        reference = f"{column_letter(beside[1])}{beside[0]}"
                        found.setdefault((sheet, reference), Place(sheet, reference, label))
                        break
        return list(found.values())

    def marked(self, marks: Mapping[tuple[str, str], str]) -> bytes:
        """The workbook with texts written into cells (by sheet and reference); all else stays as it is."""
        for (sheet, reference), text in marks.items():
            if sheet in self._parts:
                self._put_text(self._cell(self._parts[sheet], reference), [], [text])
        return self._package.saved()

    def _found_in(self, sheet: str, part: str) -> Iterator[Found]:
        root = self._package.tree(part)
        blocks = self._blocks(root)
        for cell in root.iter(f"{S}c"):
            reference = str(cell.get("r"))
            row = int(re.sub(r"\D", "", reference) or 0)
            rows = next((name for name, first, last in blocks if first <= row <= last), "")
            for mark in marks_in("".join(self._texts(cell))):
                in_rows = rows if mark.role is Role.VALUE else ""
                yield Found(mark, f"シート「{sheet}」{reference}", in_rows)
        for element in self._texts_around(part):
            place = f"シート「{sheet}」の" + ("図形" if element[0].tag == f"{_A}t" else "ヘッダー・フッター")
            for mark in marks_in("".join(one.text or "" for one in element)):
                yield Found(mark, place)

    def _texts(self, cell: etree._Element) -> list[str]:
        return [one.text or "" for one in self._text_elements(cell)]

    def _text_elements(self, cell: etree._Element) -> list[etree._Element]:
        """The text pieces of a cell that holds text (not a formula's result), without readings."""
        if cell.find(f"{S}f") is not None:
            return []
        if cell.get("t") == "inlineStr":
            holder = cell.find(f"{S}is")
        elif cell.get("t") == "s":
            value = cell.find(f"{S}v")
            index = int((value.text if value is not None else None) or -1)
            holder = self._strings[index] if 0 <= index < len(self._strings) else None
        else:
            holder = None
        if holder is None:
            return []
        return [one for one in holder.iter(f"{S}t") if next(one.iterancestors(f"{S}rPh"), None) is None]

    def _blocks(self, root: etree._Element) -> list[tuple[str, int, int]]:
        """Repeating rows: name of the field, first and last row."""
        marks = [
            (int(str(row.get("r"))), mark)
            for row in root.iter(f"{S}row")
            for cell in row
            for mark in marks_in("".join(self._texts(cell)))
            if mark.role is not Role.VALUE
        ]
        blocks: list[tuple[str, int, int]] = []
        for first, begins in marks:
            if begins.role is not Role.BEGIN or any(first <= last for _name, _first, last in blocks):
                continue
            ends = (row for row, mark in marks if mark.role is Role.END and mark.key == begins.key and row >= first)
            blocks.append((begins.name, first, next(ends, first)))
        return blocks

    def _repeat(self, sheet: str, part: str, values: Values) -> None:
        # From the bottom up: what stands above keeps its row numbers meanwhile.
        for name, first, last in reversed(self._blocks(self._package.tree(part))):
            items = _of(values, field_key(name))
            if not isinstance(items, list | tuple):
                continue
            insertion = Insertion(sheet, first, last, max(1, len(items)))
            if insertion.copies == 1:
                rows = self._package.tree(part).iter(f"{S}row")
                copies = [[row for row in rows if first <= int(str(row.get("r"))) <= last]]
            else:
                copies = repeat_rows(self._package, part, insertion)
                move_formulas_elsewhere(self._package, self._parts, insertion)
            for rows_of_item, item in zip(copies, items or [{}], strict=True):
                for row in rows_of_item:
                    for cell in row.iter(f"{S}c"):
                        self._fill_cell(cell, [item, values], in_rows=field_key(name), blank=not items)

    def _fill_cell(self, cell: etree._Element, scopes: list[Values], in_rows: str = "", blank: bool = False) -> None:
        elements = self._text_elements(cell)
        texts = [one.text or "" for one in elements]
        whole = "".join(texts)
        marks = list(marks_in(whole))
        if not marks:
            return

        def value_of(mark: Mark) -> Any:
            for scope in scopes:
                value = _of(scope, mark.key)
                if value is not _ABSENT and not isinstance(value, list | tuple):
                    return value
            return "" if blank else _ABSENT

        def answer(mark: Mark) -> str | None:
            if mark.role is not Role.VALUE:
                return "" if mark.key == in_rows else None
            value = value_of(mark)
            return None if value is _ABSENT else shown(value, mark.form)

        showing = [mark for mark in marks if mark.role is Role.VALUE]
        rest = "".join(replaced([whole], lambda _mark: "")).strip()
        alone = len(showing) == 1 and not showing[0].form and not rest
        if alone and all(mark is showing[0] or mark.key == in_rows for mark in marks):
            value = value_of(showing[0])
            if value is not _ABSENT:
                self._put(cell, value)
            return
        changed = replaced(texts, answer)
        if changed != texts:
            self._put_text(cell, elements, changed)

    def _put(self, cell: etree._Element, value: Any) -> None:
        """A whole value into a cell, typed as the clerk has formatted the cell."""
        style = int(str(cell.get("s", "0")))
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date) and value >= _FIRST_DAY and not self._styles.is_text(style):
            if not self._styles.shows_dates(style):
                cell.set("s", str(self._styles.with_era_date(style)))
            self._put_number(cell, str((value - (date(1904, 1, 1) if self._from_1904 else date(1899, 12, 30))).days))
        elif _is_number(value) and not self._styles.is_text(style):
            self._put_number(cell, f"{value:f}" if isinstance(value, Decimal) else repr(value))
        elif value is None or value == "":
            _clear(cell)
        else:
            digits = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
            self._put_text(cell, [], [str(value) if digits else shown(value)])

    def _put_number(self, cell: etree._Element, number: str) -> None:
        _clear(cell)
        etree.SubElement(cell, f"{S}v").text = number

    def _put_text(self, cell: etree._Element, elements: list[etree._Element], texts: list[str]) -> None:
        """Text into a cell; `elements` are the pieces it had, whose fonts are kept."""
        runs = [(_run_of(one), text) for one, text in zip(elements, texts, strict=bool(elements))] or [(None, texts[0])]
        _clear(cell)
        if not any(texts):
            return
        cell.set("t", "inlineStr")
        holder = etree.SubElement(cell, f"{S}is")
        for properties, text in runs:
            text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:_LONGEST]
            parent = holder
            if len(runs) > 1 or properties is not None:
                parent = etree.SubElement(holder, f"{S}r")
                if properties is not None:
                    parent.append(properties)
            piece = etree.SubElement(parent, f"{S}t")
            piece.text = text
            piece.set(_SPACE, "preserve")
        style = int(str(cell.get("s", "0")))
        whole = "".join(text for _properties, text in runs)
        if harmless(whole) != whole:
            style = self._styles.quoting(style)
        if "\n" in whole:
            style = self._styles.wrapping(style)
        cell.set("s", str(style))

    def _texts_around(self, part: str) -> Iterator[list[etree._Element]]:
        """Text of shapes (by paragraph), headers and footers."""
        for drawing in self._package.related(part, "/drawing").values():
            for paragraph in self._package.tree(drawing).iter(f"{_A}p"):
                if pieces := list(paragraph.iter(f"{_A}t")):
                    yield pieces
        for holder in self._package.tree(part).iter(f"{S}headerFooter"):
            for one in holder:
                if one.text:
                    yield [one]

    def _fill_around(self, part: str, values: Values) -> None:
        for elements in self._texts_around(part):
            in_header = elements[0].tag != f"{_A}t"

            def answer(mark: Mark, in_header: bool = in_header) -> str | None:
                value = _of(values, mark.key)
                if mark.role is not Role.VALUE or value is _ABSENT or isinstance(value, list | tuple):
                    return None
                text = _ILLEGAL.sub("", shown(value, mark.form))
                # In headers & begins a command (page number, font).
                return text.replace("&", "&&") if in_header else text

            before = [one.text or "" for one in elements]
            for element, text in zip(elements, replaced(before, answer), strict=True):
                element.text = text

    def _names(self) -> Iterator[tuple[str, str, str]]:
        """Defined names of single cells: name, sheet, reference."""
        for name in self._workbook.iter(f"{S}definedName"):
            found = _SINGLE_CELL.match(name.text or "")
            if found and not str(name.get("name", "")).startswith("_xlnm."):
                sheet = found.group(1).strip("'").replace("''", "'")
                yield str(name.get("name")), sheet, f"{found.group(2)}{found.group(3)}"

    def _cell(self, part: str, reference: str) -> etree._Element:
        """The cell of a reference, put in if the row has none there."""
        root = self._package.tree(part)
        number = int(re.sub(r"\D", "", reference))
        data = root.find(f"{S}sheetData")
        if data is None:
            raise LookupError(reference)
        row = next((one for one in data if one.get("r") == str(number)), None)
        if row is None:
            row = etree.Element(f"{S}row", {"r": str(number)})
            below = next((one for one in data if int(str(one.get("r", "0"))) > number), None)
            data.append(row) if below is None else below.addprevious(row)
        cell = next((one for one in row if one.get("r") == reference), None)
        if cell is None:
            cell = etree.Element(f"{S}c", {"r": reference})
            right = next((one for one in row if _column(str(one.get("r"))) > _column(reference)), None)
            row.append(cell) if right is None else right.addprevious(cell)
        return cell

    def _ask_for_computing(self) -> None:
        """Stored results are of the empty sheet: remove them and let the program compute when the file is opened."""
        for part in self._parts.values():
            for cell in self._package.tree(part).iter(f"{S}c"):
                if cell.find(f"{S}f") is not None:
                    for value in cell.findall(f"{S}v"):
                        cell.remove(value)
                    if "t" in cell.attrib:
                        del cell.attrib["t"]
        for chain in self._package.related("xl/workbook.xml", "/calcChain").values():
            self._package.drop(chain)
        properties = self._workbook.find(f"{S}calcPr")
        if properties is None:
            properties = etree.Element(f"{S}calcPr")
            names = self._workbook.find(f"{S}definedNames")
            before = names if names is not None else self._workbook.find(f"{S}sheets")
            if before is not None:
                before.addnext(properties)
        properties.set("fullCalcOnLoad", "1")


_ABSENT = object()


def _of(values: Values, key: str) -> Any:
    return next((value for name, value in values.items() if field_key(name) == key), _ABSENT)


def _name_every_cell(root: etree._Element) -> None:
    """Rows and cells may leave out their place when they follow each other (ECMA-376 part 1, 18.3.1.4 and 18.3.1.73)."""
    row_number = 0
    for row in root.iter(f"{S}row"):
        row_number = int(str(row.get("r") or row_number + 1))
        row.set("r", str(row_number))
        column = 0
        for cell in row.iter(f"{S}c"):
            column = _column(str(cell.get("r"))) if cell.get("r") else column + 1
            cell.set("r", f"{column_letter(column)}{row_number}")


def _is_number(value: Any) -> bool:
    # Excel keeps 15 digits; longer numbers (account and application numbers) must stay text.
    return (
        isinstance(value, int | float | Decimal)
        and not isinstance(value, bool)
        and len(re.sub(r"\D", "", str(value))) <= 15
    )


def _clear(cell: etree._Element) -> None:
    for one in list(cell):
        cell.remove(one)
    if "t" in cell.attrib:
        del cell.attrib["t"]


def _run_of(text: etree._Element) -> etree._Element | None:
    """A copy of the font of the run a text piece stands in."""
    run = text.getparent()
    properties = run.find(f"{S}rPr") if run is not None and run.tag == f"{S}r" else None
    return deepcopy(properties) if properties is not None else None


def _column(reference: str) -> int:
    number = 0
    for letter in re.sub(r"\d", "", reference):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _position(reference: str) -> tuple[int, int]:
    """Row and column of a cell."""
    return int(re.sub(r"\D", "", reference) or 0), _column(reference)


def _range(reference: str) -> tuple[int, int, int, int] | None:
    """First row and column, last row and column of a range; None for anything else."""
    first, _, last = reference.partition(":")
    if not (re.fullmatch(r"[A-Z]{1,3}\d{1,7}", first) and re.fullmatch(r"[A-Z]{1,3}\d{1,7}", last)):
        return None
    return (*_position(first), *_position(last))
