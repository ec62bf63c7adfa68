"""A town hall that can decide: heads, a mayor, a deputy, symbols; and a subject to decide about."""

from __future__ import annotations

from datetime import date
from typing import Any

from yakuba.kernel.access.api import Person, PersonKind, Role
from yakuba.kernel.approval.api import ask_decision
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.services import name_section_symbol
from yakuba.kernel.organisation import services as verbs
from yakuba.kernel.organisation.api import postings_of, roles_of
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.organisation.tests.town_hall import FOUNDED, SYSTEM, TownHall, open_town_hall
from yakuba.kernel.things.api import Ref, ref_of
from yakuba.kernel.values.api import Clock, FixedClock

TODAY = date(2026, 11, 2)
CLOCK = FixedClock(TODAY)
CONTENT = {"手続": "犬の登録", "結果": "許可する", "手数料": 3000, "添付": []}


def open_hall() -> TownHall:
    """総務課 and others; 町長 (deputy 副町長) over the mayor's sections, 教育長 over 教育課; 行政 班長 stands in for 総務 課長."""
    hall = open_town_hall()
    hall.sections["町長室"] = verbs.found_section(
        by=SYSTEM, code="00", name="町長室", kind="section", authority=hall.mayor, starts_on=FOUNDED
    )
    for title, rank, role, number, name, section in (
        ("町長", 100, Role.MAYOR, "0001", "町長 一郎", "町長室"),
        ("副町長", 95, Role.DEPUTY_MAYOR, "0002", "副長 二郎", "町長室"),
        ("教育長", 90, None, "5000", "教長 三郎", "教育課"),
    ):
        hall.posts[title] = verbs.define_post(by=SYSTEM, title=title, rank=rank, role=role)
        hall.staff[name] = verbs.hire_staff(
            by=SYSTEM,
            number=number,
            name=name,
            employment="special",
            joined_on=FOUNDED,
            section=hall.sections[section],
            post=hall.posts[title],
        )
    for principal, deputy in (("総務 課長", "行政 班長"), ("町長 一郎", "副長 二郎")):
        verbs.appoint_deputy(
            by=SYSTEM, staff=hall.staff[principal], deputy=hall.staff[deputy], order=1, starts_on=FOUNDED
        )
    for section, symbol in (("総務課", "総"), ("財政課", "財"), ("教育課", "教")):
        name_section_symbol(by=SYSTEM, section=hall.sections[section], symbol=symbol, starts_on=FOUNDED)
    return hall


def acting(staff: Staff, on: date = TODAY) -> Person:
    """The person of a member of staff as identity builds it from the postings of a day."""
    postings = postings_of(staff, on)
    return Person(
        id=f"account{staff.number}",
        name=staff.name,
        kind=PersonKind.STAFF,
        roles=roles_of(staff, on, postings),
        staff_id=staff.pk,
        section_ids=frozenset(one.section_id for one in postings),
        title=postings[0].post.title if postings else "",
        section=postings[0].section.name if postings else "",
    )


def subject_of(hall: TownHall) -> Ref:
    """Something to decide about: a section, whose snapshot holds its name."""
    return ref_of(hall.sections["産業課"])


def ask(
    hall: TownHall, *, by: str = "行政 主事", section: str = "行政管理班", clock: Clock = CLOCK, **changed: Any
) -> DecisionRequest:
    """A request as an app makes it."""
    said: dict[str, Any] = {
        "subject": subject_of(hall),
        "title": "犬の登録の許可",
        "content": CONTENT,
        "content_text": "犬の登録を許可する。\n手数料 3,000円",
        "authority": hall.mayor,
        "section": Section.objects.get(pk=hall.sections[section].pk),
        "kind": "申請の処分",
    }
    return ask_decision(by=acting(hall.staff[by], clock.today()), clock=clock, **{**said, **changed})
