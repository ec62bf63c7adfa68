"""From letters to a PDF for window envelopes, and how many sheets each letter takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from yakuba.kernel.japan.api import format_postal_code
from yakuba.kernel.notify.models import Letter
from yakuba.kernel.notify.parameters import window_on
from yakuba.kernel.paper.api import render_pdf, town_letterhead
from yakuba.kernel.values.api import business_date

_SHEET_MARK = re.compile(r"(?P<mark>(?:\d+-\d{3,}|L-[0-9a-z]{6})) *　? *(?P<here>\d+) / (?P<all>\d+)\s*$")


def letters_pdf(
    letters: Sequence[Letter], *, headings: Sequence[Sequence[Any]] = (), title: str, printed_at: datetime
) -> bytes:
    """The letters in their order, each beginning on a sheet of its own.

    ``headings`` are separator sheets: (place of the first letter under it, heading, places it reaches over). Raises
    ``PrintFailed``; ``UndrawableCharacters`` for a name or text no font draws: a letter with 〓 in it is not sent.
    """
    before: dict[int, dict[str, Any]] = {}
    for start, heading, reach in headings:
        under = [one for one in letters if int(start) <= one.place < int(start) + int(reach)]
        if under:
            lines = [f"{len(under)}通", f"{under[0].mark} 〜 {under[-1].mark}"]
            before[under[0].pk] = {"separator": {"title": str(heading), "lines": lines}}
    items: list[dict[str, Any]] = []
    for letter in letters:
        if letter.pk in before:
            items.append(before[letter.pk])
        items.append({"letter": letter_values(letter)})
    return render_pdf(
        "notify/letters",
        {"title": title, "window": window_on(business_date(printed_at)), "items": items},
        printed_at=printed_at,
        letterhead=town_letterhead(),
        exact=True,
    )


def letter_values(letter: Letter) -> Mapping[str, Any]:
    """What the template reads of a letter. Of a protected person it has no place: the window shows the name alone."""
    sender = {"title": "", "name": "", "section": "", "phone": "", **letter.sender}
    return {
        "postal_code": format_postal_code(letter.postal_code) if letter.postal_code else "",
        "address": list(letter.address_lines),
        "name": letter.name,
        "honorific": letter.honorific,
        "lang": "en" if letter.language == "en" else "ja",
        "number": letter.number,
        "date": letter.dated_on,
        "sender": sender,
        "title": letter.title,
        "parts": letter.parts,
        "mark": letter.mark,
        "end-mark": f"end-{letter.pk}",
    }


def sheets_by_mark(pdf: bytes) -> dict[str, int]:
    """How many sheets each letter of a print takes, by the mark in its footer; separator sheets have none."""
    found: dict[str, int] = {}
    for page in PdfReader(BytesIO(pdf)).pages:
        if seen := _SHEET_MARK.search(page.extract_text()):
            found[seen["mark"]] = int(seen["all"])
    return found


def page_count(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)
