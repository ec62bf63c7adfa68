"""Every look-up in the register is logged, and only staff may look."""

from collections.abc import Iterator
from datetime import date

import pytest

from yakuba.kernel.access.api import VISITOR, NotAllowed, Person, PersonKind, Role, system_person
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent, AuditSubject
from yakuba.kernel.parameters.api import forget_installation
from yakuba.kernel.parameters.models import Installation
from yakuba.kernel.people import queries
from yakuba.kernel.people.api import Found, Question, RegisterUnavailable, Resident, find_residents, read_resident
from yakuba.kernel.people.checkups import register as look_at_register
from yakuba.kernel.people.register.registry import register_in_use
from yakuba.kernel.people.register.vendors.none import NoRegister
from yakuba.kernel.people.register.vendors.sample import SampleRegister
from yakuba.kernel.things.api import Level
from yakuba.kernel.values.api import SystemClock

pytestmark = pytest.mark.django_db

CLERK = Person(id="clerk0000000000a", name="担当", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.CLERK}))


def somebody(number: str) -> Resident:
    return Resident(
        number=number,
        name="見本　花子",
        reading="ミホン　ハナコ",
        born_on=date(1980, 5, 1),
        sex="女",
        became_resident_on=date(1980, 5, 1),
        relationship="世帯主",
        is_head=True,
    )


class StrictRegister(NoRegister):
    """Answers from the residents it was given; anything it was not told to expect is an error."""

    def __init__(self, *residents: Resident) -> None:
        self._residents = residents
        self.asked: list[Question | str] = []

    def find(self, question: Question) -> Found:  # type: ignore[override]
        self.asked.append(question)
        return Found(self._residents)

    def by_number(self, number: str) -> Resident | None:  # type: ignore[override]
        self.asked.append(number)
        return next((one for one in self._residents if one.number == number), None)


@pytest.fixture(autouse=True)
def fresh_installation() -> Iterator[None]:
    forget_installation()
    yield
    forget_installation()


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> StrictRegister:
    strict = StrictRegister(*(somebody(f"M{place:07d}") for place in range(1, 4)))
    monkeypatch.setattr(queries, "register_in_use", lambda: strict)
    return strict


def test_who_was_found_is_logged_by_number_not_by_name(register: StrictRegister) -> None:
    assert len(find_residents(by=CLERK, question=Question(name="見本")).residents) == 3
    (event,) = AuditEvent.objects.all()
    assert (event.kind, event.verb, event.actor, event.count) == ("view", "people.find_residents", CLERK.id, 3)
    assert set(AuditSubject.objects.values_list("ref", flat=True)) == {f"people.register:M000000{n}" for n in (1, 2, 3)}
    assert "見本" not in repr(event.subjects) + event.digest


def test_reading_one_resident_is_logged_and_finding_nobody_is_not(register: StrictRegister) -> None:
    assert read_resident(by=CLERK, number="M0000002") is not None
    assert read_resident(by=CLERK, number="M0000009") is None
    (event,) = AuditEvent.objects.all()
    assert (event.verb, event.subjects) == ("people.read_resident", ["people.register:M0000002"])


@pytest.mark.parametrize(
    "person",
    [
        VISITOR,
        system_person("jobs"),
        Person(id="resident00000000", name="町民", kind=PersonKind.RESIDENT),
        Person(id="adviser000000000", name="助言者", kind=PersonKind.OUTSIDE, roles=frozenset({Role.ADVISER})),
    ],
    ids=lambda person: person.kind.value,
)
def test_only_staff_may_ask(register: StrictRegister, person: Person) -> None:
    with pytest.raises(NotAllowed):
        find_residents(by=person, question=Question(name="見本"))
    with pytest.raises(NotAllowed):
        read_resident(by=person, number="M0000001")
    assert register.asked == []


def test_a_town_without_a_register_says_so() -> None:
    assert isinstance(register_in_use(), NoRegister)
    with pytest.raises(RegisterUnavailable, match="つながっていない"):
        find_residents(by=CLERK, question=Question(name="見本"))
    assert [finding.level for finding in look_at_register()] == [Level.NOT_CONFIGURED]


@pytest.mark.parametrize("is_sample", [True, False])
def test_only_a_sample_town_asks_the_sample_register(is_sample: bool) -> None:
    with unaudited_writes("arrangement of the test"):
        Installation.objects.create(is_sample=is_sample, made_at=SystemClock().now())
    assert isinstance(register_in_use(), SampleRegister) is is_sample


def test_the_doctor_calls_a_sample_town_without_its_register_broken(settings, tmp_path) -> None:
    settings.YAKUBA_HOME = tmp_path
    with unaudited_writes("arrangement of the test"):
        Installation.objects.create(is_sample=True, made_at=SystemClock().now())
    (finding,) = look_at_register()
    assert finding.level is Level.BROKEN
    assert "sample leave" in finding.todo
