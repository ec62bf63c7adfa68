"""Who works in the sample town hall, and how they came to where they are: postings (発令) from year to year."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yakuba.kernel.japan.api import to_hiragana
from yakuba.kernel.organisation.models import Employment, Leaving, Post, Posting, Section, Staff
from yakuba.site.sample.rules import fiscal_year_start
from yakuba.site.sample.sources import GivenName

_FIRST_NUMBER = 9001
_LEAVERS = 8

#: Years of service of those who hold a post: fewest, most. Posts not named belong to short-lived appointments.
_SERVICE = {
    "町長": (2, 3),
    "副町長": (1, 3),
    "教育長": (1, 2),
    "監査委員": (1, 3),
    "会計管理者": (31, 37),
    "課長": (27, 36),
    "事務局長": (25, 35),
    "室長": (25, 33),
    "館長": (24, 34),
    "所長": (22, 34),
    "課長補佐": (21, 30),
    "班長": (16, 26),
    "主任主査": (14, 18),
    "主査": (10, 18),
    "副主査": (6, 11),
    "保健師": (2, 16),
    "保育士": (1, 22),
    "技師": (1, 8),
    "書記": (3, 8),
    "主事": (0, 6),
}
#: The ladder of a career: until how many years of service which post.
_LADDER = ((1, "主事補"), (6, "主事"), (10, "副主査"), (15, "主査"), (17, "主任主査"), (99, "班長"))
_SPECIAL = {"町長", "副町長", "教育長", "監査委員"}
_STAY_IN_PLACE = {"保育士", "保健師"} | _SPECIAL
_BY_FISCAL_YEAR = {"事務補助員", "保育補助員", "窓口補助員", "調理員", "検針員"}
_REAPPOINTED = {("113", "副主査"), ("161", "主査"), ("182", "副主査"), ("171", "主査")}


@dataclass
class Career:
    """One person with all postings, the present main one last. Who left holds nothing today."""

    staff: Staff
    section: str
    post: str
    postings: list[Posting] = field(default_factory=list)
    holds_today: bool = True


def careers(
    *,
    organisation: Mapping[str, Any],
    sections: Mapping[str, Section],
    posts: Mapping[str, Post],
    names: Sequence[tuple[str, str]],
    given_names: Sequence[GivenName],
    today: date,
    rng: random.Random,
) -> list[Career]:
    """Unsaved staff and postings: everybody of the organisation, and some who left in the last years."""
    made = _CareerMaker(organisation, sections, posts, today, rng)
    found = [
        made.career(section["code"], post, is_reappointed=place == 0 and (section["code"], post) in _REAPPOINTED)
        for section in organisation["section"]
        for post, count in section.get("staff", {}).items()
        for place in range(count)
    ]
    found += [made.leaver(place) for place in range(_LEAVERS)]
    found.sort(key=lambda one: one.staff.joined_on)  # stable: by day of joining, then by the order of the organisation
    _name_and_number(found, names, given_names, rng)
    made.concurrent_posts(found)
    return found


class _CareerMaker:
    def __init__(
        self,
        organisation: Mapping[str, Any],
        sections: Mapping[str, Section],
        posts: Mapping[str, Post],
        today: date,
        rng: random.Random,
    ) -> None:
        self._organisation = organisation
        self._sections = sections
        self._posts = posts
        self._today = today
        self._rng = rng
        self._former: dict[str, list[str]] = {}
        for one in organisation["former_section"]:
            for code in one["successors"]:
                self._former.setdefault(code, []).append(one["code"])
        self._offices = [
            one["code"]
            for one in organisation["section"]
            if one["kind"] == "unit" and "主事" in one.get("staff", {}) and one["authority"] == "mayor"
        ]

    def career(self, section: str, post: str, *, is_reappointed: bool) -> Career:
        if post in _BY_FISCAL_YEAR:
            return self._by_fiscal_year(section, post)
        years = 38 if is_reappointed else self._rng.randint(*_SERVICE[post])
        employment = Employment.SPECIAL if post in _SPECIAL else Employment.REGULAR
        if is_reappointed:
            employment = Employment.REAPPOINTED
        staff = Staff(
            employment=employment,
            joined_on=self._april(years),
            leaves_on=self._april(-self._rng.randint(1, 3)) if is_reappointed else None,
            leaving=Leaving.TERM_ENDED if is_reappointed else "",
        )
        return Career(staff, section, post, self._line_up(staff, section, post, years))

    def leaver(self, place: int) -> Career:
        """Somebody who retired, or left early, on a 31 March of the last years."""
        section = self._rng.choice(self._offices)
        left = 0 if place < _LEAVERS // 2 else self._rng.randint(1, 3)
        service, post = self._rng.choice([(37, "課長補佐"), (36, "班長"), (5, "主事")])
        staff = Staff(
            employment=Employment.REGULAR,
            joined_on=self._april(left + service),
            leaves_on=self._april(left),
            leaving=Leaving.RETIRED,
        )
        start = max(self._april(left + min(3, service)), staff.joined_on)
        postings = self._stretch(staff, section, post, start, self._april(left))
        return Career(staff, section, post, postings, holds_today=False)

    def concurrent_posts(self, found: Sequence[Career]) -> None:
        """兼務: a second post beside the main one, as long as the person holds the main one."""
        for one in self._organisation["concurrent"]:
            holder = next(
                each for each in found if each.holds_today and (each.section, each.post) == (one["from"], one["post"])
            )
            second = Posting(
                staff=holder.staff,
                section=self._sections[one["to"]],
                post=self._posts[one["as"]],
                starts_on=holder.postings[-1].starts_on,
                is_main=False,
            )
            holder.postings.insert(0, second)

    def _by_fiscal_year(self, section: str, post: str) -> Career:
        """会計年度任用職員: appointed from April to March, some of them again and again."""
        years = self._rng.choice([0, 0, 1, 2, 3])
        staff = Staff(
            employment=Employment.FISCAL_YEAR,
            joined_on=self._april(years),
            leaves_on=self._april(-1),
            leaving=Leaving.TERM_ENDED,
        )
        postings = [
            posting
            for ago in range(years, -1, -1)
            for posting in self._stretch(staff, section, post, self._april(ago), self._april(ago - 1))
        ]
        return Career(staff, section, post, postings)

    def _line_up(self, staff: Staff, section: str, post: str, years: int) -> list[Posting]:
        """The last posts before today's, oldest first; a career of thirty years is told from its last third."""
        ends = staff.leaves_on
        if post in _STAY_IN_PLACE:
            return self._stretch(staff, section, post, staff.joined_on, ends)
        here = min(years, self._rng.randint(0, 4))
        line = self._stretch(staff, section, post, self._april(here), ends)
        told = here
        for _ in range(3):
            if told >= years:
                break
            stay = min(years - told, self._rng.randint(2, 5))
            elsewhere = self._rng.choice([code for code in self._offices if code != section])
            served = years - told
            before = next(title for limit, title in _LADDER if served <= limit)
            line = [
                *self._stretch(staff, elsewhere, before, self._april(told + stay), self._april(told)),
                *line,
            ]
            section, told = elsewhere, told + stay
        return line

    def _stretch(self, staff: Staff, section: str, post: str, start: date, end: date | None) -> list[Posting]:
        """A posting, in two parts where the section was renamed or merged meanwhile."""
        place = self._sections[section]
        if start >= place.starts_on:
            return [self._posting(staff, place, post, start, end)]
        before = self._sections[self._rng.choice(self._former[section])]
        if end is not None and end <= place.starts_on:
            return [self._posting(staff, before, post, start, end)]
        return [
            self._posting(staff, before, post, start, place.starts_on),
            self._posting(staff, place, post, place.starts_on, end),
        ]

    def _posting(self, staff: Staff, section: Section, post: str, start: date, end: date | None) -> Posting:
        return Posting(staff=staff, section=section, post=self._posts[post], starts_on=start, ends_on=end)

    def _april(self, years_ago: int) -> date:
        return fiscal_year_start(self._today, years_ago=years_ago)


