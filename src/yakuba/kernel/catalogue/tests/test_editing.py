"""Clerks of the owning section describe their procedures; two at once lose nothing."""

from __future__ import annotations

from datetime import date

import pytest

from yakuba.kernel.access.api import NotAllowed, NotVisible, Role
from yakuba.kernel.access.person import VISITOR
from yakuba.kernel.audit.api import history_of, unaudited_writes
from yakuba.kernel.catalogue import services
from yakuba.kernel.catalogue.access import get_for, may_edit, visible_to
from yakuba.kernel.catalogue.models import Procedure, Source
from yakuba.kernel.catalogue.queries.procedures import places_of
from yakuba.kernel.catalogue.rules.content import ContentRefused
from yakuba.kernel.catalogue.services import ChangedMeanwhile
from yakuba.kernel.catalogue.tests.arranged import (
    AUDITOR,
    CLOCK,
    SECRETARY,
    TODAY,
    brought_in,
    content,
    staff,
    town_hall,
)
from yakuba.kernel.organisation.models import Section, SectionSuccession, SuccessionKind
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_clerk_of_the_section_and_the_head_above_it_may_edit_others_may_not() -> None:
    sections = town_hall()
    dog = brought_in()
    clerk = staff("担当", Role.CLERK, sections=(sections["161"],))
    head = staff("課長", Role.SECTION_HEAD, sections=(sections["160"],))
    stranger = staff("他課", Role.CLERK, sections=(sections["131"],))
    assert [may_edit(one, dog, TODAY) for one in (clerk, head, SECRETARY, stranger, AUDITOR, VISITOR)] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
    with pytest.raises(NotAllowed, match="環境くらし班"):
        services.edit_procedure(
            by=stranger, procedure=dog, seen_edition=1, parts={"standard_days": 1}, note="", clock=CLOCK
        )


def test_when_the_section_is_renamed_its_successor_keeps_the_procedure() -> None:
    sections = town_hall()
    dog = brought_in()
    before = sections["161"]
    with unaudited_writes("arrangement of a test"):
        after = Section.objects.create(
            code="165", name="環境共生班", kind="unit", parent=sections["160"], authority=before.authority,
            starts_on=date(2026, 10, 1),
        )  # fmt: skip
        before.ends_on = date(2026, 10, 1)
        before.save()
        SectionSuccession.objects.create(before=before, after=after, kind=SuccessionKind.RENAMED, on=date(2026, 10, 1))
    clerk = staff("担当", Role.CLERK, sections=(after,))
    dog = Procedure.objects.select_related("section__parent").get(pk=dog.pk)
    assert may_edit(clerk, dog, TODAY)
    assert places_of([dog], TODAY)[dog.pk].name == "環境共生班"


def test_an_edit_makes_a_new_edition_and_is_audited() -> None:
    dog = brought_in()
    changed = services.edit_procedure(
        by=SECRETARY, procedure=dog, seen_edition=1, parts={"standard_days": 5}, note="規則改正", clock=CLOCK
    )
    assert (changed.edition, changed.standard_days, changed.acted_name) == (2, 5, SECRETARY.name)
    newest = changed.editions.first()
    assert newest is not None
    assert (newest.number, newest.source, newest.note) == (2, Source.CLERK, "規則改正")
    assert "catalogue.edit_procedure" in [event.verb for event in history_of(ref_of(changed))]


def test_two_clerks_who_write_the_same_part_both_see_both() -> None:
    dog = brought_in()
    services.edit_procedure(
        by=SECRETARY, procedure=dog, seen_edition=1, parts={"standard_days": 5}, note="", clock=CLOCK
    )
    with pytest.raises(ChangedMeanwhile, match="事務局 花子") as refused:
        services.edit_procedure(
            by=SECRETARY, procedure=dog, seen_edition=1, parts={"standard_days": 8}, note="", clock=CLOCK
        )
    assert [(one.ours, one.theirs) for one in refused.value.between] == [("5", "8")]
    assert Procedure.objects.get().standard_days == 5


def test_two_clerks_who_write_different_parts_do_not_get_in_each_others_way() -> None:
    dog = brought_in()
    services.edit_procedure(
        by=SECRETARY, procedure=dog, seen_edition=1, parts={"standard_days": 5}, note="", clock=CLOCK
    )
    services.edit_procedure(
        by=SECRETARY, procedure=dog, seen_edition=1, parts={"retention_years": 9}, note="", clock=CLOCK
    )
    kept = Procedure.objects.get()
    assert (kept.standard_days, kept.retention_years, kept.edition) == (5, 9, 3)


def test_a_part_can_be_taken_away_and_is_then_missing() -> None:
    dog = brought_in()
    changed = services.edit_procedure(
        by=SECRETARY, procedure=dog, seen_edition=1, parts={"fee": None}, note="", clock=CLOCK
    )
    assert "absent:fee" in changed.missing


def test_key_and_number_stay_because_posters_point_at_them() -> None:
    dog = brought_in()
    with pytest.raises(ContentRefused, match="変えられません"):
        services.edit_procedure(by=SECRETARY, procedure=dog, seen_edition=1, parts={"number": 3}, note="", clock=CLOCK)


def test_wrong_parts_and_no_change_are_refused() -> None:
    dog = brought_in()
    with pytest.raises(ContentRefused):
        services.edit_procedure(
            by=SECRETARY, procedure=dog, seen_edition=1, parts={"standard_days": -4}, note="", clock=CLOCK
        )
    with pytest.raises(Refusal, match="変えたところがありません"):
        services.edit_procedure(
            by=SECRETARY, procedure=dog, seen_edition=1, parts={"standard_days": 7}, note="", clock=CLOCK
        )
    assert Procedure.objects.get().edition == 1


def test_the_town_adds_procedures_of_its_own() -> None:
    values = content().to_dict() | {"key": "snow-help", "title": {"ja": "雪かきの手伝い"}}
    own = services.add_procedure(by=SECRETARY, values=values, note="", clock=CLOCK)
    assert (own.number, own.title_ja) == (1000, "雪かきの手伝い")
    with pytest.raises(ContentRefused, match="もうあります"):
        services.add_procedure(by=SECRETARY, values=values, note="", clock=CLOCK)


def test_the_section_in_charge_is_changed_by_hand_and_deliveries_leave_it() -> None:
    sections = town_hall()
    dog = brought_in()
    services.assign_section(by=SECRETARY, procedure=dog, section=sections["131"], seen_edition=1, clock=CLOCK)
    assert brought_in().section == sections["131"]


def test_the_public_sees_what_is_shown_and_nothing_else() -> None:
    dog = brought_in()
    services.show_procedure(by=SECRETARY, procedure=dog, is_shown=False, clock=CLOCK)
    assert not visible_to(VISITOR, Procedure).exists()
    with pytest.raises(NotVisible):
        get_for(VISITOR, Procedure, key=dog.key)
    assert get_for(SECRETARY, Procedure, key=dog.key) == dog
