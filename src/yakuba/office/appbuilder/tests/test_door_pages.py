"""The pages of doors, as residents, clerks and strangers meet them; and whatever strangers send."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from yakuba.kernel.access.api import VISITOR
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.identity.tests.people import a_resident_account, sign_in
from yakuba.kernel.organisation.tests.town_hall import TODAY
from yakuba.office.appbuilder.models import App, Arrival, Entrance
from yakuba.office.appbuilder.services import add_record, ask_for_door, cancel_sign_up, close_door, erase_arrivals
from yakuba.office.appbuilder.tests.door_world import CLASS_FIELDS, SURVEY_FIELDS, class_door, records_of, survey_door
from yakuba.office.appbuilder.tests.world import CLOCK, sit

COURSE_FIELDS = [one if one["key"] != "time" else {**one, "required": False} for one in CLASS_FIELDS]
SENDING = "a-sending-that-is-long-enough"
ANSWER = {"often": "week", "words": "静かでよい", "sending": SENDING, "action": "send"}
ENTRY = {"name": "見本 花子", "phone": "0242841503", "mail_": "hanako@example.jp", "sending": SENDING, "action": "send"}


@pytest.fixture(autouse=True)
def nobody_was_counted() -> None:
    cache.clear()


@pytest.fixture
def maker(desk: Any) -> Client:
    return sit(desk, "行政 主事")


@pytest.fixture
def survey(doors: Any) -> Entrance:
    return doors.survey()


@pytest.fixture
def course(doors: Any) -> Entrance:
    return doors.open(COURSE_FIELDS, class_door())


@pytest.fixture
def resident(db: None) -> Client:
    client = Client()
    sign_in(client, a_resident_account())
    return client


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


class TestSurveyPages:
    def test_are_found_and_say_first_what_the_answers_are_used_for(self, survey) -> None:
        client = Client()
        assert "図書室アンケート" in text(client.get("/join/"))
        front = text(client.get("/join/101/"))
        assert "図書室の改善のため" in front and "/my/join/101/" in front
        page = text(client.get("/my/join/101/"))
        assert page.index("図書室の改善のため") < page.index("来る回数") and "無記名" in page

    @pytest.mark.parametrize(
        ("code", "words"),
        [("en", ("Library survey", "How often do you come?", "Every week", "To improve the library room")),
         ("ja-easy", ("図書室（としょしつ）の アンケート", "どのくらい 来（き）ますか"))],
    )  # fmt: skip
    def test_speak_three_languages(self, survey, code, words) -> None:
        client = Client()
        client.cookies["yakuba_language"] = code
        pages = text(client.get("/join/101/")) + text(client.get("/my/join/101/"))
        assert all(one in pages for one in words)

    def test_an_answer_is_sent_once_from_a_device_and_leaves_no_session(self, survey) -> None:
        client = Client()
        client.get("/my/join/101/")
        sent = client.post("/my/join/101/", ANSWER)
        assert sent.status_code == 302 and "回答を受け付けました" in text(client.get(sent.url))
        assert records_of(survey)[0].values == {"often": "week", "words": "静かでよい"}
        assert "yakuba_session" not in client.cookies
        assert "回答をいただいています" in text(client.get("/my/join/101/"))
        again = client.post("/my/join/101/", {**ANSWER, "sending": SENDING + "2"})
        assert again.status_code == 409 and "すでに回答" in text(again) and Arrival.objects.count() == 1

    def test_without_cookies_it_says_so_and_keeps_what_was_typed(self, survey) -> None:
        shown = Client().post("/my/join/101/", ANSWER)
        assert shown.status_code == 422 and "クッキー" in text(shown) and "静かでよい" in text(shown)

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"often": ""}, "来る回数"),
            ({"often": "sometimes"}, "来る回数"),
            ({"words": "番号は123456789018です"}, "個人番号"),
            ({"words": "a\x00b"}, "ご意見"),
            ({"words": "あ" * 200_000}, "ご意見"),
            ({"satisfied": "maybe"}, "満足"),
        ],
    )
    def test_hostile_and_wrong_answers_are_refused_at_their_question(self, survey, more, words) -> None:
        client = Client()
        client.get("/my/join/101/")
        shown = client.post("/my/join/101/", {**ANSWER, **more})
        assert shown.status_code == 422 and words in text(shown) and len(shown.content) < 120_000
        assert not Arrival.objects.exists()

    def test_fields_that_are_not_asked_are_neither_shown_nor_taken(self, survey) -> None:
        client = Client()
        page = text(client.get("/my/join/101/")) + text(client.get("/join/101/"))
        assert "職員のメモ" not in page and "inner" not in page
        client.post("/my/join/101/", {**ANSWER, "inner": "侵入", "f_inner": "侵入", "often.x": "y", "people_": "9"})
        assert records_of(survey)[0].values == {"often": "week", "words": "静かでよい"}

    def test_closed_it_takes_nothing_and_says_so(self, doors, survey) -> None:
        client = Client()
        client.get("/my/join/101/")
        close_door(by=doors.desk.maker, entrance=survey, clock=CLOCK)
        assert client.post("/my/join/101/", ANSWER).status_code == 409
        assert "受付は終わりました" in text(client.get("/join/101/")) and not Arrival.objects.exists()
        assert "図書室アンケート" not in text(client.get("/join/"))

    def test_results_are_public_when_the_town_says_so_and_hide_small_counts(self, doors, survey) -> None:
        for number in range(12):
            doors.answer(
                survey, number, often="week" if number < 8 else "month" if number < 11 else "never", words="ひみつ"
            )
        page = text(Client().get("/join/101/"))
        assert "途中の結果" in page and "10件の回答" in page and "ひみつ" not in page
        assert "伏せたもの：毎週、毎月" in page
        assert "途中の結果" not in text(Client().get("/my/join/101/"))

    def test_a_machine_that_fills_the_door_is_stopped(self, doors) -> None:
        doors.survey(survey={"once": "freely"})
        client, last = Client(), 0
        for number in range(31):
            last = client.post("/my/join/101/", {**ANSWER, "sending": f"{SENDING}{number}"}).status_code
        assert last == 429 and Arrival.objects.count() == 30

    def test_an_account_is_asked_for_where_one_is_needed(self, doors, resident) -> None:
        doors.survey(needs="account", survey={"once": "account", "anonymous": False})
        visitor = Client()
        assert "利用登録が必要です" in text(visitor.get("/my/join/101/"))
        assert visitor.post("/my/join/101/", ANSWER).status_code == 409
        assert resident.post("/my/join/101/", ANSWER).status_code == 302
        assert Arrival.objects.get().account
        assert resident.post("/my/join/101/", {**ANSWER, "sending": SENDING + "2"}).status_code == 409

    def test_a_card_is_asked_for_where_one_is_needed(self, doors, resident) -> None:
        doors.survey(needs="public_auth")
        assert "マイナンバーカードでの本人確認" in text(resident.get("/my/join/101/"))
        assert resident.post("/my/join/101/", ANSWER).status_code == 409

    @pytest.mark.parametrize("path", ["/join/102/", "/my/join/102/", "/my/join/99999999999999999999/", "/my/join/r/0/"])
    def test_what_is_not_open_is_nowhere(self, survey, path) -> None:
        assert Client().get(path).status_code == 404

    def test_a_door_that_is_being_checked_is_nowhere(self, doors) -> None:
        app = doors.app(SURVEY_FIELDS, survey_door())
        ask_for_door(by=doors.desk.maker, app=app, key="d1", clock=CLOCK)
        assert Client().get("/join/101/").status_code == Client().get("/my/join/101/").status_code == 404

    def test_the_post_needs_the_token_of_the_page(self, survey) -> None:
        assert Client(enforce_csrf_checks=True).post("/my/join/101/", ANSWER).status_code == 403


class TestSignUpPages:
    def test_from_the_check_to_the_receipt_and_back_by_its_code(self, course) -> None:
        client = Client()
        shown = client.post("/my/join/101/", {**ENTRY, "action": "check"})
        assert "まだ申し込んでいません" in text(shown) and "見本 花子" in text(shown) and not Arrival.objects.exists()
        sent = client.post("/my/join/101/", ENTRY)
        receipt = text(client.get(sent.url))
        code = re.search(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", receipt)[0]
        assert "101-1" in receipt and "確定" in receipt
        assert code not in str(list(Arrival.objects.values()))
        stranger = Client()
        assert stranger.get(sent.url).status_code == 404
        found = stranger.post("/my/join/lookup/", {"code": code.upper().replace("-", " ")})
        assert found.url == sent.url and "見本 花子" in text(stranger.get(found.url))
        assert "取り消しますか" in text(stranger.get(f"{sent.url}cancel/"))
        stranger.post(f"{sent.url}cancel/")
        assert Arrival.objects.get().state == "cancelled" and course.places.get().taken == 0

    def test_codes_cannot_be_tried_out(self, course) -> None:
        client = Client()
        answers = [
            client.post("/my/join/lookup/", {"code": f"aaaa-bbbb-cccc-{number:04}"}).status_code for number in range(21)
        ]
        assert answers == [422] * 20 + [429]

    @pytest.mark.parametrize("code", ["", "x", "a\x00b", "あ" * 60, "123456789018", "' OR 1=1 --"])
    def test_nonsense_finds_nothing(self, course, code) -> None:
        assert Client().post("/my/join/lookup/", {"code": code}).status_code == 422

    def test_residents_see_their_own_on_their_page_and_nobody_elses(self, course, resident) -> None:
        entry = {key: value for key, value in ENTRY.items() if key != "mail_"}
        sent = resident.post("/my/join/101/", entry)
        assert "親子料理教室" in text(resident.get("/my/"))
        assert Client().get(sent.url).status_code == 404
        other = Client()
        sign_in(other, a_resident_account())
        assert other.get(sent.url).status_code == other.post(f"{sent.url}cancel/").status_code == 404

    def test_a_full_door_offers_the_waiting_list_then_nothing(self, doors, course) -> None:
        for number in range(3):
            doors.sign_up(course, number)
        assert "空き待ちに申し込む" in text(Client().get("/join/101/"))
        sent = Client()
        receipt = text(sent.get(sent.post("/my/join/101/", ENTRY).url))
        assert "空きを待っている中で1番目です" in receipt
        doors.sign_up(course, 8)
        shown = Client().post("/my/join/101/", {**ENTRY, "mail_": "b@example.jp", "sending": SENDING + "2"})
        assert shown.status_code == 409 and "満員のため" in text(shown) and "見本 花子" in text(shown)

    def test_an_offer_is_taken_on_the_own_page(self, doors) -> None:
        entrance = doors.open(COURSE_FIELDS, class_door({"total": 1, "answer_hours": 24}))
        first = doors.sign_up(entrance, 0)
        client = Client()
        sent = client.post("/my/join/101/", ENTRY)
        cancel_sign_up(by=VISITOR, arrival=first, clock=CLOCK)
        assert "参加する" in text(client.get(sent.url))
        client.post(f"{sent.url}accept/")
        assert Arrival.objects.last().state == "booked" and "参加が決まりました" in text(client.get(sent.url))

    def test_without_any_contact_nobody_signs_up(self, doors) -> None:
        doors.open(COURSE_FIELDS, class_door())
        shown = Client().post("/my/join/101/", {**ENTRY, "mail_": "", "phone": ""})
        assert shown.status_code == 422 and "連絡先" in text(shown)


class TestBuilding:
    def test_from_nothing_to_an_open_door(self, doors, maker) -> None:
        app = doors.app(SURVEY_FIELDS)
        at = f"/office/apps/{app.public_id}/"
        assert "入口はまだありません" in text(maker.get(f"{at}doors/"))
        made = maker.post(f"{at}doors/", {"kind": "survey", "title": "図書室アンケート", "edition": "0"})
        assert made.url == f"{at}doors/d1/questions/"
        asks = {"ask_often": "on", "order_often": "2", "ask_wants": "on", "order_wants": "1", "edition": "1",
                "label_en_often": "How often?", "choices_en_often": "Weekly\nMonthly"}  # fmt: skip
        assert maker.post(made.url, asks).url == f"{at}doors/d1/edit/"
        typed = {"title_ja": "図書室アンケート", "purpose_ja": "改善のため", "needs": "none", "kept_months": "6",
                 "anonymous": "on", "once": "freely", "results": "live", "closes_on": "2027-04-01", "edition": "2"}  # fmt: skip
        assert maker.post(f"{at}doors/d1/edit/", typed).status_code == 302
        door = app.versions.get(state="draft").content.doors[0]
        assert door.asked == ("wants", "often") and f"{door.closes_at}" == "2027-04-01 23:59:00"
        assert door.asks[1].choices["month"].en == "Monthly" and door.survey.once == "freely"
        assert "下書きの内容は、まだ使われていません" in text(maker.get(f"{at}doors/d1/"))
        assert maker.post(f"{at}fields/publish/", {"edition": "3"}).status_code == 302
        assert "公開の決裁を求める" in text(maker.get(f"{at}doors/d1/"))
        maker.post(f"{at}doors/d1/ask/")
        assert "確認中" in text(maker.get(f"{at}doors/d1/")) and Client().get("/join/101/").status_code == 404
        doors.decide()
        page = text(maker.get(f"{at}doors/d1/"))
        assert "公開中" in page and "/join/101/" in page and "0件" in page
        assert maker.post(f"{at}doors/d1/close/").status_code == 302
        assert Entrance.objects.get().state == "closed"
        maker.post(f"{at}doors/d1/reopen/")
        assert Entrance.objects.get().state == "open"

    def test_a_sign_up_by_the_page(self, doors, maker) -> None:
        door = class_door(asks=[{"field": "name"}, {"field": "time"}], state_field="")
        app = doors.app(CLASS_FIELDS, {**door, "places": {"total": 5}})
        at = f"/office/apps/{app.public_id}/doors/d1/edit/"
        typed = {"title_ja": "教室", "purpose_ja": "連絡のため", "needs": "none", "kept_months": "6", "edition": "0",
                 "closes_on": "2027-04-01", "closes_time": "17:00", "split_field": "time", "by_choice": "午前の回 10\n午後の回：８人",
                 "waiting": "3", "promotion": "automatic", "answer_hours": "48", "name_field": "name", "state_field": "state"}  # fmt: skip
        shown = maker.post(at, {**typed, "by_choice": "夜の回 3"})
        assert shown.status_code == 422 and "「夜の回 3」を読めません" in text(shown)
        assert maker.post(at, typed).status_code == 302
        places = app.versions.get(state="draft").content.doors[0].places
        assert places.by_choice == {"am": 10, "pm": 8} and places.answer_hours == 48
        assert "午後の回 8" in text(maker.get(at)) or "午後の回 8" in maker.get(at).content.decode()

    def test_what_somebody_else_saved_is_not_overwritten(self, doors, maker) -> None:
        app = doors.app(SURVEY_FIELDS, survey_door())
        at = f"/office/apps/{app.public_id}/doors/d1/"
        maker.post(f"{at}questions/", {"ask_often": "on", "edition": "0"})
        shown = maker.post(f"{at}questions/", {"ask_wants": "on", "edition": "0"})
        assert shown.status_code == 422 and "ほかの人が先に保存" in text(shown)

    @pytest.mark.parametrize("path", ["", "d1/", "d1/edit/", "d1/questions/", "d1/poster/"])
    def test_is_for_managers_of_the_app(self, desk, survey, path) -> None:
        stranger = sit(desk, "財政 主事")
        at = f"/office/apps/{survey.app.public_id}/doors/{path}"
        assert stranger.get(at).status_code == 404
        assert stranger.post(f"/office/apps/{survey.app.public_id}/doors/d1/close/").status_code == 404

    def test_work_with_what_came_in(self, doors, desk, maker, course) -> None:
        made = [doors.sign_up(course, number) for number in range(5)]
        at = f"/office/apps/{course.app.public_id}/doors/d1/"
        page = text(maker.get(at))
        assert "3人／定員3人" in page and "空き待ち（届いた順）" in page and "見本 4" in page
        assert AuditEvent.objects.filter(kind="view", verb="appbuilder.arrivals").exists()
        shown = maker.post(f"{at}cancel/", {"arrival": made[0].public_id, "reason": ""}, follow=True)
        assert "取り消す理由" in text(shown) and Arrival.objects.first().state == "booked"
        maker.post(f"{at}cancel/", {"arrival": made[0].public_id, "reason": "重複のため"})
        assert Arrival.objects.get(pk=made[3].pk).state == "booked"
        assert "重複のため" in text(maker.get(f"/office/apps/{course.app.public_id}/r/{made[0].record.public_id}/"))

    def test_names_are_hidden_from_who_may_not_see_the_field(self, doors, desk, course) -> None:
        doors.sign_up(course, 1)
        others = {"name": "全員", "everybody": True, "columns": {"name": "hide"}}
        desk.permit(others, app=course.app)
        page = text(sit(desk, "財政 主事").get(f"/office/apps/{course.app.public_id}/doors/d1/"))
        assert "101-1" in page and "見本 1" not in page and "取り消す" not in page

    def test_the_list_of_records_is_narrowed_to_a_door(self, doors, desk, maker, course) -> None:
        doors.sign_up(course, 1)
        app = App.objects.get(pk=course.app.pk)
        add_record(by=desk.maker, app=app, values={"name": "電話の人"}, clock=CLOCK)
        at = f"/office/apps/{course.app.public_id}/"
        assert "電話の人" in text(maker.get(at)) and "電話の人" not in text(maker.get(at, {"door": "101"}))

    def test_a_poster_leads_to_the_door(self, maker, course) -> None:
        made = maker.get(f"/office/apps/{course.app.public_id}/doors/d1/poster/")
        assert made["Content-Type"] == "application/pdf" and made.content.startswith(b"%PDF")

    def test_a_door_whose_app_has_changed_says_so_to_clerks_and_residents(self, doors, maker, survey) -> None:
        fields = [one for one in SURVEY_FIELDS if one["key"] != "words"]
        doors.change(survey.app, fields=fields, doors=[survey_door(asks=[{"field": "often"}])])
        assert "受付が止まっています" in text(maker.get(f"/office/apps/{survey.app.public_id}/doors/d1/"))
        assert "ただいま準備中です" in text(Client().get("/join/101/"))

    def test_an_erased_record_is_nowhere(self, doors, maker, course) -> None:
        arrival = doors.sign_up(course, 1)
        with unaudited_writes("test"):
            Arrival.objects.update(kept_until=TODAY - timedelta(days=1))
        erase_arrivals(by=doors.desk.maker, clock=CLOCK)
        assert maker.get(f"/office/apps/{course.app.public_id}/r/{arrival.record.public_id}/").status_code == 404
        assert "見本 1" not in text(maker.get(f"/office/apps/{course.app.public_id}/deleted/"))
