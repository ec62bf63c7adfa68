"""What the tests of the plan board start from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from yakuba.kernel.access.api import Person, PersonKind, Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.kpi.models import Snapshot
from yakuba.kernel.values.api import FixedClock

PLANS = Path(__file__).parents[4] / "data" / "plans"
TODAY = date(2026, 11, 23)


def staff(name: str, *roles: Role) -> Person:
    """A person with a seat in the office."""
    return Person(
        id=f"test-{name}",
        name=name,
        kind=PersonKind.STAFF,
        roles=frozenset({Role.STAFF, *roles}),
        title="主査",
        section="行政管理班",
    )


SECRETARY = staff("事務局 花子", Role.SECRETARIAT)
HEAD = staff("課長 太郎", Role.SECTION_HEAD)
CLERK = staff("担当 次郎", Role.CLERK)
ADVISER = Person(id="test-adviser", name="助言 三郎", kind=PersonKind.OUTSIDE, roles=frozenset({Role.ADVISER}))
AUDITOR = staff("監査 四郎", Role.AUDITOR)
CLOCK = FixedClock(TODAY)


def plan_text(name: str = "aizubange") -> str:
    """A delivered plan file."""
    return (PLANS / f"{name}.toml").read_text(encoding="utf-8")


def measured(measure_id: str, *points: tuple[date, int | float | str], sample: bool = False) -> None:
    """Values of a measure as if the system had kept them day by day."""
    with unaudited_writes("arrangement of a test"):
        for day, value in points:
            Snapshot.objects.create(
                measure_id=measure_id,
                on=day,
                value=Decimal(str(value)),
                source=Snapshot.Source.SYSTEM,
                is_sample=sample,
                taken_at=CLOCK.now(),
            )
