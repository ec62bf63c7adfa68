"""Letters to everybody of a list: marks in the text, filled from the row's columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from yakuba.kernel.values.api import Refusal

MOST_ROWS = 5_000
_MARK = re.compile(r"(?:\{\{|｛｛)\s*([^{}｛｝\n]{1,40}?)\s*(?:\}\}|｝｝)")


def marks_in(text: str) -> tuple[str, ...]:
    """The names of the marks ``{{列の名前}}`` in a text, each once, in their order; braces may be full width."""
    return tuple(dict.fromkeys(_MARK.findall(text)))


def check_marks(text: str, columns: Sequence[str], *, field: str) -> None:
    """Raise ``Refusal`` for a mark that has no column in the list."""
    if unknown := [name for name in marks_in(text) if name not in columns]:
        raise Refusal(
            f"差し込みの印「{{{{{unknown[0]}}}}}」の列が、宛先の一覧にありません。",
            field=field,
            hint=f"一覧にある列は「{'」「'.join(columns[:12])}」です。",
        )


def merged(text: str, row: Mapping[str, str]) -> str:
    """The text with its marks filled from a row; values bring no marks of their own."""
    return _MARK.sub(lambda found: row.get(found.group(1), ""), text)
