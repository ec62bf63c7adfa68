"""Text and CSV: readable characters in an encoding we know, and nothing else."""

from __future__ import annotations

import codecs
import re

from yakuba.kernel.files.intake.refusals import FileRefused, Reason

# The last four stand for bytes that CP932 does not define.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\uf8f0-\uf8f3]")
_PAGE = re.compile(r"\s*<\s*(?:!doctype|html|script|svg|\?php|\?xml|iframe|body)", re.IGNORECASE)


def decoded(content: bytes) -> str | None:
    """The text of a UTF-8, UTF-16 (with byte order mark) or CP932 file, or `None` if it is none of these."""
    with_mark = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    attempts = ["utf-16"] if with_mark else ["utf-8-sig", "cp932"]
    for encoding in attempts:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def check_text(content: bytes, *, name: str) -> None:
    """Raises `FileRefused` for binary content under a text name and for Web pages."""
    text = decoded(content)
    if text is None or _CONTROL.search(text):
        raise FileRefused(
            Reason.BROKEN,
            name,
            "は文字だけのファイルとして読めません。",
            hint="文字コードを UTF-8 または Shift_JIS（CP932）にして保存し直してください。",
        )
    if _PAGE.match(text):
        raise FileRefused(
            Reason.UNSUPPORTED,
            name,
            "は Web ページやプログラムの形式で、受け付けていません。",
            hint="本文だけを文字のファイル（.txt）として保存し直してください。",
        )
