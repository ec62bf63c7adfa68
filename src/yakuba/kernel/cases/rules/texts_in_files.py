"""The text inside a file, for finding My Numbers (個人番号) in what people attach.

Takes the bytes of files that passed the intake (`kernel.files` has checked their build and size). Pictures hold no text
that can be read here: there is no character recognition in the house, and the finding says so.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import IO

from lxml import etree
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from yakuba.kernel.japan.api import find_my_numbers

MOST_PAGES = 60
MOST_CHARACTERS = 400_000
MOST_PART_BYTES = 8_000_000
_TEXT_PARTS = re.compile(
    r"(word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml"
    r"|xl/(sharedStrings|comments\d*|worksheets/sheet\d+)\.xml)"
)
_BREAKS = frozenset({"p", "br", "tab", "row", "c", "si"})


@dataclass(frozen=True, slots=True)
class TextFound:
    """What could be read: ``pages`` (or parts) of text, and whether anything could be read at all."""

    pages: tuple[str, ...]
    is_readable: bool
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Suspicion:
    """How many numbers with a valid check digit were found, and on which pages (from 1). Holds no digit."""

    places: int
    pages: tuple[int, ...]


def text_in(content: bytes, media_type: str) -> TextFound:
    """The text of a PDF, Word or Excel file or of plain text. Never raises: what cannot be read is not readable."""
    try:
        if media_type == "application/pdf":
            return _pdf(content)
        if media_type.startswith("application/vnd.openxmlformats"):
            return _office(content)
        if media_type.startswith("text/"):
            return TextFound((content[:MOST_CHARACTERS].decode("utf-8", "replace"),), True)
    except (PyPdfError, zipfile.BadZipFile, etree.XMLSyntaxError, ValueError, KeyError, RecursionError, OSError):
        return TextFound((), False)
    return TextFound((), False)


def my_numbers_in(found: TextFound) -> Suspicion:
    """Numbers that must be taken for My Numbers, by page."""
    by_page = [(number, len(find_my_numbers(text))) for number, text in enumerate(found.pages, start=1)]
    return Suspicion(sum(count for _, count in by_page), tuple(number for number, count in by_page if count))


def _pdf(content: bytes) -> TextFound:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        return TextFound((), False)
    pages: list[str] = []
    left = MOST_CHARACTERS
    whole = len(reader.pages) <= MOST_PAGES
    for page in reader.pages[:MOST_PAGES]:
        text = (page.extract_text() or "")[:left]
        left -= len(text)
        pages.append(text)
        if left <= 0:
            whole = False
            break
    # A scanned page holds a picture and no letters: that nothing was found there proves nothing.
    return TextFound(tuple(pages), any(text.strip() for text in pages), whole)


def _office(content: bytes) -> TextFound:
    parts: list[str] = []
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if not _TEXT_PARTS.fullmatch(name):
                continue
            with package.open(name) as part:
                parts.append(_words(part)[:MOST_CHARACTERS])
    return TextFound(tuple(parts), True)


def _words(part: IO[bytes]) -> str:
    """The letters of an XML part; what stands in different cells or lines does not run together."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(part.read(MOST_PART_BYTES), parser)
    words: list[str] = []
    for element in root.iter():
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name in _BREAKS:
            words.append("\n")
        if name in ("t", "v", "f") and element.text:
            words.append(element.text)
    return "".join(words)
