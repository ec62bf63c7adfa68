"""Word sheets: marks in paragraphs, tables, headers, footers, notes and text boxes, however Word has split them.

Source: ECMA-376 part 1, section 17 (WordprocessingML).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from lxml import etree

from yakuba.kernel.files.api import Kind
from yakuba.kernel.paper.sheets.fields import field_key
from yakuba.kernel.paper.sheets.package import Package
from yakuba.kernel.paper.sheets.placeholders import Mark, Role, loose_braces, marks_in, replaced, shown
from yakuba.kernel.paper.sheets.rules import Found

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_P, _R, _T, _TR, _BR = f"{_W}p", f"{_W}r", f"{_W}t", f"{_W}tr", f"{_W}br"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PARTS = (
    (re.compile(r"word/document\.xml"), "本文"),
    (re.compile(r"word/header\d*\.xml"), "ヘッダー"),
    (re.compile(r"word/footer\d*\.xml"), "フッター"),
    (re.compile(r"word/footnotes\.xml"), "脚注"),
    (re.compile(r"word/endnotes\.xml"), "文末脚注"),
)
_MERGE_FIELD = re.compile(r'\s*MERGEFIELD\s+"?([^"\\]+?)"?\s*(?:\\|$)', re.IGNORECASE)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Values = Mapping[str, Any]


class WordSheet:
    """A Word sheet: look at its marks, or fill it. Raises `FileRefused` for hostile files."""

    def __init__(self, content: bytes, name: str) -> None:
        self._package = Package(content, Kind.DOCX, name)

    def found(self) -> list[Found]:
        """Every mark, with the repeating rows it lies in."""
        return [one for part, place in self._parts() for one in _found_in(self._package.tree(part), place)]

    def problems(self) -> list[str]:
        """Marks that do not work as they are written."""
        told: list[str] = []
        for part, place in self._parts():
            root = self._package.tree(part)
            for paragraph in root.iter(_P):
                text = _text(paragraph)
                if loose := loose_braces(text):
                    told.append(f"{place}：「{loose}」の二重かっこが閉じていません。{{{{項目名}}}} と書いてください。")
                if (
                    any(mark.role is Role.BEGIN for mark in marks_in(text))
                    and next(paragraph.iterancestors(_TR), None) is None
                ):
                    told.append(f"{place}：繰り返し（{{{{#…}}}}）は表の行の中に書いてください。「{text.strip()[:20]}」")
            for instruction in _instructions(root):
                if merge := _MERGE_FIELD.match(instruction):
                    told.append(
                        f"{place}：差し込み印刷の項目「{merge.group(1)}」は使われません。"
                        f"{{{{{merge.group(1)}}}}} と書き直してください。"
                    )
        return told

    def filled(self, values: Values) -> bytes:
        """The document with every known mark replaced; unknown marks stay as they are written.

        Call once per sheet object: the marks are gone afterwards.
        """
        for part, _place in self._parts():
            root = self._package.tree(part)
            _repeat_rows(root, values)
            _fill(root, [values])
        return self._package.saved()

    def _parts(self) -> Iterator[tuple[str, str]]:
        for member in self._package.members:
            for pattern, place in _PARTS:
                if pattern.fullmatch(member):
                    yield member, place


def _found_in(root: etree._Element, place: str) -> Iterator[Found]:
    inside: dict[etree._Element, str] = {}
    for rows, name in _blocks(root):
        inside.update(dict.fromkeys(rows, name))
    for paragraph in root.iter(_P):
        row = next((one for one in paragraph.iterancestors(_TR) if one in inside), None)
        where = f"{place}の表" if next(paragraph.iterancestors(_TR), None) is not None else place
        for mark in marks_in(_text(paragraph)):
            yield Found(mark, where, inside[row] if row is not None and mark.role is Role.VALUE else "")


def _own_texts(paragraph: etree._Element) -> list[etree._Element]:
    """The text pieces of a paragraph without those of text boxes anchored in it."""
    return [one for one in paragraph.iter(_T) if next(one.iterancestors(_P)) is paragraph]


def _text(paragraph: etree._Element) -> str:
    return "".join(one.text or "" for one in _own_texts(paragraph))


def _instructions(root: etree._Element) -> Iterator[str]:
    for one in root.iter(f"{_W}fldSimple"):
        yield str(one.get(f"{_W}instr", ""))
    for paragraph in root.iter(_P):
        yield "".join(one.text or "" for one in paragraph.iter(f"{_W}instrText"))


def _blocks(root: etree._Element) -> Iterator[tuple[list[etree._Element], str]]:
    """Table rows that repeat, with the name of their field: from the row of {{#…}} to that of {{/…}}, else that row."""
    for table in root.iter(f"{_W}tbl"):
        rows = [row for row in table.iter(_TR) if next(row.iterancestors(f"{_W}tbl")) is table]
        texts = ["".join(_text(paragraph) for paragraph in row.iter(_P)) for row in rows]
        index = 0
        while index < len(rows):
            begins = next((mark for mark in marks_in(texts[index]) if mark.role is Role.BEGIN), None)
            if begins is None:
                index += 1
                continue
            last = _last_row(texts, index, begins)
            yield rows[index : last + 1], begins.name
            index = last + 1


def _last_row(texts: list[str], first: int, begins: Mark) -> int:
    for index in range(first, len(texts)):
        if any(mark.role is Role.END and mark.key == begins.key for mark in marks_in(texts[index])):
            return index
    return first


def _repeat_rows(root: etree._Element, values: Values) -> None:
    for rows, name in list(_blocks(root)):
        items = _of(values, field_key(name))
        if not isinstance(items, list | tuple):
            continue
        for item in items or [{}]:
            for row in rows:
                copy = deepcopy(row)
                for one in copy.iter():
                    # Word gives every paragraph an id of its own; two alike make it repair the file.
                    for attribute in (f"{_W14}paraId", f"{_W14}textId"):
                        if attribute in one.attrib:
                            del one.attrib[attribute]
                rows[0].addprevious(copy)
                _fill(copy, [item, values], in_rows=name, blank=not items)
        for row in rows:
            parent = row.getparent()
            if parent is not None:
                parent.remove(row)


def _fill(root: etree._Element, scopes: list[Values], in_rows: str = "", blank: bool = False) -> None:
    own = field_key(in_rows)

    def answer(mark: Mark) -> str | None:
        if mark.role is not Role.VALUE:
            return "" if mark.key == own else None
        for scope in scopes:
            value = _of(scope, mark.key)
            if value is not _ABSENT and not isinstance(value, list | tuple):
                return _legal(shown(value, mark.form))
        return "" if blank else None

    for paragraph in root.iter(_P):
        pieces = _own_texts(paragraph)
        before = [one.text or "" for one in pieces]
        for piece, old, new in zip(pieces, before, replaced(before, answer), strict=True):
            if old != new:
                _put(piece, new)


_ABSENT = object()


def _of(values: Values, key: str) -> Any:
    return next((value for name, value in values.items() if field_key(name) == key), _ABSENT)


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _put(piece: etree._Element, text: str) -> None:
    """Set the text of a piece; a line break becomes a break of Word, a tab a tab."""
    first, *rest = re.split(r"([\n\t])", text)
    piece.text = first
    piece.set(_SPACE, "preserve")
    last = piece
    for one in rest:
        if one == "":
            continue
        element = etree.Element(_BR if one == "\n" else f"{_W}tab" if one == "\t" else _T)
        if one not in "\n\t":
            element.text = one
            element.set(_SPACE, "preserve")
        last.addnext(element)
        last = element
