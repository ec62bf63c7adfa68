"""What the tests of the catalogue start from."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from yakuba.kernel.access.api import Person, PersonKind, Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.catalogue.queries.delivery import delivered_catalogue
from yakuba.kernel.catalogue.rules.content import ProcedureContent
from yakuba.kernel.catalogue.rules.delivery import DeliveredProcedure
from yakuba.kernel.catalogue.services import deliver_procedure
from yakuba.kernel.organisation.models import Authority, Section, SectionKind
from yakuba.kernel.values.api import FixedClock

TODAY = date(2026, 11, 23)
CLOCK = FixedClock(TODAY)
SYSTEM = Person(id="system:tests", name="システム", kind=PersonKind.SYSTEM)


def staff(name: str, *roles: Role, sections: tuple[Section, ...] = ()) -> Person:
    """A person with a seat in the office."""
    return Person(
        id=f"test-{name}",
        name=name,
        kind=PersonKind.STAFF,
        roles=frozenset({Role.STAFF, *roles}),
        section_ids=frozenset(one.pk for one in sections),
    )


SECRETARY = staff("事務局 花子", Role.SECRETARIAT)
AUDITOR = staff("監査 四郎", Role.AUDITOR, Role.SECRETARIAT)


@cache
def delivered(key: str) -> DeliveredProcedure:
    """A procedure of the data files."""
    return next(one for one in delivered_catalogue().procedures if one.content.key == key)


def content(key: str = "dog-registration", **changed: Any) -> ProcedureContent:
    """A delivered description, with parts replaced."""
    values = delivered(key).content.to_dict() | changed
    return ProcedureContent.model_validate({name: one for name, one in values.items() if one is not None})


def brought_in(key: str = "dog-registration") -> Procedure:
    """A delivered procedure in the database."""
    deliver_procedure(by=SYSTEM, delivered=delivered(key), clock=CLOCK)
    return Procedure.objects.get(key=key)


def town_hall() -> dict[str, Section]:
    """A small town hall: a section with two units, and a board of education."""
    with unaudited_writes("arrangement of a test"):
        mayor = Authority.objects.create(code="mayor", name="町長", head_title="町長")
        board = Authority.objects.create(code="education", name="教育委員会", head_title="教育長")
        made = {}
        for code, name, kind, parent, authority, duties in (
            ("160", "生活環境課", SectionKind.SECTION, None, mayor, ""),
            ("161", "環境くらし班", SectionKind.UNIT, "160", mayor, "ごみ、環境保全"),
            ("130", "戸籍税務課", SectionKind.SECTION, None, mayor, ""),
            ("131", "戸籍窓口班", SectionKind.UNIT, "130", mayor, "戸籍、住民基本台帳"),
            ("401", "学校教育班", SectionKind.UNIT, None, board, "小・中学校"),
        ):
            made[code] = Section.objects.create(
                code=code,
                name=name,
                kind=kind,
                parent=made.get(parent or ""),
                authority=authority,
                duties=duties,
                starts_on=date(2020, 4, 1),
            )
    return made
