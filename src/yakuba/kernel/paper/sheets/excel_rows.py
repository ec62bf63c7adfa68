"""Rows of a worksheet repeated, and everything that points below them moved along.

Source: ECMA-376 part 1, section 18.3 (worksheets), 18.17 (formulas), 20.5 (drawing anchors).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree
from openpyxl.formula.translate import Translator

from yakuba.kernel.paper.sheets.excel_styles import S
from yakuba.kernel.paper.sheets.package import Package
from yakuba.kernel.paper.sheets.references import Insertion, moved_formula, moved_range

_ANCHOR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_EXCEL_2006 = "{http://schemas.microsoft.com/office/excel/2006/main}"
_VML = "{urn:schemas-microsoft-com:office:excel}"
_RANGES = ("ref", "sqref")
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2"})


def repeat_rows(package: Package, part: str, insertion: Insertion) -> list[list[etree._Element]]:
    """Put the rows in `copies` times and return the row elements of each copy.

    Moved along: rows and cells below, merged cells, formulas of every sheet, defined names, print areas, conditional
    formats, input checks, links, page breaks, comments, tables, pictures and shapes.
    """
    root = package.tree(part)
    spell_out_shared_formulas(root)
    copies = _copied(root, insertion)
    _move_rest_of_sheet(root, insertion)
    for ending, move in (("/drawing", _move_drawing), ("/vmlDrawing", _move_vml)):
        for related in package.related(part, ending).values():
            move(package.tree(related), insertion)
    for ending in ("/comments", "/table", "/threadedComment"):
        for related in package.related(part, ending).values():
            _move_references(package.tree(related), insertion)
    return copies


def move_formulas_elsewhere(package: Package, parts: dict[str, str], insertion: Insertion) -> None:
    """Formulas of the other sheets (part by sheet name) and defined names that point at the changed sheet."""
    for sheet, part in parts.items():
        if sheet == insertion.sheet:
            continue
        spell_out_shared_formulas(package.tree(part))
        for formula in _formulas(package.tree(part)):
            formula.text = moved_formula(formula.text or "", insertion, sheet=sheet)
    for name in package.tree("xl/workbook.xml").iter(f"{S}definedName"):
        if name.text:
            name.text = moved_formula(name.text, insertion, sheet="")


def spell_out_shared_formulas(root: etree._Element) -> None:
    """Give every cell of a shared formula its own: sharing breaks as soon as rows move."""
    masters: dict[str, tuple[str, str]] = {}
    for cell in root.iter(f"{S}c"):
        formula = cell.find(f"{S}f")
        if formula is None or formula.get("t") != "shared":
            continue
        shared = str(formula.get("si"))
        if formula.text:
            masters[shared] = (formula.text, str(cell.get("r")))
        elif shared in masters:
            text, origin = masters[shared]
            formula.text = str(Translator("=" + text, origin=origin).translate_formula(str(cell.get("r"))))[1:]
        for attribute in ("t", "si", "ref"):
            if attribute in formula.attrib:
                del formula.attrib[attribute]


def _copied(root: etree._Element, insertion: Insertion) -> list[list[etree._Element]]:
    sheet_data = root.find(f"{S}sheetData")
    rows = [row for row in (sheet_data if sheet_data is not None else ()) if row.get("r")]
    block = [row for row in rows if insertion.first <= _number(row) <= insertion.last]
    for row in rows:
        number = _number(row)
        if number > insertion.last:
            _renumber(row, number + insertion.added)
        if not insertion.first <= number <= insertion.last:
            for formula in _formulas(row):
                formula.text = moved_formula(formula.text or "", insertion, sheet=insertion.sheet)
    height = insertion.last - insertion.first + 1
    originals = [deepcopy(row) for row in block]
    copies = []
    last = block[-1]
    for copy in range(insertion.copies):
        made = block if copy == 0 else [deepcopy(row) for row in originals]
        for row in made:
            if copy:
                last.addnext(row)
                last = row
                _renumber(row, _number(row) + copy * height)
            for formula in _formulas(row):
                formula.text = moved_formula(formula.text or "", insertion, sheet=insertion.sheet, copy=copy)
        copies.append(made)
    return copies


def _renumber(row: etree._Element, number: int) -> None:
    row.set("r", str(number))
    for cell in row.iter(f"{S}c"):
        cell.set("r", re.sub(r"\d+", "", str(cell.get("r"))) + str(number))


def _move_rest_of_sheet(root: etree._Element, insertion: Insertion) -> None:
    dimension = root.find(f"{S}dimension")
    if dimension is not None:
        root.remove(dimension)
    height = insertion.last - insertion.first + 1
    for merge in list(root.iter(f"{S}mergeCell")):
        reference = str(merge.get("ref"))
        rows = [int(one) for one in re.findall(r"\d+", reference)]
        if insertion.first <= rows[0] and rows[-1] <= insertion.last:
            for copy in range(1, insertion.copies):
                twin = deepcopy(merge)
                twin.set("ref", _lowered(reference, copy * height))
                merge.addnext(twin)
        else:
            merge.set("ref", moved_range(reference, insertion))
    merges = root.find(f"{S}mergeCells")
    if merges is not None:
        merges.set("count", str(len(merges)))
    for breaks in root.iter(f"{S}rowBreaks"):
        for one in breaks:
            one.set("id", str(insertion.row(int(str(one.get("id"))))))
    sheet_data = root.find(f"{S}sheetData")
    for part in root:
        if part is sheet_data or part.tag in (f"{S}mergeCells", f"{S}rowBreaks", f"{S}sheetViews"):
            continue
        _move_references(part, insertion)
        for formula in _formulas(part):
            formula.text = moved_formula(formula.text or "", insertion, sheet=insertion.sheet)


def _lowered(reference: str, by: int) -> str:
    return re.sub(r"\d+", lambda found: str(int(found.group()) + by), reference)


def _move_references(root: etree._Element, insertion: Insertion) -> None:
    for one in root.iter(etree.Element):
        for attribute in _RANGES:
            if one.get(attribute):
                one.set(attribute, moved_range(str(one.get(attribute)), insertion))
        if one.tag == f"{_EXCEL_2006}sqref" and one.text:
            one.text = moved_range(one.text, insertion)


def _move_drawing(root: etree._Element, insertion: Insertion) -> None:
    for row in root.iter(f"{_ANCHOR}row"):  # counted from 0
        row.text = str(insertion.row(int(row.text or "0") + 1) - 1)


def _move_vml(root: etree._Element, insertion: Insertion) -> None:
    for row in root.iter(f"{_VML}Row"):
        row.text = str(insertion.row(int(row.text or "0") + 1) - 1)
    for anchor in root.iter(f"{_VML}Anchor"):
        numbers = [one.strip() for one in (anchor.text or "").split(",")]
        if len(numbers) == 8:
            for place in (2, 6):
                numbers[place] = str(insertion.row(int(numbers[place]) + 1) - 1)
            anchor.text = ", ".join(numbers)


def _formulas(root: etree._Element) -> Iterator[etree._Element]:
    for one in root.iter(etree.Element):
        if isinstance(one.tag, str) and one.tag.rpartition("}")[2] in _FORMULAS and one.text:
            yield one


def _number(row: etree._Element) -> int:
    return int(str(row.get("r")))
