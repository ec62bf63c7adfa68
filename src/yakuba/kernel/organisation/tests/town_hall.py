"""A small town hall for tests: two departments' worth of sections with people, built through the verbs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from yakuba.kernel.access.api import Person, PersonKind, Role, system_person
from yakuba.kernel.organisation import services as verbs
from yakuba.kernel.organisation.models import Authority, Post, Section, Staff

FOUNDED = date(2020, 4, 1)
APRIL = date(2027, 4, 1)
LAST_OF_MARCH = date(2027, 3, 31)
TODAY = date(2027, 3, 10)

SYSTEM = system_person("test")
PERSONNEL = Person(
    id="personnel", name="人事 花子", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.PERSONNEL})
)
CLERK = Person(id="clerk", name="一般 太郎", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.CLERK}))
AUDITOR = Person(id="auditor", name="監査 一郎", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.AUDITOR}))


@dataclass
class TownHall:
    """Rows by the words tests use."""

    mayor: Authority
    education: Authority
    sections: dict[str, Section] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)

    def section(self, name: str) -> Section:
        return Section.objects.get(pk=self.sections[name].pk)

    def person(self, name: str) -> Staff:
        return Staff.objects.get(pk=self.staff[name].pk)


def open_town_hall() -> TownHall:
    """総務課 (with 行政管理班), 財政課, 産業課, and 教育課 under the board of education; a head and clerks each."""
    hall = TownHall(
        mayor=verbs.found_authority(by=SYSTEM, code="mayor", name="町長部局", head_title="町長", order=1),
        education=verbs.found_authority(by=SYSTEM, code="education", name="教育委員会", head_title="教育長", order=2),
    )
    for title, rank, role in (
        ("課長", 60, Role.SECTION_HEAD),
        ("班長", 40, Role.CLERK),
        ("主査", 30, Role.CLERK),
        ("主事", 10, Role.CLERK),
    ):
        hall.posts[title] = verbs.define_post(by=SYSTEM, title=title, rank=rank, role=role)
    for code, name, authority in (
        ("01", "総務課", hall.mayor),
        ("02", "財政課", hall.mayor),
        ("03", "産業課", hall.mayor),
        ("50", "教育課", hall.education),
    ):
        hall.sections[name] = verbs.found_section(
            by=SYSTEM, code=code, name=name, kind="section", authority=authority, starts_on=FOUNDED, order=int(code)
        )
    hall.sections["行政管理班"] = verbs.found_section(
        by=SYSTEM,
        code="0101",
        name="行政管理班",
        kind="unit",
        authority=hall.mayor,
        parent=hall.sections["総務課"],
        starts_on=FOUNDED,
    )
    for number, name, section, post in (
        ("1001", "総務 課長", "総務課", "課長"),
        ("1002", "総務 主査", "総務課", "主査"),
        ("1003", "行政 班長", "行政管理班", "班長"),
        ("1004", "行政 主事", "行政管理班", "主事"),
        ("2001", "財政 課長", "財政課", "課長"),
        ("2002", "財政 主事", "財政課", "主事"),
        ("3001", "産業 課長", "産業課", "課長"),
        ("5001", "教育 課長", "教育課", "課長"),
        ("5002", "教育 主事", "教育課", "主事"),
    ):
        hall.staff[name] = verbs.hire_staff(
            by=SYSTEM,
            number=number,
            name=name,
            employment="regular",
            joined_on=FOUNDED,
            section=hall.sections[section],
            post=hall.posts[post],
        )
    verbs.grant_role(
        by=SYSTEM, staff=hall.staff["総務 主査"], role=Role.PERSONNEL, starts_on=FOUNDED, ground="令和2年4月1日付辞令"
    )
    return hall
