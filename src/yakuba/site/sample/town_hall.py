"""The town hall of the sample town: authorities, sections with their past, posts, staff, postings, deputies, roles."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yakuba.kernel.access.api import Role
from yakuba.kernel.organisation.models import (
    Authority,
    Deputy,
    Employment,
    Leaving,
    OutsideOrganisation,
    Post,
    RoleGrant,
    Section,
    SectionSuccession,
    Staff,
)
from yakuba.kernel.things.models import ALPHABET, PUBLIC_ID_LENGTH
from yakuba.site.sample.careers import Career, careers
from yakuba.site.sample.rules import fiscal_year_start

_YEARS_OF_THE_HALL = 45


@dataclass
class TownHall:
    """What was stored, for those who go on from here."""

    careers: list[Career]
    sections: Mapping[str, Section]
    outside: dict[str, Staff] = field(default_factory=dict)

    def holder(self, section: str, post: str) -> Staff:
        """The first person who holds ``post`` in ``section`` today."""
        return next(one.staff for one in self.careers if one.holds_today and (one.section, one.post) == (section, post))


class TownHallMaker:
    """Stores the organisation described in ``data/sample/organisation.toml`` as it stands on ``today``."""

    def __init__(self, *, organisation: Mapping[str, Any], town: str, today: date, seed: str) -> None:
        self._organisation = organisation
        self._town = town
        self._today = today
        self._rng = random.Random(f"{seed}:town hall")
        self._this_year = fiscal_year_start(today)

    def make(self, names: Sequence[tuple[str, str]], given_names: Sequence[Any]) -> TownHall:
        """Everything in the order the foreign keys ask for. The caller opens transaction and write permission."""
        authorities = self._authorities()
        sections = self._sections(authorities)
        posts = self._posts()
        people = careers(
            organisation=self._organisation,
            sections=sections,
            posts=posts,
            names=names,
            given_names=given_names,
            today=self._today,
            rng=self._rng,
        )
        for one in people:
            one.staff.public_id = self._public_id()
        Staff.objects.bulk_create([one.staff for one in people])
        postings = [posting for one in people for posting in one.postings]
        for posting in postings:
            posting.public_id = self._public_id()
            posting.staff_id = posting.staff.pk
        type(postings[0]).objects.bulk_create(postings, batch_size=500)
        hall = TownHall(people, sections)
        self._deputies(hall)
        self._grants(hall)
        self._outside(hall)
        return hall

    def _authorities(self) -> dict[str, Authority]:
        rows = [
            Authority(
                public_id=self._public_id(),
                code=one["code"],
                name=one["name"],
                head_title=one["head_title"].format(town=self._town),
                seal_name=one["seal_name"].format(town=self._town),
                order=order,
            )
            for order, one in enumerate(self._organisation["authority"], start=1)
        ]
        return {one.code: one for one in Authority.objects.bulk_create(rows)}

    def _sections(self, authorities: Mapping[str, Authority]) -> dict[str, Section]:
        """Sections of today, and before them those that were renamed or merged into them."""
        began = fiscal_year_start(self._today, years_ago=_YEARS_OF_THE_HALL)
        former = self._organisation["former_section"]
        since = {code: self._years_ago(one["years_ago"]) for one in former for code in one["successors"]}
        found: dict[str, Section] = {}
        for order, one in enumerate([*self._organisation["section"], *former], start=1):
            section = Section(
                public_id=self._public_id(),
                code=one["code"],
                name=one["name"],
                name_kana=one["kana"],
                kind=one["kind"],
                authority=authorities[one["authority"]],
                parent=found[one["parent"]] if "parent" in one else None,
                starts_on=since.get(one["code"], began),
                ends_on=self._years_ago(one["years_ago"]) if "years_ago" in one else None,
                phone="" if "years_ago" in one else f"000-000-{1000 + order:04d}",
                duties=one.get("duties", ""),
                order=order,
            )
            section.save(force_insert=True)  # one by one: a child needs its parent's key
            found[section.code] = section
        SectionSuccession.objects.bulk_create(
            SectionSuccession(
                before=found[one["code"]],
                after=found[code],
                kind=one["succession"],
                on=self._years_ago(one["years_ago"]),
            )
            for one in former
            for code in one["successors"]
        )
        return found

    def _posts(self) -> dict[str, Post]:
        rows = [
            Post(public_id=self._public_id(), title=one["title"], rank=one["rank"], role=one.get("role", ""))
            for one in self._organisation["post"]
        ]
        return {one.title: one for one in Post.objects.bulk_create(rows)}

    def _deputies(self, hall: TownHall) -> None:
        """代決: the mayor's line by office, every head by the next in rank of the section or its first unit."""
        mayor, deputy_mayor = hall.holder("100", "町長"), hall.holder("100", "副町長")
        general_affairs = hall.holder("110", "課長")
        pairs = [(mayor, deputy_mayor, 1), (mayor, general_affairs, 2), (deputy_mayor, general_affairs, 1)]
        pairs.append((hall.holder("400", "教育長"), hall.holder("400", "課長"), 1))
        posts = {post["title"]: post for post in self._organisation["post"]}
        today = [one for one in hall.careers if one.holds_today]
        for head in today:
            if posts[head.post].get("role") != "section_head":
                continue
            near = [
                one
                for one in today
                if one is not head
                and one.section in self._section_and_units(head.section)
                and 20 <= posts[one.post]["rank"] < posts[head.post]["rank"]
            ]
            near.sort(key=lambda one: (-posts[one.post]["rank"], one.section, one.staff.number))
            pairs += [(head.staff, one.staff, order) for order, one in enumerate(near[:2], start=1)]
        since = {one.staff.pk: one.postings[-1].starts_on for one in today}
        Deputy.objects.bulk_create(
            Deputy(
                public_id=self._public_id(),
                staff=staff,
                deputy=deputy,
                order=order,
                starts_on=max(since[staff.pk], since[deputy.pk]),
                ends_on=min((one.leaves_on for one in (staff, deputy) if one.leaves_on), default=None),
            )
            for staff, deputy, order in pairs
        )

    def _grants(self, hall: TownHall) -> None:
        today = [one for one in hall.careers if one.holds_today]
        rows: list[RoleGrant] = []
        for grant in self._organisation["grant"]:
            if "each_section" in grant:
                chosen = [self._youngest(today, code) for code in grant["each_section"]]
            else:
                chosen = [
                    one
                    for one in today
                    if one.section == grant["section"]
                    and one.post == grant.get("post", one.post)
                    and one.staff.employment != Employment.FISCAL_YEAR
                ]
            rows += [
                RoleGrant(
                    public_id=self._public_id(),
                    staff=one.staff,
                    role=Role(grant["role"]).value,
                    starts_on=self._this_year if "each_section" in grant else one.postings[-1].starts_on,
                    ends_on=one.staff.leaves_on,
                    ground=grant["ground"],
                )
                for one in chosen
            ]
        RoleGrant.objects.bulk_create(rows)

    def _outside(self, hall: TownHall) -> None:
        for place, one in enumerate(self._organisation["outside_organisation"]):
            organisation = OutsideOrganisation.objects.create(
                public_id=self._public_id(), name=one["name"], kind=one["kind"], starts_on=self._this_year
            )
            if "member" not in one:
                continue
            until = fiscal_year_start(self._today, years_ago=-1)
            member = Staff.objects.create(
                public_id=self._public_id(),
                number=f"99{place + 1:02d}",
                name="見本　助言",
                name_kana="みほん　じょげん",
                employment=Employment.OUTSIDE,
                joined_on=self._this_year,
                leaves_on=until,
                leaving=Leaving.TERM_ENDED,
                mail="adviser@example.jp",
                organisation=organisation,
            )
            RoleGrant.objects.create(
                public_id=self._public_id(),
                staff=member,
                role=Role(one["member"]["role"]).value,
                starts_on=self._this_year,
                ends_on=until,
                ground=one["member"]["ground"],
            )
            hall.outside[one["name"]] = member

    def _youngest(self, today: Sequence[Career], section: str) -> Career:
        regular = [one for one in today if one.section == section and one.staff.employment == Employment.REGULAR]
        return max(regular, key=lambda one: (one.staff.joined_on, one.staff.number))

    def _section_and_units(self, code: str) -> set[str]:
        return {code} | {one["code"] for one in self._organisation["section"] if one.get("parent") == code}

    def _years_ago(self, years: int) -> date:
        return fiscal_year_start(self._today, years_ago=years)

    def _public_id(self) -> str:
        return "".join(self._rng.choices(ALPHABET, k=PUBLIC_ID_LENGTH))
