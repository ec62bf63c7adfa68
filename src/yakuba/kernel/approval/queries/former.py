"""What a draft said before it was amended, line by line beside what it says now."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from yakuba.kernel.approval.models import DecisionRequest, FormerContent

MOST_LINES = 2000
"""Of each side: a longer text is compared in its first lines only."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Lines before and now; equal ones stand on both sides."""

    before: str
    now: str
    is_changed: bool


def differences_to(former: FormerContent, request: DecisionRequest) -> list[Difference]:
    """The former text beside the present one, title first, then files."""
    old = _lines(former.title, former.content_text, former.files)
    new = _lines(request.title, request.content_text, request.files)
    rows: list[Difference] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [Difference(one, one, False) for one in old[a:b]]
            continue
        length = max(b - a, d - c)
        rows += [
            Difference(old[a + i] if a + i < b else "", new[c + i] if c + i < d else "", True) for i in range(length)
        ]
    return rows


def _lines(title: str, text: str, files: list[dict[str, str]]) -> list[str]:
    named = [f"添付：{one['name']}（{one['sha256'][:12]}）" for one in files]
    return [f"件名：{title}", *(one for one in text.splitlines() if one.strip()), *named][:MOST_LINES]
