"""Bringing the delivered catalogue in: again and again, never over what clerks wrote."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from yakuba.kernel.access.api import NotAllowed, Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.catalogue import services
from yakuba.kernel.catalogue.models import Channel, CountingEntry, Procedure, ProcedureEdition
from yakuba.kernel.catalogue.queries.delivery import delivered_catalogue
from yakuba.kernel.catalogue.rules.content import ContentRefused
from yakuba.kernel.catalogue.rules.delivery import DeliveredProcedure, Delivery
from yakuba.kernel.catalogue.rules.kinds import ChannelKind
from yakuba.kernel.catalogue.services.deliver import Outcome
from yakuba.kernel.catalogue.tests.arranged import (
    AUDITOR,
    CLOCK,
    SECRETARY,
    SYSTEM,
    brought_in,
    content,
    delivered,
    staff,
    town_hall,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def with_days(days: int) -> DeliveredProcedure:
    """A newer delivery of the dog's registration."""
    return DeliveredProcedure(content(standard_days=days), (ChannelKind.COUNTER,), (ChannelKind.YAKUBA_FORM,))


def test_the_whole_catalogue_comes_in_and_the_second_time_nothing_changes() -> None:
    town_hall()
    first = services.deliver(by=SYSTEM, delivery=delivered_catalogue(), clock=CLOCK)
    assert {one.outcome for one in first} == {Outcome.NEW}
    assert Procedure.objects.count() == len(delivered_catalogue().procedures)
    before = list(Procedure.objects.values_list("key", "edition").order_by("key"))
    second = services.deliver(by=SYSTEM, delivery=delivered_catalogue(), clock=CLOCK)
    assert {one.outcome for one in second} == {Outcome.SAME}
    assert list(Procedure.objects.values_list("key", "edition").order_by("key")) == before


def test_nothing_that_comes_in_is_online() -> None:
    services.deliver(by=SYSTEM, delivery=delivered_catalogue(), clock=CLOCK)
    assert Channel.objects.filter(live_since__isnull=False).count() == 0
    assert CountingEntry.objects.count() == 0


def test_sections_and_authorities_are_found_in_the_towns_own_organisation() -> None:
    town_hall()
    dog, moving, aid = brought_in(), brought_in("moving-in"), brought_in("school-aid")
    assert (dog.section.name, moving.section.name, aid.section.name) == ("環境くらし班", "戸籍窓口班", "学校教育班")  # type: ignore[union-attr]
    assert aid.authority is not None
    assert aid.authority.code == "education"


def test_a_section_that_is_founded_later_is_found_the_next_time() -> None:
    assert brought_in().section is None
    town_hall()
    assert brought_in().section is not None


def test_a_newer_delivery_updates_what_the_town_left_alone() -> None:
    brought_in()
    outcome = services.deliver_procedure(by=SYSTEM, delivered=with_days(9), clock=CLOCK)
    assert outcome.outcome is Outcome.UPDATED
    assert Procedure.objects.get().standard_days == 9


def test_a_newer_delivery_never_overwrites_a_clerk_and_shows_the_difference() -> None:
    dog = brought_in()
    services.edit_procedure(
        by=SECRETARY, procedure=dog, seen_edition=1, parts={"standard_days": 5}, note="規則に合わせた", clock=CLOCK
    )
    outcome = services.deliver_procedure(by=SYSTEM, delivered=with_days(9), clock=CLOCK)
    assert outcome.outcome is Outcome.KEPT
    assert [(one.label, one.ours, one.theirs) for one in outcome.differences] == [("標準処理期間（営業日）", "5", "9")]
    kept = Procedure.objects.get()
    assert (kept.standard_days, kept.offered is not None) == (5, True)
    again = services.deliver_procedure(by=SYSTEM, delivered=with_days(9), clock=CLOCK)
    assert again.outcome is Outcome.KEPT


def test_a_clerk_takes_the_delivery_over_or_leaves_it() -> None:
    dog = brought_in()
    services.edit_procedure(
        by=SECRETARY, procedure=dog, seen_edition=1, parts={"standard_days": 5}, note="", clock=CLOCK
    )
    services.deliver_procedure(by=SYSTEM, delivered=with_days(9), clock=CLOCK)
    kept = Procedure.objects.get()
    taken = services.accept_offer(by=SECRETARY, procedure=kept, seen_edition=kept.edition, clock=CLOCK)
    assert (taken.standard_days, taken.offered) == (9, None)
    services.deliver_procedure(by=SYSTEM, delivered=with_days(9), clock=CLOCK)
    assert Procedure.objects.get().offered is None


def test_a_declined_delivery_is_not_offered_again() -> None:
    dog = brought_in()
    services.edit_procedure(
        by=SECRETARY, procedure=dog, seen_edition=1, parts={"standard_days": 5}, note="", clock=CLOCK
    )
    services.deliver_procedure(by=SYSTEM, delivered=with_days(9), clock=CLOCK)
    services.decline_offer(by=SECRETARY, procedure=Procedure.objects.get(), clock=CLOCK)
    assert services.deliver_procedure(by=SYSTEM, delivered=with_days(9), clock=CLOCK).outcome is Outcome.SAME
    assert Procedure.objects.get().standard_days == 5


def test_channels_a_clerk_closed_do_not_come_back() -> None:
    dog = brought_in()
    counter = dog.channels.get(kind=ChannelKind.COUNTER)
    services.close_channel(by=SECRETARY, channel=counter, on=CLOCK.today(), reason="委託した", clock=CLOCK)
    brought_in()
    assert dog.channels.filter(kind=ChannelKind.COUNTER, closed_on__isnull=True).count() == 0


def test_a_number_the_town_gave_away_is_not_taken_from_it() -> None:
    values = content().to_dict() | {"key": "town-own"}
    own = services.add_procedure(by=SECRETARY, values=values, note="", clock=CLOCK)
    assert own.number >= 1000
    with unaudited_writes("arrangement of a test"):
        Procedure.objects.filter(pk=own.pk).update(number=delivered("dog-registration").content.number)
    assert brought_in().number >= 1000


def test_faulty_files_bring_in_nothing() -> None:
    broken = Delivery(procedures=[delivered("dog-registration")], faults=list(_one_fault()))
    with pytest.raises(ContentRefused):
        services.deliver(by=SYSTEM, delivery=broken, clock=CLOCK)
    assert not Procedure.objects.exists()


def _one_fault() -> list[object]:
    from yakuba.kernel.catalogue.rules.content import Fault

    return [Fault("tax.toml", "key", "二つあります。")]


def test_only_the_secretariat_and_the_system_bring_data_in() -> None:
    for person in (staff("担当", Role.CLERK), AUDITOR):
        with pytest.raises(NotAllowed):
            services.deliver_procedure(by=person, delivered=delivered("dog-registration"), clock=CLOCK)


def test_editions_can_neither_be_changed_nor_deleted() -> None:
    brought_in()
    with unaudited_writes("test"):
        with pytest.raises(DatabaseError), transaction.atomic():
            ProcedureEdition.objects.update(note="なかったことに")
        with pytest.raises(DatabaseError), transaction.atomic():
            ProcedureEdition.objects.all()._raw_delete("default")
