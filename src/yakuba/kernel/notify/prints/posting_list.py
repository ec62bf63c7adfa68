"""The posting list (発送簿) as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yakuba.kernel.japan.api import format_postal_code
from yakuba.kernel.notify.models import Letter
from yakuba.kernel.paper.api import render_pdf, town_letterhead


def posting_list_pdf(letters: Sequence[Letter], *, subtitle: str, printed_at: datetime) -> bytes:
    """The letters with day, name, address and cost, and the total. Of protected people neither name nor address."""
    rows = [
        {
            "place": place,
            "posted_on": one.posted_on,
            "name": one.shown_name,
            "address": _address(one),
            "title": one.title,
            "service": one.get_service_display(),
            "postage": one.postage,
            "state": one.get_state_display(),
        }
        for place, one in enumerate(letters, start=1)
    ]
    costs: dict[str, list[int]] = {}
    for one in letters:
        costs.setdefault(one.get_service_display(), []).append(one.postage or 0)
    totals = [{"service": name, "letters": len(found), "yen": sum(found)} for name, found in sorted(costs.items())]
    return render_pdf(
        "notify/posting_list",
        {
            "subtitle": subtitle,
            "rows": rows,
            "totals": totals,
            "letters": len(letters),
            "yen": sum(sum(found) for found in costs.values()),
        },
        printed_at=printed_at,
        letterhead=town_letterhead(),
    )


def _address(one: Letter) -> str:
    code = f"〒{format_postal_code(one.postal_code)} " if one.postal_code else ""
    return f"{code}{one.shown_address}"
