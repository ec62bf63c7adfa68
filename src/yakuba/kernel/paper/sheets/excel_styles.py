"""Cell styles of a workbook: the clerk's own, and variants of them where a value needs one."""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ERA_FORMAT = '[$-411]ggge"年"m"月"d"日"'


class Styles:
    """The cell formats (cellXfs) of `styles.xml`; variants are added once and found again."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        formats = root.find(f"{S}cellXfs")
        if formats is None:
            formats = etree.SubElement(root, f"{S}cellXfs")
        if len(formats) == 0:
            etree.SubElement(formats, f"{S}xf", {"numFmtId": "0"})
        self._formats = formats
        self._variants: dict[tuple[int, str], int] = {}

    def number_format(self, style: int) -> str:
        """The format code of a style."""
        number = int(str(self._format(style).get("numFmtId", "0")))
        for one in self._root.iter(f"{S}numFmt"):
            if one.get("numFmtId") == str(number):
                return str(one.get("formatCode", "General"))
        return BUILTIN_FORMATS.get(number, "yyyy/m/d" if 27 <= number <= 58 else "General")

    def shows_dates(self, style: int) -> bool:
        """Whether the clerk has formatted the cell as a date."""
        code = re.sub(r"\[\$[^\]]*\]", "", self.number_format(style))
        return code not in ("General", "@") and bool(is_date_format(code))

    def is_text(self, style: int) -> bool:
        """Whether the clerk has formatted the cell as text (文字列)."""
        return self.number_format(style) == "@"

    def with_era_date(self, style: int) -> int:
        """The style with 令和8年4月1日 as its number format."""
        return self._variant(style, "era")

    def quoting(self, style: int) -> int:
        """The style whose text never becomes a formula, even when somebody edits the cell."""
        return self._variant(style, "quote")

    def wrapping(self, style: int) -> int:
        """The style that shows line breaks."""
        return self._variant(style, "wrap")

    def _format(self, style: int) -> etree._Element:
        return self._formats[style if 0 <= style < len(self._formats) else 0]

    def _variant(self, style: int, kind: str) -> int:
        if (style, kind) in self._variants:
            return self._variants[style, kind]
        fresh = deepcopy(self._format(style))
        if kind == "era":
            fresh.set("numFmtId", self._era_format())
            fresh.set("applyNumberFormat", "1")
        elif kind == "quote":
            fresh.set("quotePrefix", "1")
        else:
            alignment = fresh.find(f"{S}alignment")
            if alignment is None:
                alignment = etree.Element(f"{S}alignment")
                fresh.insert(0, alignment)
            alignment.set("wrapText", "1")
            fresh.set("applyAlignment", "1")
        self._formats.append(fresh)
        self._formats.set("count", str(len(self._formats)))
        self._variants[style, kind] = len(self._formats) - 1
        return self._variants[style, kind]

    def _era_format(self) -> str:
        formats = self._root.find(f"{S}numFmts")
        if formats is None:
            formats = etree.Element(f"{S}numFmts")
            self._root.insert(0, formats)  # the schema puts it first
        for one in formats:
            if one.get("formatCode") == ERA_FORMAT:
                return str(one.get("numFmtId"))
        number = str(max([163, *(int(str(one.get("numFmtId"))) for one in formats)]) + 1)
        etree.SubElement(formats, f"{S}numFmt", {"numFmtId": number, "formatCode": ERA_FORMAT})
        formats.set("count", str(len(formats)))
        return number
