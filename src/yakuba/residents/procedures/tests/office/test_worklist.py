"""The worklist: boxes, light, search, files, bulk acts, and nothing of other sections."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse

from yakuba.kernel.access.api import system_person
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.cases.access import sections_of, visible_to
from yakuba.kernel.cases.api import Case, Party
from yakuba.kernel.cases.models import Note
from yakuba.kernel.cases.rules.deadlines import Light, light
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.cases.services import ask_correction, assign_case, mark_overdue, start_work, withdraw_case
from yakuba.kernel.cases.tests.test_protected_people import shelter
from yakuba.kernel.cases.tests.world import CLOCK, TODAY
from yakuba.kernel.values.api import FixedClock, SystemClock
from yakuba.residents.procedures.queries.worklist import boxes, under_light, warn_until

pytestmark = pytest.mark.django_db
LIST = reverse("office-cases")
CLERK = "行政 主事"
MY_NUMBER = "123456789018"


def words(answer) -> str:
    return answer.content.decode()


def numbers(answer) -> set[str]:
    return {one.number for one in answer.context["listing"].things}


class TestBoxes:
    def test_a_clerk_sees_the_section_and_the_boxes_say_how_many_wait(self, world, seat) -> None:
        mine, other = world.submit(), world.submit("notification")
        assign_case(by=world.clerk(), case=mine, to=world.hall.staff[CLERK], clock=CLOCK)
        client = seat()
        assert numbers(client.get(LIST)) == {mine.number}, "the first box is one's own, if there is anything in it"
        page = client.get(LIST, {"box": "section"})
        assert numbers(page) == {mine.number, other.number}
        counted = {one["title"]: one["badge"] for one in page.context["tabs"]}
        assert counted["自分の担当"] == 1 and counted["担当未定"] == 1 and counted["所属"] == 2
        assert counted["すべて（完了を含む）"] == ""

    def test_each_box_holds_what_its_name_says(self, world, seat) -> None:
        waiting, late, gone = world.submit(), world.submit(), world.submit()
        for case, deadline in ((waiting, SystemClock().today() + timedelta(days=30)), (late, date(2026, 11, 16))):
            while deadline.weekday() >= 5 or deadline == date(2026, 12, 23):
                deadline += timedelta(days=1)
            ask_correction(
                by=world.clerk(), case=case, items=[("reason", "詳しく")], message="", deadline=deadline, clock=CLOCK
            )
        mark_overdue(by=system_person("jobs"), case=late, clock=FixedClock(date(2026, 11, 17)))
        withdraw_case(by=world.clerk(), case=gone, reason="電話で", clock=CLOCK)
        client = seat()
        assert numbers(client.get(LIST, {"box": "waiting"})) == {waiting.number}
        assert numbers(client.get(LIST, {"box": "overdue"})) == {late.number}
        assert gone.number not in numbers(client.get(LIST, {"box": "section"}))
        assert gone.number in numbers(client.get(LIST, {"box": "all"}))

    def test_cases_of_other_sections_are_nowhere(self, world, seat) -> None:
        foreign = world.submit("school")
        client = seat()
        for box in ("mine", "section", "unassigned", "waiting", "overdue", "notify", "all"):
            page = client.get(LIST, {"box": box})
            assert foreign.number not in words(page)
        assert numbers(client.get(LIST, {"box": "all", "q": foreign.number})) == set()
        assert foreign.number not in client.get(LIST, {"box": "all", "export": "csv"}).content.decode("utf-8-sig")

    def test_who_works_on_no_case_does_not_get_in(self, world, seat) -> None:
        assert seat("町長 一郎").get(LIST).status_code == 403
        assert seat("教長 三郎").get(LIST).status_code == 403

    def test_the_auditor_reads_all_and_is_offered_no_act(self, world, seat) -> None:
        from yakuba.kernel.access.api import Role
        from yakuba.kernel.organisation import services as organisation
        from yakuba.kernel.organisation.tests.town_hall import FOUNDED, SYSTEM

        organisation.grant_role(
            by=SYSTEM, staff=world.hall.staff["財政 主事"], role=Role.AUDITOR, starts_on=FOUNDED, ground="選任"
        )
        case = world.submit()
        page = seat("財政 主事").get(LIST)
        assert case.number in words(page)
        assert 'name="picked"' not in words(page)


class TestFinding:
    def test_cases_are_found_by_number_in_any_writing_and_by_name_or_reading(self, world, seat) -> None:
        case = world.submit()
        world.submit("notification", applicant=Party(name="例示　良子", kana="レイジ　ヨシコ"))
        client = seat()
        for asked in (case.number, case.number.replace("-", ""), case.number.lower(), "花子", "ﾊﾅｺ", "はなこ"):
            found = client.get(LIST, {"box": "section", "q": asked})
            assert numbers(found) == {case.number}, asked

    @pytest.mark.parametrize(
        ("name", "value", "kinds"),
        [("kind", "notification", {"notification"}), ("procedure", "sample-application", {"application"}),
         ("phase", "working", {"application"}), ("arrival", "counter", set())],
    )  # fmt: skip
    def test_filters_narrow(self, world, seat, name, value, kinds) -> None:
        start_work(by=world.clerk(), case=world.submit(), clock=CLOCK)
        world.submit("notification")
        found = seat().get(LIST, {"box": "section", name: value})
        assert {one.kind for one in found.context["listing"].things} == kinds

    def test_the_light_is_said_in_words_with_its_day(self, world, seat) -> None:
        world.submit()  # five open days after 2 November are long over
        page = words(seat().get(LIST, {"box": "section"}))
        assert "日超過（11/10）" in page

    def test_the_light_of_the_filter_is_the_light_of_the_row(self, world) -> None:
        for procedure in ("application", "notification", "sign_up"):
            world.submit(procedure)
        start_work(by=world.clerk(), case=world.submit(), clock=CLOCK)
        withdraw_case(by=world.clerk(), case=world.submit(), reason="電話で", clock=CLOCK)
        for days in (0, 2, 5, 8, 9, 30):
            today = TODAY + timedelta(days=days)
            border = warn_until(today)
            for wanted in Light:
                rows = Case.objects.filter(under_light(wanted, today=today, warn_until=border))
                meant = {
                    one.pk
                    for one in Case.objects.all()
                    if light(phase=Phase(one.phase), due_on=one.due_on, today=today, warn_until=border) is wanted
                }
                assert set(rows.values_list("pk", flat=True)) == meant, (days, wanted)

    @pytest.mark.parametrize(
        "query",
        ["box=nothing", "box=section&light=purple", "box=section&phase=%00", "q=" + "あ" * 5000, "page=-1&size=9999",
         "sort=password_hash", "box=section&procedure='%20OR%201=1", "at=99999999999999999999", "section=x"],
    )  # fmt: skip
    def test_a_hostile_address_gets_an_ordinary_page(self, world, seat, query) -> None:
        world.submit()
        assert seat().get(f"{LIST}?{query}").status_code == 200

    def test_what_was_searched_comes_back_escaped(self, world, seat) -> None:
        page = words(seat().get(LIST, {"box": "section", "q": "<script>alert(1)</script>"}))
        assert "<script>alert(1)" not in page

    def test_an_empty_box_says_what_it_is_for(self, world, seat) -> None:
        assert "自分の担当はありません" in words(seat().get(LIST, {"box": "mine"}))


class TestFiles:
    def rows(self, answer) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    def test_a_file_has_the_rows_of_the_list_and_no_place_at_all(self, world, seat) -> None:
        case = world.submit()
        answer = seat().get(LIST, {"box": "section", "export": "csv"})
        assert [one["受付番号"] for one in self.rows(answer)] == [case.number]
        text = answer.content.decode("utf-8-sig")
        assert "字見本" not in text and "0242-00-0000" not in text and "example.jp" not in text
        assert seat().get(LIST, {"box": "section", "export": "xlsx"}).status_code == 200

    def test_the_name_of_a_protected_person_does_not_leave_in_a_file(self, world, seat) -> None:
        case = world.submit()
        shelter()
        open_one = world.submit("notification", applicant=Party(name="例示　良子"))
        found = {
            one["受付番号"]: one["申請者"] for one in self.rows(seat().get(LIST, {"box": "section", "export": "csv"}))
        }
        assert found == {case.number: "（非表示）", open_one.number: "例示　良子"}

    def test_pages_and_files_stand_in_the_log(self, world, seat) -> None:
        world.submit()
        client = seat()
        client.get(LIST, {"box": "section"})
        client.get(LIST, {"box": "section", "export": "csv"})
        names = set(AuditEvent.objects.values_list("verb", flat=True))
        assert {"cases.list:section page", "cases.export:section csv"} <= names


class TestBulk:
    URL = reverse("office-cases-bulk")

    def test_several_cases_are_taken_at_once(self, world, seat) -> None:
        cases = [world.submit(), world.submit("notification")]
        answer = seat().post(
            f"{self.URL}?box=unassigned", {"act": "take", "picked": [one.public_id for one in cases]}, follow=True
        )
        assert "2件の担当を行政 主事さんにしました。" in words(answer)
        assert answer.redirect_chain == [(f"{LIST}?box=unassigned", 302)]
        assert {one.assignee.name for one in Case.objects.select_related("assignee")} == {CLERK}

    def test_a_colleague_gets_cases_and_a_stranger_none(self, world, seat) -> None:
        case = world.submit()
        client = seat()
        for name, gets in (("行政 班長", True), ("教育 主事", False)):
            staff = world.hall.staff[name]
            client.post(self.URL, {"act": "give", "staff": staff.public_id, "picked": [case.public_id]})
            case.refresh_from_db()
            assert (case.assignee_id == staff.pk) is gets

    def test_a_note_goes_to_every_ticked_case(self, world, seat) -> None:
        cases = [world.submit(), world.submit()]
        seat().post(self.URL, {"act": "note", "note": "確認中", "picked": [one.public_id for one in cases]})
        assert Note.objects.filter(words="確認中").count() == 2

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"act": "take"}, "案件が選ばれていません"),
            ({"act": "delete", "picked": "all"}, "そのボタンはありません"),
            ({"picked": "all"}, "ボタンを押してください"),
            ({"act": "note", "note": " ", "picked": "all"}, "メモが空です"),
            ({"act": "note", "note": f"番号 {MY_NUMBER}", "picked": "all"}, "個人番号"),
            ({"act": "give", "staff": "x", "picked": "all"}, "職員を選んで"),
        ],
    )
    def test_what_is_missing_is_said_and_nothing_happens(self, world, seat, sent, said) -> None:
        case = world.submit()
        sent = sent | {"picked": [case.public_id]} if sent.get("picked") else sent
        assert said in words(seat().post(self.URL, sent, follow=True))
        assert not Note.objects.exists() and Case.objects.get().assignee_id is None

    def test_foreign_cases_are_passed_over(self, world, seat) -> None:
        foreign = world.submit("school")
        seat().post(self.URL, {"act": "take", "picked": [foreign.public_id, "nothing", "' OR 1=1"]})
        foreign.refresh_from_db()
        assert foreign.assignee_id is None


def test_the_worklist_takes_few_queries_however_long_it_is(world, seat, django_assert_max_num_queries) -> None:
    for _ in range(3):
        world.submit()
    client = seat()
    client.get(LIST, {"box": "section"})
    with django_assert_max_num_queries(22):
        client.get(LIST, {"box": "section"})


def test_every_visible_case_lies_in_the_last_box(world) -> None:
    world.submit()
    person = world.clerk()
    last = boxes(person, sections_of(person), today=TODAY)[-1]
    assert visible_to(person).filter(last.holds).count() == 1
