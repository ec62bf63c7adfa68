"""People are hired, moved, appointed and leave; the days decide."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from yakuba.kernel.access.api import NotAllowed, Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.organisation import services as verbs
from yakuba.kernel.organisation.models import Deputy, Posting, RoleGrant, Staff
from yakuba.kernel.organisation.open_work import open_work_of
from yakuba.kernel.organisation.queries import deputies_of, postings_of, roles_of, staff_on
from yakuba.kernel.organisation.tests.town_hall import (
    APRIL,
    AUDITOR,
    CLERK,
    LAST_OF_MARCH,
    PERSONNEL,
    SYSTEM,
    TODAY,
)
from yakuba.kernel.values.api import TOKYO, FixedClock, Refusal

pytestmark = pytest.mark.django_db
CLOCK = FixedClock(TODAY)


def main_posting(staff: Staff, day: date) -> str:
    [posting] = [one for one in postings_of(staff, day) if one.is_main]
    return f"{posting.section.name} {posting.post.title}"


def test_a_transfer_counts_from_its_day_and_leaves_the_past(hall):
    staff = hall.staff["財政 主事"]
    verbs.transfer_staff(by=PERSONNEL, staff=staff, section=hall.sections["産業課"], post=hall.posts["主査"], on=APRIL)
    assert main_posting(staff, LAST_OF_MARCH) == "財政課 主事"
    assert main_posting(staff, APRIL) == "産業課 主査"


def test_somebody_whose_section_is_renamed_on_the_day_may_be_transferred_on_the_same_day(hall):
    verbs.rename_section(by=PERSONNEL, section=hall.section("財政課"), name="財務課", on=APRIL)
    staff = hall.staff["財政 主事"]
    verbs.transfer_staff(by=PERSONNEL, staff=staff, section=hall.sections["産業課"], post=hall.posts["主事"], on=APRIL)
    assert main_posting(staff, LAST_OF_MARCH) == "財政課 主事"
    assert main_posting(staff, APRIL) == "産業課 主事"


def test_a_transfer_to_a_concurrent_section_makes_it_the_main_one(hall):
    staff = hall.staff["財政 主事"]
    verbs.post_staff(
        by=PERSONNEL, staff=staff, section=hall.sections["産業課"], post=hall.posts["主事"], starts_on=TODAY
    )
    assert len(postings_of(staff, LAST_OF_MARCH)) == 2
    verbs.transfer_staff(by=PERSONNEL, staff=staff, section=hall.sections["産業課"], post=hall.posts["主事"], on=APRIL)
    assert [posting.is_main for posting in postings_of(staff, APRIL)] == [True]


def test_a_transfer_that_is_called_off_leaves_everything_as_before(hall):
    staff = hall.staff["財政 主事"]
    posting = verbs.transfer_staff(
        by=PERSONNEL, staff=staff, section=hall.sections["産業課"], post=hall.posts["主査"], on=APRIL
    )
    with pytest.raises(Refusal, match="すでに始まって"):
        verbs.withdraw_posting(by=PERSONNEL, posting=posting, clock=FixedClock(APRIL))
    verbs.withdraw_posting(by=PERSONNEL, posting=posting, clock=CLOCK)
    assert main_posting(staff, APRIL) == "財政課 主事"
    assert Posting.objects.get(staff=staff).ends_on is None


def test_the_database_itself_refuses_two_main_postings_two_first_deputies_and_the_same_posting_twice(hall):
    staff, section, post = hall.staff["財政 主事"], hall.sections["産業課"], hall.posts["主査"]
    others = {"starts_on": TODAY, "ends_on": None}
    first = hall.staff["総務 課長"], hall.staff["産業 課長"]
    with unaudited_writes("test"):
        Deputy.objects.create(staff=staff, deputy=first[0], order=1, **others)
        for refused in (
            lambda: Posting.objects.create(staff=staff, section=section, post=post, is_main=True, **others),
            lambda: Posting.objects.create(
                staff=staff, section=hall.sections["財政課"], post=hall.posts["主事"], is_main=False, **others
            ),
            lambda: Deputy.objects.create(staff=staff, deputy=first[1], order=1, **others),
            lambda: Posting.objects.filter(staff=staff).update(ends_on=date(2019, 1, 1)),
            lambda: RoleGrant.objects.create(staff=staff, role="it", ground="", **others),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                refused()
        Posting.objects.create(staff=staff, section=section, post=post, is_main=False, **others)


def test_a_leaver_is_in_service_to_midnight_and_not_a_moment_longer(hall):
    staff = hall.staff["行政 主事"]
    verbs.record_leaving(by=PERSONNEL, staff=staff, last_day=LAST_OF_MARCH)
    last_moment = FixedClock(datetime(2027, 3, 31, 23, 59, 59, tzinfo=TOKYO)).today()
    first_moment = FixedClock(datetime(2027, 4, 1, 0, 0, 0, tzinfo=TOKYO)).today()
    assert staff in staff_on(last_moment)
    assert staff not in staff_on(first_moment)
    assert postings_of(staff, last_moment)
    assert not postings_of(staff, first_moment)


def test_leaving_ends_postings_roles_and_deputies_and_forgets_what_would_have_begun_later(hall):
    staff = hall.staff["行政 主事"]
    verbs.grant_role(by=PERSONNEL, staff=staff, role=Role.DX_LEADER, starts_on=TODAY, ground="任命書")
    verbs.grant_role(by=PERSONNEL, staff=staff, role=Role.IT, starts_on=APRIL, ground="任命書")
    verbs.appoint_deputy(by=PERSONNEL, staff=hall.staff["行政 班長"], deputy=staff, order=1, starts_on=TODAY)
    verbs.record_leaving(by=PERSONNEL, staff=staff, last_day=LAST_OF_MARCH)
    assert [(grant.role, grant.ends_on) for grant in RoleGrant.objects.filter(staff=staff)] == [("dx_leader", APRIL)]
    assert deputies_of(hall.staff["行政 班長"], LAST_OF_MARCH)
    assert not deputies_of(hall.staff["行政 班長"], APRIL)


def test_a_leaving_can_be_taken_back_until_its_day(hall):
    staff = hall.staff["行政 主事"]
    verbs.record_leaving(by=PERSONNEL, staff=staff, last_day=LAST_OF_MARCH)
    with pytest.raises(Refusal, match="すでに在職していません"):
        verbs.withdraw_leaving(by=PERSONNEL, staff=staff, clock=FixedClock(APRIL))
    verbs.withdraw_leaving(by=PERSONNEL, staff=staff, clock=CLOCK)
    assert main_posting(staff, APRIL) == "行政管理班 主事"


def test_the_last_keeper_of_the_records_cannot_leave_or_lose_the_role(hall):
    keeper = hall.staff["総務 主査"]
    with pytest.raises(Refusal, match="だれもいなくなります"):
        verbs.record_leaving(by=SYSTEM, staff=keeper, last_day=LAST_OF_MARCH)
    grant = RoleGrant.objects.get(staff=keeper)
    with pytest.raises(Refusal, match="だれもいなくなります"):
        verbs.end_role(by=SYSTEM, grant=grant, last_day=LAST_OF_MARCH, clock=CLOCK)
    verbs.grant_role(by=SYSTEM, staff=hall.staff["行政 班長"], role=Role.IT, starts_on=TODAY, ground="任命書")
    verbs.record_leaving(by=SYSTEM, staff=keeper, last_day=LAST_OF_MARCH)
    assert hall.person("総務 主査").leaves_on == APRIL


def test_fiscal_year_staff_are_hired_to_the_end_of_the_year_and_renewed_year_by_year(hall):
    values = {
        "number": "9001",
        "name": "任用 一子",
        "employment": "fiscal_year",
        "section": hall.sections["産業課"],
        "post": hall.posts["主事"],
    }
    with pytest.raises(Refusal, match="任期の末日が必要"):
        verbs.hire_staff(by=PERSONNEL, joined_on=APRIL, **values)
    staff = verbs.hire_staff(by=PERSONNEL, joined_on=APRIL, leaves_on=date(2028, 4, 1), **values)
    assert staff not in staff_on(date(2028, 4, 1))
    with pytest.raises(Refusal, match="令和10年度の末日"):
        verbs.renew_term(by=PERSONNEL, staff=staff, last_day=date(2030, 3, 31))
    verbs.renew_term(by=PERSONNEL, staff=staff, last_day=date(2029, 3, 31))
    assert main_posting(staff, date(2028, 4, 1)) == "産業課 主事"
    assert Posting.objects.filter(staff=staff).count() == 2, "each term is a posting of its own"


def test_a_renewed_term_follows_a_section_that_was_renamed_and_may_be_in_another(hall):
    def hired(number: str) -> Staff:
        return verbs.hire_staff(
            by=PERSONNEL,
            number=number,
            name="任用 一子",
            employment="fiscal_year",
            joined_on=date(2026, 4, 1),
            leaves_on=APRIL,
            section=hall.sections["産業課"],
            post=hall.posts["主事"],
        )

    first, second = hired("9001"), hired("9002")
    verbs.rename_section(by=PERSONNEL, section=hall.section("産業課"), name="産業振興課", on=APRIL)
    verbs.renew_term(by=PERSONNEL, staff=first, last_day=date(2028, 3, 31))
    verbs.renew_term(by=PERSONNEL, staff=second, last_day=date(2028, 3, 31), section=hall.sections["財政課"])
    assert main_posting(first, LAST_OF_MARCH) == "産業課 主事"
    assert main_posting(first, APRIL) == "産業振興課 主事"
    assert main_posting(second, APRIL) == "財政課 主事"


def test_a_number_is_never_used_twice(hall):
    with pytest.raises(Refusal, match="「財政 主事」が使って"):
        verbs.hire_staff(
            by=PERSONNEL,
            number="２００２",
            name="新人 次郎",
            employment="regular",
            joined_on=APRIL,
            section=hall.sections["産業課"],
            post=hall.posts["主事"],
        )


def test_nobody_gives_a_role_to_oneself(hall):
    me = PERSONNEL.__class__(
        id="me", name="総務 主査", kind=PERSONNEL.kind, roles=PERSONNEL.roles, staff_id=hall.staff["総務 主査"].pk
    )
    with pytest.raises(Refusal, match="自分自身"):
        verbs.grant_role(by=me, staff=hall.staff["総務 主査"], role=Role.IT, starts_on=TODAY, ground="任命書")


def test_roles_come_from_the_post_and_from_appointments_of_the_day(hall):
    head = hall.staff["産業 課長"]
    verbs.grant_role(by=PERSONNEL, staff=head, role=Role.DX_LEADER, starts_on=TODAY, ends_on=APRIL, ground="任命書")
    assert roles_of(head, LAST_OF_MARCH, postings_of(head, LAST_OF_MARCH)) == {
        Role.STAFF,
        Role.SECTION_HEAD,
        Role.DX_LEADER,
    }
    assert roles_of(head, APRIL, postings_of(head, APRIL)) == {Role.STAFF, Role.SECTION_HEAD}


def test_who_leaves_a_section_has_no_deputies_there_any_more(hall):
    head = hall.staff["財政 課長"]
    verbs.appoint_deputy(by=PERSONNEL, staff=head, deputy=hall.staff["財政 主事"], order=1, starts_on=TODAY)
    verbs.transfer_staff(by=PERSONNEL, staff=head, section=hall.sections["産業課"], post=hall.posts["主査"], on=APRIL)
    assert deputies_of(head, LAST_OF_MARCH)
    assert not deputies_of(head, APRIL)


def test_standing_in_for_somebody_is_open_work_of_the_deputy_who_leaves(hall):
    head, deputy, heir = hall.staff["財政 課長"], hall.staff["財政 主事"], hall.staff["総務 主査"]
    verbs.appoint_deputy(by=PERSONNEL, staff=head, deputy=deputy, order=1, starts_on=TODAY)
    [planned] = open_work_of([deputy.pk], APRIL)
    verbs.record_leaving(by=PERSONNEL, staff=deputy, last_day=LAST_OF_MARCH)
    [found] = open_work_of([deputy.pk], APRIL)
    assert planned.work.ref == found.work.ref, "recording the leaving does not hide what is open"
    assert found.work.not_for == {head.pk}

    for _ in range(2):  # handing over twice changes nothing
        verbs.hand_over_work(by=PERSONNEL, source=found.source, ref=found.work.ref, holder=deputy, heir=heir, on=APRIL)
    assert [one.deputy for one in deputies_of(head, APRIL)] == [heir]
    assert [one.deputy for one in deputies_of(head, LAST_OF_MARCH)] == [deputy]
    assert not open_work_of([deputy.pk], APRIL)


def test_work_goes_only_to_somebody_else_who_is_in_service(hall):
    head, deputy = hall.staff["財政 課長"], hall.staff["財政 主事"]
    verbs.appoint_deputy(by=PERSONNEL, staff=head, deputy=deputy, order=1, starts_on=TODAY)
    [found] = open_work_of([deputy.pk], APRIL)
    verbs.record_leaving(by=PERSONNEL, staff=hall.staff["総務 課長"], last_day=LAST_OF_MARCH)
    for heir in (deputy, hall.person("総務 課長")):
        with pytest.raises(Refusal):
            verbs.hand_over_work(
                by=PERSONNEL, source=found.source, ref=found.work.ref, holder=deputy, heir=heir, on=APRIL
            )


def test_a_correction_of_a_person_refuses_an_old_form_and_keeps_the_number(hall):
    staff = hall.person("教育 主事")
    values = {"employment": "regular", "joined_on": staff.joined_on}
    verbs.correct_staff(by=PERSONNEL, staff=staff, version=staff.version, name="髙﨑　主事", **values)
    assert hall.person("教育 主事").search_key == "5002 高崎主事 "
    with pytest.raises(Refusal, match="ほかの人が変更"):
        verbs.correct_staff(by=PERSONNEL, staff=staff, version=staff.version, name="別人", **values)


def test_clerks_and_auditors_change_nobody(hall):
    for person in (CLERK, AUDITOR):
        with pytest.raises(NotAllowed):
            verbs.record_leaving(by=person, staff=hall.staff["行政 主事"], last_day=LAST_OF_MARCH)
    assert hall.person("行政 主事").leaves_on is None


def test_a_day_far_away_is_a_refusal_and_no_crash(hall):
    staff = hall.staff["行政 主事"]
    for last_day in (date.max, date.min, date(2200, 1, 1)):
        with pytest.raises(Refusal):
            verbs.record_leaving(by=PERSONNEL, staff=staff, last_day=last_day)
    with pytest.raises(Refusal):
        verbs.transfer_staff(
            by=PERSONNEL, staff=staff, section=hall.sections["産業課"], post=hall.posts["主事"], on=date.max
        )
    assert hall.person("行政 主事").leaves_on is None
