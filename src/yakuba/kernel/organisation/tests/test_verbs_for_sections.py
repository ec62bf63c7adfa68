"""Sections are renamed, moved, merged, split and closed, and their past stays as it was."""

from __future__ import annotations

from datetime import date

import pytest

from yakuba.kernel.access.api import NotAllowed
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent, AuditSubject
from yakuba.kernel.organisation import services as verbs
from yakuba.kernel.organisation.models import Posting, Section, SectionSuccession, Staff
from yakuba.kernel.organisation.queries import head_of, members_of, sections_on, successors_on
from yakuba.kernel.organisation.tests.town_hall import APRIL, CLERK, FOUNDED, LAST_OF_MARCH, PERSONNEL, SYSTEM
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Refusal

pytestmark = pytest.mark.django_db


def names_on(day: date) -> set[str]:
    return {section.name for section in sections_on(day)}


def people_in(section: Section, day: date) -> set[str]:
    return {posting.staff.name for posting in members_of(section, day)}


def test_a_renamed_section_keeps_its_past_and_carries_people_and_units_on(hall):
    after = verbs.rename_section(by=PERSONNEL, section=hall.section("総務課"), name="総務企画課", on=APRIL)

    assert "総務課" in names_on(LAST_OF_MARCH)
    assert "総務企画課" not in names_on(LAST_OF_MARCH)
    assert names_on(APRIL) >= {"総務企画課", "行政管理班"}
    assert "総務課" not in names_on(APRIL)
    assert people_in(hall.section("総務課"), LAST_OF_MARCH) == people_in(after, APRIL) == {"総務 課長", "総務 主査"}
    unit = sections_on(APRIL).get(name="行政管理班")
    assert unit.parent == after
    assert people_in(unit, APRIL) == {"行政 班長", "行政 主事"}
    assert hall.section("行政管理班").parent == hall.section("総務課"), "the past tree stays whole"
    assert successors_on([hall.sections["総務課"].pk], APRIL) == {hall.sections["総務課"].pk: [after.pk]}
    assert SectionSuccession.objects.get(before=hall.sections["総務課"]).kind == "renamed"


def test_a_section_that_was_renamed_in_advance_cannot_be_renamed_a_second_time_underneath(hall):
    verbs.rename_section(by=PERSONNEL, section=hall.section("総務課"), name="総務企画課", on=APRIL)
    with pytest.raises(Refusal, match="すでに「総務企画課」への改称"):
        verbs.rename_section(by=PERSONNEL, section=hall.section("総務課"), name="企画課", on=date(2027, 3, 20))


def test_two_sections_merge_into_a_new_one_that_may_keep_a_code(hall):
    after = verbs.merge_sections(
        by=PERSONNEL,
        sections=[hall.section("総務課"), hall.section("財政課")],
        into=verbs.NewSection(code="01", name="総務財政課", kind="section", authority=hall.mayor),
        on=APRIL,
    )
    assert after.code == "01"
    assert people_in(after, APRIL) == {"総務 課長", "総務 主査", "財政 課長", "財政 主事"}
    assert names_on(APRIL) == {"総務財政課", "行政管理班", "産業課", "教育課"}
    assert successors_on([hall.sections["財政課"].pk], APRIL) == {hall.sections["財政課"].pk: [after.pk]}


def test_a_section_may_merge_into_one_that_exists_and_nobody_is_posted_twice(hall):
    concurrent = verbs.post_staff(
        by=PERSONNEL,
        staff=hall.staff["財政 主事"],
        section=hall.sections["総務課"],
        post=hall.posts["主事"],
        starts_on=date(2026, 4, 1),
    )
    verbs.merge_sections(by=PERSONNEL, sections=[hall.section("財政課")], into=hall.section("総務課"), on=APRIL)
    concurrent.refresh_from_db()
    assert concurrent.ends_on == APRIL
    held = Posting.objects.filter(staff=hall.staff["財政 主事"], ends_on=None)
    assert [(posting.section.name, posting.is_main) for posting in held] == [("総務課", True)]


def test_a_split_sends_everybody_where_they_are_told_and_nobody_nowhere(hall):
    section = hall.section("総務課")
    successors = [
        verbs.NewSection(code="01", name="総務課", kind="section", authority=hall.mayor),
        verbs.NewSection(code="04", name="企画課", kind="section", authority=hall.mayor),
    ]
    postings = {posting.staff.name: posting.public_id for posting in members_of(section, LAST_OF_MARCH)}
    goes = {postings["総務 課長"]: 0, postings["総務 主査"]: 1}
    with pytest.raises(Refusal, match="行き先が決まっていない職員または班・係が1件"):
        verbs.split_section(by=PERSONNEL, section=section, successors=successors, goes=goes, on=APRIL)
    assert names_on(APRIL) == {"総務課", "行政管理班", "財政課", "産業課", "教育課"}, "a refusal leaves no trace"

    goes[hall.sections["行政管理班"].public_id] = 1
    first, second = verbs.split_section(by=PERSONNEL, section=section, successors=successors, goes=goes, on=APRIL)
    assert people_in(first, APRIL) == {"総務 課長"}
    assert people_in(second, APRIL) == {"総務 主査"}
    assert sections_on(APRIL).get(name="行政管理班").parent == second
    assert successors_on([section.pk], APRIL)[section.pk] == [first.pk, second.pk]