def _name_and_number(
    found: Sequence[Career], names: Sequence[tuple[str, str]], given_names: Sequence[GivenName], rng: random.Random
) -> None:
    """Plainly made-up surnames (season words), each borne by two people at most; numbers of the nine thousands."""
    surnames = rng.sample(names, len(names)) + rng.sample(names, len(names))
    if len(found) > len(surnames):
        raise ValueError(f"{len(found)} staff need more than the {len(names)} surnames of staff_surnames.csv")
    taken: set[str] = set()
    for place, (one, (surname, reading)) in enumerate(zip(found, surnames, strict=False)):
        born = one.staff.joined_on.year - rng.randint(19, 27) - (22 if one.staff.employment == "special" else 0)
        sex = rng.choice("女男")
        fitting = [name for name in given_names if name.sex == sex and name.born_from <= born <= name.born_until]
        free = [name for name in fitting if f"{surname}{name.given_name}" not in taken]
        given = rng.choices(free, [name.weight for name in free])[0]
        taken.add(f"{surname}{given.given_name}")
        one.staff.number = str(_FIRST_NUMBER + place)
        one.staff.name = f"{surname}　{given.given_name}"
        one.staff.name_kana = to_hiragana(f"{reading}　{given.reading}")
        if one.section == "112" or one.post in ("課長", "会計管理者", "事務局長", "室長", "町長", "副町長", "教育長"):
            one.staff.mail = f"n{one.staff.number}@example.jp"
