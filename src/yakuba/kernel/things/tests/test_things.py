"""Pointing at anything, and nothing leaks through a pointer."""

from __future__ import annotations

import pytest

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.organisation.models import OutsideOrganisation
from yakuba.kernel.things import refs
from yakuba.kernel.things.api import Ref, describe, load, ref_of, show
from yakuba.kernel.things.models import ALPHABET, new_public_id

STAFF = Person(id="s" * 16, name="見本", kind=PersonKind.STAFF)
RESIDENT = Person(id="r" * 16, name="見本", kind=PersonKind.RESIDENT)


def test_an_address_is_written_and_read_back() -> None:
    ref = Ref("plan.initiative", "abc:def")
    assert Ref.parse(str(ref)) == ref


@pytest.mark.parametrize("broken", ["", "plan", "plan:", ":abc"])
def test_what_is_no_address_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match="not a reference"):
        Ref.parse(broken)


def test_public_ids_can_be_read_out_and_do_not_repeat() -> None:
    made = {new_public_id() for _ in range(2000)}
    assert len(made) == 2000
    assert all(len(one) == 16 and set(one) <= set(ALPHABET) for one in made)
    assert not set("ilou") & set(ALPHABET)


@pytest.mark.django_db
def test_a_thing_is_shown_only_to_whom_its_gate_lets_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refs, "_by_kind", {})
    monkeypatch.setattr(refs, "_by_model", {})
    describe(
        kind="tests.partner",
        label="団体",
        model=OutsideOrganisation,
        title=lambda one: one.name,
        url=lambda one: f"/office/{one.public_id}/",
        gate=lambda person, one: person.kind is PersonKind.STAFF,
    )
    with unaudited_writes("test"):
        made = OutsideOrganisation.objects.create(name="見本の会", kind="partner", starts_on="2026-04-01")
    ref = ref_of(made)
    assert ref.kind == "tests.partner" and load(ref) == made
    shown = show(ref, to=STAFF)
    assert shown is not None and shown.title == "見本の会"
    assert show(ref, to=RESIDENT) is None
    assert show(Ref("tests.partner", "0" * 16), to=STAFF) is None
    assert show(Ref("tests.unknown", made.public_id), to=STAFF) is None
    with pytest.raises(ValueError, match="described twice"):
        describe(kind="tests.partner", label="", model=type(made).__base__, title=str, url=str, gate=lambda p, o: True)
