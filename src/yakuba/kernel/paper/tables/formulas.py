"""Text that a spreadsheet program would run as a formula, made harmless and back.

Source: OWASP "CSV Injection"; the full-width signs are those Japanese Excel takes for formulas as well.
"""

from __future__ import annotations

import re

_RUNS = re.compile(r"'*[ \u3000\u00a0]*[=+\-@\t\r\n＝＋－＠]")
_PLAIN = re.compile(r"'*(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)|[=+\-@＝＋－＠])")


def harmless(text: str) -> str:
    """The text with an apostrophe in front if a spreadsheet program would run it.

    Plain numbers and a single sign (－ for "none") stay. Text that already begins with an apostrophe before such a sign
    gets another one, so that `restored` always gives back what was written.
    """
    return f"'{text}" if _would_run(text) else text


def restored(text: str) -> str:
    """The text as it was before `harmless`."""
    return text[1:] if text.startswith("'") and _would_run(text) else text


def _would_run(text: str) -> bool:
    return bool(_RUNS.match(text)) and not _PLAIN.fullmatch(text)
