"""Why an app holds what it holds, and for how long (利用目的、保存期間). Part of an app's definition."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from yakuba.kernel.values.api import FiscalYear
from yakuba.office.appbuilder.rules.parts import Part

MOST_YEARS = 99


class Care(Part):
    """What the owner says about the app. `years` None: no end of retention was set; `retention` says more in words.

    `people`, `collected` and `given_to` are whose information it is, how it comes in, and whom it regularly goes to.
    """

    purpose: str = Field(default="", max_length=500)
    retention: str = Field(default="", max_length=200)
    years: int | None = Field(default=None, ge=0, le=MOST_YEARS)
    people: str = Field(default="", max_length=200)
    collected: str = Field(default="", max_length=200)
    given_to: str = Field(default="", max_length=200)

    @property
    def kept_words(self) -> str:
        """The retention as people read it; empty when nothing was said."""
        years = "" if self.years is None else f"{self.years}年"
        return f"{years}（{self.retention}）" if years and self.retention else years or self.retention


def kept_until(last_changed: date, years: int) -> date:
    """The first day on which a record need not be kept any more: so many years after the 1 April that follows its last
    change."""
    return date(FiscalYear.of(last_changed).year + 1 + years, 4, 1)
