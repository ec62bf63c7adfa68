"""The fiscal year of public bodies."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from yakuba.kernel.values.eras import ERAS
from yakuba.kernel.values.errors import Refusal
from yakuba.kernel.values.period import Period

FIRST, LAST = 1886, 2999
"""Fiscal years begin on 1 April since 明治19年度; the upper bound catches slips of the keyboard."""

_NAMED_BY_THE_NEW_ERA = {2019}
"""A fiscal year bears the era of its 1 April; 2019 is the exception: 令和元年度 as a whole
(新元号への円滑な移行に向けた関係省庁連絡会議申合せ, 2019-04-02)."""

_ERA_YEAR = re.compile(r"(?P<era>[A-Za-z]|明治|大正|昭和|平成|令和)\.?(?P<year>元|[0-9]{1,2})(?:年度?)?")
_PLAIN_YEAR = re.compile(r"(?:FY)?(?P<year>[0-9]{4})(?:年度?)?", re.IGNORECASE)


@dataclass(frozen=True, order=True, slots=True)
class FiscalYear:
    """A fiscal year (年度, 会計年度) by the calendar year it begins in: 2026 runs from 2026-04-01 through 2027-03-31.

    Source: 地方自治法第208条. There is no `end`, because that word means the first day after in `Period`:
    say `last_day` or `period`.
    """

    year: int

    def __post_init__(self) -> None:
        if type(self.year) is not int:
            raise TypeError(f"FiscalYear takes a whole number, not {self.year!r}")
        if not FIRST <= self.year <= LAST:
            raise Refusal(
                f"{self.year}年度は扱えません。",
                hint=f"{FIRST}から{LAST}までの年度を入力してください。",
            )

    @classmethod
    def of(cls, day: date) -> FiscalYear:
        """The fiscal year a day belongs to."""
        return cls(day.year if day.month >= 4 else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> FiscalYear:
        """Read `R8`, `令和8年度`, `令和元年度`, `2026`, `2026年度`, also in full width. Raises `Refusal`.

        Both names of a year in which the era changed are understood (平成31年度 = 令和元年度); a name no day of which
        ever came (昭和64年度) is refused.
        """
        tidy = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
        if found := _PLAIN_YEAR.fullmatch(tidy):
            return cls(int(found["year"]))
        if found := _ERA_YEAR.fullmatch(tidy):
            era = next(
                (era for era in ERAS if found["era"].upper() in (era.name, era.letter)),
                None,
            )
            if era is not None:
                year = era.first_year - 1 + (1 if found["year"] == "元" else int(found["year"]))
                if year >= era.first_year and era.overlaps(date(year, 4, 1), date(year, 12, 31)):
                    return cls(year)
        raise Refusal(
            f"「{text[:40]}」は年度として読めません。",
            hint="「令和8年度」「R8」「2026」のように入力してください。",
        )

    @property
    def start(self) -> date:
        """1 April."""
        return date(self.year, 4, 1)

    @property
    def last_day(self) -> date:
        """31 March."""
        return date(self.year + 1, 3, 31)

    @property
    def period(self) -> Period:
        """The year as a half-open period."""
        return Period(self.start, date(self.year + 1, 4, 1))

    @property
    def quarters(self) -> tuple[Period, Period, Period, Period]:
        """The four quarters (第1四半期 April–June … 第4四半期 January–March)."""
        year = self.year
        return (
            Period(date(year, 4, 1), date(year, 7, 1)),
            Period(date(year, 7, 1), date(year, 10, 1)),
            Period(date(year, 10, 1), date(year + 1, 1, 1)),
            Period(date(year + 1, 1, 1), date(year + 1, 4, 1)),
        )

    @property
    def next(self) -> FiscalYear:
        """The year after."""
        return FiscalYear(self.year + 1)

    @property
    def previous(self) -> FiscalYear:
        """The year before."""
        return FiscalYear(self.year - 1)

    def contains(self, day: date) -> bool:
        """Whether a day belongs to the year."""
        return self.period.contains(day)

    __contains__ = contains

    @property
    def label(self) -> str:
        """As written in documents: `令和8年度`, `令和元年度`."""
        name, _, year = self._era_year()
        return f"{name}{'元' if year == 1 else year}年度"

    @property
    def short(self) -> str:
        """As written in tables: `R8`."""
        _, letter, year = self._era_year()
        return f"{letter}{year}"

    def __str__(self) -> str:
        return self.label

    def _era_year(self) -> tuple[str, str, int]:
        day = self.last_day if self.year in _NAMED_BY_THE_NEW_ERA else self.start
        era = next(era for era in reversed(ERAS) if era.first_day <= day)
        return era.name, era.letter, self.year - era.first_year + 1
