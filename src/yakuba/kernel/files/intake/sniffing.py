"""What a file is, by its content."""

from __future__ import annotations

import re
import struct

import puremagic

from yakuba.kernel.files.intake.limits import OFFICE, Kind

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of Word 97 to 2003 and of password-protected Word, Excel and PowerPoint files."""

_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_MARKUP = re.compile(rb"<\s*(?:script|html|svg|iframe|body|!doctype\s+html|\?php)", re.IGNORECASE)
_SCRIPT_IN_TAIL = re.compile(
    rb"<\s*script|<\?php|<\s*html|<\s*svg|javascript:|\beval\s*\(|\balert\s*\(|\*/",
    re.IGNORECASE,
)


def binary_kind(content: bytes) -> Kind | None:
    """The kind of a file by its first bytes; `None` for text and for everything unknown. ZIP stands for every ZIP."""
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return Kind.GIF
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Kind.WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return Kind.HEIC
    # A byte order mark or blank lines before the header come from careless software; more would hide another format.
    if content[:16].lstrip(b"\xef\xbb\xbf \t\r\n\x00").startswith(b"%PDF-"):
        return Kind.PDF
    if content.startswith(b"PK\x03\x04"):
        return Kind.ZIP
    return None


def description(content: bytes) -> str:
    """What an unknown file seems to be, in a word for the refusal; empty if nothing is recognised."""
    if content.startswith(b"MZ"):
        return "Windows の実行ファイル"
    if content.startswith(b"\x7fELF"):
        return "実行ファイル"
    if _MARKUP.search(content[:1024]):
        return "Web ページ（HTML・SVG）"
    try:
        matches = puremagic.magic_string(content[:4096])
    except (puremagic.PureError, ValueError):
        return ""
    if not matches or matches[0].confidence < 0.4:
        return ""
    return str(matches[0].extension).lstrip(".").upper()[:10]


def second_format(content: bytes, kind: Kind) -> str | None:
    """The other format a file also is (a polyglot), or `None`.

    Files that are two things at once pass one check and are run as the other.
    """
    head = content[:1024]
    if kind is not Kind.PDF and b"%PDF-" in head:
        return "PDF"
    if kind is not Kind.ZIP and kind not in OFFICE and _ends_as_zip(content):
        return "ZIP"
    if _MARKUP.search(head):
        return "Web ページ"
    tail = content[_end_of(content, kind) :]
    if _SCRIPT_IN_TAIL.search(tail):
        return "スクリプト"
    return None


def _ends_as_zip(content: bytes) -> bool:
    position = content.rfind(b"PK\x05\x06", max(0, len(content) - 65_557))
    if position < 0 or len(content) < position + 22:
        return False
    size, _offset, comment = struct.unpack("<IIH", content[position + 12 : position + 22])
    # A chance "PK\5\6" in a photo is not followed by lengths that fit.
    fits = comment <= len(content) - position - 22 and size <= position
    return bool(fits and (size == 0 or content[position - size : position - size + 4] == b"PK\x01\x02"))


def _end_of(content: bytes, kind: Kind) -> int:
    """Where the picture or document ends and foreign bytes would begin."""
    match kind:
        case Kind.PNG:
            position = content.rfind(b"IEND\xaeB`\x82")
            return position + 8 if position >= 0 else len(content)
        case Kind.JPEG:
            position = content.rfind(b"\xff\xd9")
            return position + 2 if position >= 0 else len(content)
        case Kind.WEBP:
            return min(len(content), 8 + int.from_bytes(content[4:8], "little"))
        case Kind.GIF:
            return _end_of_gif(content)
        case Kind.PDF:
            position = content.rfind(b"%%EOF")
            return position + 5 if position >= 0 else len(content)
        case _:
            return len(content)


def _end_of_gif(content: bytes) -> int:
    """The byte after the trailer, walking the blocks (GIF89a specification, section 17 and following)."""
    position = 13
    if len(content) < position:
        return len(content)
    if content[10] & 0x80:
        position += 3 << ((content[10] & 7) + 1)
    while position < len(content):
        mark = content[position]
        if mark == 0x3B:
            return position + 1
        if mark == 0x21:
            position += 2
        elif mark == 0x2C and position + 9 < len(content):
            flags = content[position + 9]
            position += 11 + ((3 << ((flags & 7) + 1)) if flags & 0x80 else 0)
        else:
            return position
        while position < len(content) and content[position]:
            position += content[position] + 1
        position += 1
    return len(content)
