"""People for tests of people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from yakuba.kernel.access.api import Person, PersonKind, Role
from yakuba.kernel.people.models import Protection
from yakuba.kernel.people.rules.profiles import NoticePreference, ProfileEntry
from yakuba.kernel.people.rules.protections import Ground
from yakuba.kernel.people.services.protect import protect
from yakuba.kernel.values.api import FixedClock

TODAY = date(2026, 11, 23)
CLOCK = FixedClock(TODAY)
HANAKO = Person(id="hanako0000000000", name="花子", kind=PersonKind.RESIDENT)
TARO = Person(id="taro000000000000", name="太郎", kind=PersonKind.RESIDENT)
CLERK = Person(id="clerk00000000000", name="担当", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.CLERK}))
KEEPER = Person(
    id="keeper0000000000",
    name="窓口",
    kind=PersonKind.STAFF,
    roles=frozenset({Role.STAFF, Role.CLERK, Role.PROTECTION}),
)
IT = Person(id="it00000000000000", name="情シス", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.IT}))
SECRETARIAT = Person(
    id="secretariat00000", name="事務局", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.SECRETARIAT})
)
AUDITOR = Person(id="auditor000000000", name="監査", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.AUDITOR}))

ENTRY = ProfileEntry(
    family_name="渡邉\U000e0100",
    given_name="花子",
    family_reading="わたなべ",
    given_reading="ﾊﾅｺ",
    born_on=date(1980, 5, 1),
    postal_code="〒969-6547",
    prefecture="福島県",
    city="河沼郡会津坂下町",
    street="字見本1番地",
    building="見本荘101号",
    district="塔寺",
    phone="0242841503",
    preference=NoticePreference.MAIL,
    language="ja",
)


def entry(**changed: Any) -> ProfileEntry:
    return replace(ENTRY, **changed)


def protected(**changed: Any) -> Protection:
    """A protection in force on ``TODAY``."""
    given: dict[str, Any] = {
        "name": "渡邉\U000e0100　花子",
        "born_on": date(1980, 5, 1),
        "account": "",
        "number": "",
        "ground": Ground.VIOLENCE,
        "note": "",
        "starts_on": TODAY - timedelta(days=100),
        "last_day": TODAY + timedelta(days=100),
        **changed,
    }
    return protect(by=KEEPER, clock=CLOCK, **given)
