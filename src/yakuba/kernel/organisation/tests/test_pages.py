"""The organisation's pages: what each reader sees, what the log keeps, what a refusal looks like."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from yakuba.kernel.access.api import Role
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.tests.people import a_staff_account, sign_in
from yakuba.kernel.organisation import services as verbs
from yakuba.kernel.organisation.models import Posting, Section, Staff
from yakuba.kernel.organisation.queries import deputies_of, staff_on
from yakuba.kernel.organisation.tests.town_hall import APRIL, PERSONNEL, SYSTEM
from yakuba.kernel.values.api import SystemClock

pytestmark = pytest.mark.django_db
TODAY = SystemClock().today()
NEXT_YEAR = TODAY + timedelta(days=365)


def seat(client: Client, hall, *roles: Role, number: str = "8001") -> Account:
    account = a_staff_account(number, name="席 太郎", section=hall.sections["財政課"], roles=roles)
    sign_in(client, account)
    return account


def page(client: Client, name: str, *args, **params):
    return client.get(reverse(name, args=args), params)


def test_the_chart_shows_every_authority_with_its_sections_and_heads(client, hall):
    seat(client, hall)
    shown = page(client, "organisation-chart").content.decode()
    for words in ("町長部局", "教育委員会", "総務課", "行政管理班", "総務 課長"):
        assert words in shown


def test_the_chart_of_a_past_and_of_a_coming_day(client, hall):
    seat(client, hall)
    verbs.rename_section(by=SYSTEM, section=hall.section("総務課"), name="総務企画課", on=NEXT_YEAR)
    later = page(client, "organisation-chart", on=NEXT_YEAR.isoformat()).content.decode()
    assert "総務企画課" in later
    assert "総務 課長" not in later, "who goes where is secret until the day"
    assert "総務企画課" not in page(client, "organisation-chart").content.decode()
    earlier = page(client, "organisation-chart", on="R2.4.1").content.decode()
    assert "総務課" in earlier and "総務 課長" in earlier


@pytest.mark.parametrize("on", ["昨日", "2026-13-45", "9999-99-99", "'; DROP TABLE", "9" * 400, "0001-01-01"])
def test_a_day_that_is_none_shows_today_and_says_so(client, hall, on):
    seat(client, hall)
    answer = page(client, "organisation-chart", on=on)
    assert answer.status_code == 200
    assert "日付として読めない" in answer.content.decode()


def test_the_directory_of_a_clerk_shows_work_data_only_and_is_not_logged(client, hall):
    seat(client, hall)
    verbs.record_leaving(by=SYSTEM, staff=hall.staff["産業 課長"], last_day=TODAY - timedelta(days=1))
    shown = page(client, "organisation-directory").content.decode()
    assert "財政 主事" in shown
    assert "2002" not in shown
    assert "産業 課長" not in shown
    assert not AuditEvent.objects.filter(verb__startswith="organisation.staff_").exists()


def test_the_directory_of_personnel_shows_numbers_and_leavers_and_is_logged_with_its_count(client, hall):
    seat(client, hall, Role.PERSONNEL)
    verbs.record_leaving(by=SYSTEM, staff=hall.staff["産業 課長"], last_day=TODAY - timedelta(days=1))
    assert "産業 課長" in page(client, "organisation-directory", state="left").content.decode()
    shown = page(client, "organisation-directory").content.decode()
    assert "2002" in shown and "産業 課長" not in shown
    event = AuditEvent.objects.filter(verb="organisation.staff_page").latest("id")
    assert event.count == staff_on(TODAY).count()


def test_an_export_of_records_is_logged_as_an_export(client, hall):
    seat(client, hall, Role.PERSONNEL)
    answer = page(client, "organisation-directory", export="csv")
    assert "2002" in answer.content.decode("utf-8-sig")
    assert AuditEvent.objects.filter(verb="organisation.staff_csv").count() == 1


def test_names_are_found_whatever_characters_they_are_written_with(client, hall):
    seat(client, hall)
    verbs.hire_staff(
        by=SYSTEM,
        number="7001",
        name="髙﨑　花子",
        employment="regular",
        joined_on=date(2021, 4, 1),
        section=hall.sections["財政課"],
        post=hall.posts["主事"],
    )
    assert "髙﨑" in page(client, "organisation-directory", q="高崎").content.decode()


def test_a_colleague_sees_post_and_deputies_but_no_record(client, hall):
    seat(client, hall)
    staff = hall.staff["財政 課長"]
    verbs.appoint_deputy(by=SYSTEM, staff=staff, deputy=hall.staff["財政 主事"], order=1, starts_on=TODAY)
    shown = page(client, "organisation-person", staff.public_id).content.decode()
    assert "財政 主事" in shown
    assert "2001" not in shown and "発令の履歴" not in shown


def test_everybody_sees_the_own_record_without_a_log_entry(client, hall):
    account = seat(client, hall)
    shown = page(client, "organisation-person", account.staff.public_id).content.decode()
    assert "発令の履歴" in shown and "8001" in shown
    assert not AuditEvent.objects.filter(verb="organisation.staff_record").exists()


@pytest.mark.parametrize("role", [Role.PERSONNEL, Role.IT, Role.AUDITOR])
def test_a_record_that_is_looked_at_is_logged(client, hall, role):
    seat(client, hall, role)
    shown = page(client, "organisation-person", hall.staff["総務 主査"].public_id).content.decode()
    assert "令和2年4月1日付辞令" in shown
    assert AuditEvent.objects.filter(verb="organisation.staff_record").count() == 1


def test_somebody_who_left_is_not_there_for_colleagues(client, hall):
    seat(client, hall)
    verbs.record_leaving(by=SYSTEM, staff=hall.staff["産業 課長"], last_day=TODAY - timedelta(days=1))
    assert page(client, "organisation-person", hall.staff["産業 課長"].public_id).status_code == 404


ACTS = [
    ("organisation-section-new", ()),
    ("organisation-hire", ()),
    ("organisation-authority-new", ()),
    ("organisation-post-new", ()),
    ("organisation-outside-new", ()),
    ("organisation-handover", ()),
    *(
        ("organisation-section-act", ("section", act))
        for act in ("correct", "rename", "move", "merge", "split", "close")
    ),
    *(
        ("organisation-person-act", ("staff", act))
        for act in ("transfer", "concurrent", "grant", "deputy", "leave", "withdraw-leaving", "renew", "correct")
    ),
]


def _address(hall, name, args):
    things = {"section": hall.sections["総務課"].public_id, "staff": hall.staff["財政 主事"].public_id}
    return reverse(name, args=[things.get(arg, arg) for arg in args])


@pytest.mark.parametrize(("name", "args"), ACTS)
@pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR, Role.SECRETARIAT])
def test_only_those_who_keep_the_records_reach_the_acts(client, hall, name, args, role):
    seat(client, hall, role)
    assert client.get(_address(hall, name, args)).status_code == 403
    assert client.post(_address(hall, name, args), {}).status_code == 403


@pytest.mark.parametrize(("name", "args"), ACTS)
def test_every_act_has_a_form_that_opens_and_says_what_is_missing(client, hall, name, args):
    seat(client, hall, Role.PERSONNEL)
    assert client.get(_address(hall, name, args)).status_code == 200
    answer = client.post(_address(hall, name, args), {"work": "x|y", "heir": "1"})
    assert answer.status_code in (302, 422)


def test_an_act_nobody_knows_is_not_found(client, hall):
    seat(client, hall, Role.PERSONNEL)
    for name, thing in (("organisation-section-act", "section"), ("organisation-person-act", "staff")):
        assert client.get(_address(hall, name, (thing, "explode"))).status_code == 404


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(client, hall):
    seat(client, hall, Role.PERSONNEL)
    staff = hall.staff["財政 主事"]
    answer = client.post(
        reverse("organisation-person-act", args=[staff.public_id, "transfer"]),
        {
            "section": hall.sections["財政課"].public_id,
            "post": hall.posts["主事"].public_id,
            "on": "R9.4.1",
            "ground": "打ち間違い",
        },
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "今と同じ所属・職です" in shown and "新しい所属か職を選んでください" in shown
    assert "打ち間違い" in shown and 'id="id_section_error"' in shown


def test_a_transfer_is_entered_and_called_off_on_the_page(client, hall):
    seat(client, hall, Role.PERSONNEL)
    staff = hall.staff["財政 主事"]
    answer = client.post(
        reverse("organisation-person-act", args=[staff.public_id, "transfer"]),
        {
            "section": hall.sections["産業課"].public_id,
            "post": hall.posts["主査"].public_id,
            "on": NEXT_YEAR.isoformat(),
        },
        follow=True,
    )
    assert "異動を登録しました" in answer.content.decode()
    posting = Posting.objects.get(staff=staff, starts_on=NEXT_YEAR)
    client.post(reverse("organisation-posting-withdraw", args=[posting.public_id]))
    assert list(Posting.objects.filter(staff=staff).values_list("ends_on", flat=True)) == [None]


def test_two_people_correct_one_section_and_the_second_is_shown_what_it_is_now(client, hall):
    seat(client, hall, Role.PERSONNEL)
    section = hall.section("財政課")
    address = reverse("organisation-section-act", args=[section.public_id, "correct"])
    typed = {
        "name": "財務課",
        "kind": "section",
        "authority": "mayor",
        "parent": "",
        "starts_on": "2020-04-01",
        "order": 2,
        "version": section.version,
    }
    assert client.post(address, typed).status_code == 302
    second = client.post(address, {**typed, "name": "会計課"})
    shown = second.content.decode()
    assert second.status_code == 422
    assert "ほかの人が変更しました" in shown and "会計課" in shown and "財務課" in shown


def test_a_section_is_split_on_the_page_with_everybody_told_where_to_go(client, hall):
    seat(client, hall, Role.PERSONNEL)
    section = hall.section("財政課")
    address = reverse("organisation-section-act", args=[section.public_id, "split"])
    typed = {
        "on": NEXT_YEAR.isoformat(),
        "code_1": "02",
        "name_1": "財政課",
        "code_2": "08",
        "name_2": "税務課",
    }
    unsaid = client.post(address, typed)
    assert unsaid.status_code == 422 and "行き先が決まっていない" in unsaid.content.decode()
    for posting in Posting.objects.filter(section=section):
        typed[f"goes_{posting.public_id}"] = "2"
    assert client.post(address, typed).status_code == 302
    assert Posting.objects.filter(section=Section.objects.get(name="税務課")).count() == 3


def test_work_of_somebody_who_left_waits_with_a_proposal_and_is_handed_over(client, hall):
    seat(client, hall, Role.PERSONNEL)
    head, deputy = hall.staff["財政 課長"], hall.staff["財政 主事"]
    verbs.appoint_deputy(by=SYSTEM, staff=head, deputy=deputy, order=1, starts_on=TODAY - timedelta(days=90))
    verbs.record_leaving(by=SYSTEM, staff=deputy, last_day=TODAY - timedelta(days=1))
    shown = page(client, "organisation-handover")
    assert "財政 課長の第1順位の代決者" in shown.content.decode()
    [row] = shown.context["rows"]
    for wrong in ("", "9999", "x" * 500, head.number):
        answer = client.post(reverse("organisation-handover"), {"work": row["key"], "heir": wrong})
        assert answer.status_code == 422, wrong
    client.post(reverse("organisation-handover"), {"work": row["key"], "heir": "1001 総務 課長"})
    assert [one.deputy.number for one in deputies_of(head, TODAY)] == ["1001"]
    assert "引き継ぎ待ちの仕事はありません" in page(client, "organisation-handover").content.decode()


def test_lists_cost_the_same_few_queries_however_many_people_there_are(client, hall, django_assert_max_num_queries):
    seat(client, hall)
    for number in range(60):
        verbs.hire_staff(
            by=SYSTEM,
            number=f"A{number}",
            name=f"職員 {number}",
            employment="regular",
            joined_on=date(2021, 4, 1),
            section=hall.sections["財政課"],
            post=hall.posts["主事"],
        )
    for name in ("organisation-chart", "organisation-directory"):
        page(client, name)
        with django_assert_max_num_queries(14):
            page(client, name)
    with django_assert_max_num_queries(16):
        page(client, "organisation-section", hall.sections["財政課"].public_id)


def test_a_section_page_tells_where_it_came_from_and_where_it_went(client, hall):
    seat(client, hall)
    after = verbs.rename_section(by=PERSONNEL, section=hall.section("総務課"), name="総務企画課", on=APRIL)
    assert (
        "「総務企画課」へ（改称）"
        in page(client, "organisation-section", hall.sections["総務課"].public_id).content.decode()
    )
    shown = page(client, "organisation-section", after.public_id).content.decode()
    assert "「総務課」から（改称）" in shown and "総務 課長" not in shown


def test_foreign_and_broken_ids_are_not_found(client, hall):
    seat(client, hall, Role.PERSONNEL)
    for name in ("organisation-section", "organisation-person", "organisation-role-end", "organisation-deputy-end"):
        assert page(client, name, "0" * 16).status_code == 404
    assert Staff.objects.filter(number="8001").exists()


def test_a_posting_that_was_recorded_wrongly_is_corrected_on_the_page(client, hall):
    seat(client, hall, Role.PERSONNEL)
    posting = Posting.objects.get(staff=hall.staff["財政 主事"])
    address = reverse("organisation-posting-correct", args=[posting.public_id])
    assert "財政課 主事" not in client.get(address).content.decode(), "the record as it stands is shown when refused"
    typed = {
        "section": hall.sections["産業課"].public_id,
        "post": hall.posts["主査"].public_id,
        "starts_on": "2019-04-01",
        "is_main": "on",
    }
    assert "在職期間" in client.post(address, typed).content.decode()
    assert client.post(address, {**typed, "starts_on": "2020-04-01"}).status_code == 302
    posting.refresh_from_db()
    assert (posting.section, posting.post) == (hall.sections["産業課"], hall.posts["主査"])
    assert Posting.objects.filter(staff=hall.staff["財政 主事"]).count() == 1
