"""Which characters a CSV file is written in, decided over the whole file."""

from __future__ import annotations

import codecs
import re

from yakuba.kernel.paper.tables.table import TableRefused

_WIDE = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff9f]")

_UNDEFINED = re.compile(r"[\uf8f0-\uf8f3]")


def decoded(content: bytes, filename: str) -> tuple[str, str]:
    """Text and name of its encoding: UTF-8 with or without BOM, UTF-16 with BOM, CP932.

    Raises `TableRefused` with the line and the byte that fit none of them.
    """
    if content.startswith(codecs.BOM_UTF8):
        return _or_refused(content, "utf-8-sig", filename), "UTF-8（BOM 付き）"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _or_refused(content, "utf-16", filename), "UTF-16"
    unicode = _attempt(content, "utf-8")
    if unicode is not None and (content.isascii() or _WIDE.search(unicode)):
        return unicode, "UTF-8"
    # Half-width kana of CP932 can look like accented letters of UTF-8: Japanese text decides.
    shifted = _attempt(content, "cp932")
    if shifted is not None and (unicode is None or _WIDE.search(shifted)):
        return shifted, "Shift_JIS（CP932）"
    if unicode is not None:
        return unicode, "UTF-8"
    raise _mixed(content, filename)


def _attempt(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    # The codec gives four bytes that CP932 does not define a private character each.
    return None if encoding == "cp932" and _UNDEFINED.search(text) else text


def _or_refused(content: bytes, encoding: str, filename: str) -> str:
    text = _attempt(content, encoding)
    if text is None:
        raise _mixed(content, filename)
    return text


def _mixed(content: bytes, filename: str) -> TableRefused:
    """Name the place that fits least badly: the later of the two first faults."""
    faults: list[int] = []
    for encoding in ("utf-8", "cp932"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError as fault:
            faults.append(fault.start)
    place = max(faults, default=max(content.find(byte) for byte in (b"\xa0", b"\xfd", b"\xfe", b"\xff")))
    line = content.count(b"\n", 0, place) + 1
    return TableRefused(
        f"「{filename}」の {line} 行目に、読めない文字コード（{content[place]:02X}）があります。",
        hint="Excel で開き、「CSV UTF-8（コンマ区切り）」で保存し直してください。",
    )
