"""The symbols of sections in document numbers."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.approval.models import SectionSymbol
from yakuba.kernel.organisation.api import sections_on
from yakuba.kernel.organisation.models import Section


def symbols_on(day: date) -> dict[str, SectionSymbol]:
    """The symbol each section code bears on a day."""
    found: dict[str, SectionSymbol] = {}
    for row in SectionSymbol.objects.filter(starts_on__lte=day).order_by("starts_on"):
        found[row.section_code] = row
    return found


def symbol_of(section: Section, day: date) -> str:
    """The symbol a section writes: its own, else that of the nearest section above; "" when there is none.

    A 班 writes under the symbol of its 課.
    """
    symbols = symbols_on(day)
    looked_at: Section | None = section
    seen: set[int] = set()
    while looked_at is not None and looked_at.pk not in seen:
        seen.add(looked_at.pk)
        if looked_at.code in symbols:
            return symbols[looked_at.code].symbol
        looked_at = looked_at.parent
    return ""


def symbol_taken_by(symbol: str, section: Section, day: date) -> Section | None:
    """Another section standing on that day that bears the symbol."""
    codes = [code for code, row in symbols_on(day).items() if row.symbol == symbol and code != section.code]
    return sections_on(day).filter(code__in=codes).first() if codes else None