def test_a_section_moves_to_another_authority_with_its_units(hall):
    after = verbs.move_section(
        by=PERSONNEL, section=hall.section("産業課"), parent=None, authority=hall.education, on=APRIL
    )
    assert after.authority == hall.education
    assert hall.section("産業課").authority == hall.mayor
    assert people_in(after, APRIL) == {"産業 課長"}


def test_a_section_cannot_move_below_itself(hall):
    with pytest.raises(Refusal, match="元の所属に戻って"):
        verbs.move_section(
            by=PERSONNEL,
            section=hall.section("総務課"),
            parent=hall.section("行政管理班"),
            authority=hall.mayor,
            on=APRIL,
        )


def test_a_section_with_people_or_units_is_not_closed(hall):
    with pytest.raises(Refusal, match="行政管理班"):
        verbs.close_section(by=PERSONNEL, section=hall.section("総務課"), last_day=LAST_OF_MARCH)
    with pytest.raises(Refusal, match="財政 課長"):
        verbs.close_section(by=PERSONNEL, section=hall.section("財政課"), last_day=LAST_OF_MARCH)


def test_a_section_is_closed_once_everybody_has_gone(hall):
    verbs.transfer_staff(
        by=PERSONNEL,
        staff=hall.staff["産業 課長"],
        section=hall.sections["財政課"],
        post=hall.posts["主査"],
        on=APRIL,
    )
    verbs.close_section(by=PERSONNEL, section=hall.section("産業課"), last_day=LAST_OF_MARCH)
    assert "産業課" in names_on(LAST_OF_MARCH)
    assert "産業課" not in names_on(APRIL)
    assert successors_on([hall.sections["産業課"].pk], APRIL) == {hall.sections["産業課"].pk: []}


def test_the_head_of_a_unit_without_head_is_the_head_above(hall):
    assert head_of(hall.section("行政管理班"), APRIL) == hall.staff["総務 課長"]


def test_only_those_who_keep_the_records_change_sections(hall):
    with pytest.raises(NotAllowed, match="人事担当"):
        verbs.rename_section(by=CLERK, section=hall.section("総務課"), name="総務企画課", on=APRIL)
    assert not AuditEvent.objects.filter(actor=CLERK.id).exists()


def test_a_correction_writes_no_history_and_refuses_an_old_form(hall):
    section = hall.section("財政課")
    values = {"name": "財務課", "kind": "section", "authority": hall.mayor, "parent": None, "starts_on": FOUNDED}
    verbs.correct_section(by=PERSONNEL, section=section, version=section.version, **values)
    assert hall.section("財政課").name == "財務課"
    assert not SectionSuccession.objects.exists()
    with pytest.raises(Refusal, match="ほかの人が変更"):
        verbs.correct_section(by=PERSONNEL, section=section, version=section.version, **values)


def test_every_verb_leaves_one_event_that_names_the_section(hall):
    section = hall.section("総務課")
    before = AuditEvent.objects.count()
    after = verbs.rename_section(by=PERSONNEL, section=section, name="総務企画課", on=APRIL)
    assert AuditEvent.objects.count() == before + 1
    event = AuditEvent.objects.order_by("-id")[0]
    assert (event.verb, event.actor) == ("organisation.rename_section", PERSONNEL.id)
    named = set(AuditSubject.objects.filter(event=event).values_list("ref", flat=True))
    assert {str(ref_of(section)), str(ref_of(after))} <= named


def test_a_code_stands_for_one_section_at_a_time(hall):
    with pytest.raises(Refusal, match="所属コード「01」"):
        verbs.found_section(by=SYSTEM, code="01", name="別の課", kind="section", authority=hall.mayor, starts_on=APRIL)


def test_a_large_section_is_merged_within_the_time_a_transaction_may_take(hall):
    section, post = hall.sections["財政課"], hall.posts["主事"]
    with unaudited_writes("test"):
        people = Staff.objects.bulk_create(
            Staff(number=f"B{number}", name=f"職員 {number}", employment="regular", joined_on=FOUNDED)
            for number in range(60)
        )
        Posting.objects.bulk_create(
            Posting(staff=staff, section=section, post=post, starts_on=FOUNDED) for staff in people
        )
    after = verbs.merge_sections(by=PERSONNEL, sections=[hall.section("財政課")], into=hall.section("総務課"), on=APRIL)
    assert members_of(after, APRIL).count() == 64
