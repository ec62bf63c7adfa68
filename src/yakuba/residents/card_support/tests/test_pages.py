"""The pages of residents: without account, without JavaScript, nothing typed lost; and whatever strangers send."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.identity.tests.people import a_resident_account, sign_in
from yakuba.residents.card_support.models import Appointment, Reminder, Slot, Visit
from yakuba.residents.card_support.reminder_links import token_of
from yakuba.residents.card_support.services import close_slot
from yakuba.residents.card_support.tests.world import CLOCK, TODAY

pytestmark = pytest.mark.django_db
MY_NUMBER = "123456789018"
TYPED = {
    "comer": "self", "people": "1", "name": "見本　花子", "kana": "みほん はなこ", "phone": "0242841503", "mail": "",
    "wish": "車いすで行きます", "sending": "a-sending",
}  # fmt: skip


def words(answer: Any) -> str:
    return str(answer.content.decode())


def send(client: Client, chosen: Slot, action: str = "send", **changed: str) -> Any:
    return client.post("/my/card/book/collect/", {**TYPED, "slot": chosen.public_id, "action": action, **changed})


class TestThePublicPages:
    def test_show_what_one_comes_for_and_what_to_bring(self, desk, client) -> None:
        page = words(client.get("/card/"))
        assert "受け取り（交付）" in page and "/card/for/collect/" in page
        page = words(client.get("/card/for/collect/"))
        assert "交付通知書（はがき）" in page and "15歳未満" in page and "確認中の案内です" in page
        assert "時間を選んで予約する" not in words(client.get("/card/for/lost/"))
        assert client.get("/card/for/nothing/").status_code == 404

    def test_say_how_many_are_free_and_nothing_of_anybody(self, desk, client) -> None:
        slot = desk.slot(capacity=3)
        desk.book(slot, wish="車いす")
        page = words(client.get("/card/times/?purpose=collect"))
        assert "あと2人" in page and slot.public_id in page
        assert not re.search("花子|ハナコ|車いす|0242-84-1503", page)

    def test_a_full_or_closed_time_is_not_offered_and_the_next_free_day_is(self, desk, client) -> None:
        full, closed, free = desk.slot(capacity=1), desk.slot(hour=11), desk.slot(days=30)
        desk.book(full)
        close_slot(by=desk.clerk(), slot=closed, reason="点検", clock=CLOCK)
        page = words(client.get("/card/times/?purpose=collect"))
        assert full.public_id not in page and closed.public_id not in page
        assert f"from={free.day.isoformat()}" in page

    @pytest.mark.parametrize(
        "query",
        ["purpose=%00", "purpose=lost", "people=99999", "people=-1", "people=１", "place=x", "from=2026-02-31", "from=9999-99-99",
         "from=0001-01-01", "from=9999-12-31", "purpose=" + "a" * 5000, "people=1&people=2", "place=' OR 1=1"],
    )  # fmt: skip
    def test_addresses_nobody_wrote_by_hand_fall_back_to_what_is_usual(self, desk, client, query) -> None:
        desk.slot()
        assert client.get(f"/card/times/?{query}").status_code == 200

    @pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
    def test_speak_three_languages(self, desk, client, language) -> None:
        desk.slot()
        client.cookies["yakuba_language"] = language
        for address in ("/card/", "/card/for/apply/", "/card/times/", "/my/card/lookup/", "/my/card/reminders/"):
            page = words(client.get(address))
            main = page[page.index("<main") : page.index("</main>")]
            if language == "en":
                assert not re.search(r"[ぁ-ヿ]", re.sub(r"<[^>]* lang=\"ja\"[^>]*>[^<]*<", "", main)), address

    def test_without_any_place_say_so(self, desk, client) -> None:
        from yakuba.kernel.audit.api import unaudited_writes

        with unaudited_writes("test"):
            desk.place.is_open = False
            desk.place.save()
        assert "今は予約を受けていません" in words(client.get("/card/times/"))


class TestBookingPages:
    def test_from_the_form_over_the_check_to_number_and_password(self, desk, client) -> None:
        slot = desk.slot()
        page = words(client.get(f"/my/card/book/collect/?slot={slot.public_id}"))
        assert 'name="sending"' in page and slot.public_id in page
        check = send(client, slot, "check")
        assert check.status_code == 200 and "まだ予約していません" in words(check)
        assert "ミホン ハナコ" in words(check) and "0242-84-1503" in words(check)
        assert not Appointment.objects.exists()
        receipt = client.get(send(client, slot)["Location"])
        made = Appointment.objects.get()
        assert made.number in words(receipt) and made.wish == "車いすで行きます"
        password = re.search(r'number">([a-z2-9]{10})<', words(receipt))
        assert password
        other = Client()
        answer = other.post("/my/card/lookup/", {"number": made.number.lower(), "password": password[1]})
        assert answer["Location"] == reverse("card-own", args=[made.public_id])
        assert "見本 花子" in words(other.get(answer["Location"]))

    def test_the_password_is_gone_once_the_receipt_was_left(self, desk, client) -> None:
        receipt = send(client, desk.slot())["Location"]
        assert "パスワードは、もう" in words(client.get(receipt)).replace("パスワードはもう", "パスワードは、もう")
        made = Appointment.objects.get()
        client.get(reverse("card-own", args=[made.public_id]))
        assert not re.search(r'number">([a-z2-9]{10})<', words(client.get(receipt)))

    def test_pressed_twice_it_is_one_booking_with_the_same_password(self, desk, client) -> None:
        slot = desk.slot()
        pages = [words(client.get(send(client, slot)["Location"])) for _twice in range(2)]
        assert Appointment.objects.count() == 1
        first, second = (re.search(r'number">([a-z2-9]{10})<', page) for page in pages)
        assert first and second and first[1] == second[1]

    def test_a_slot_that_filled_meanwhile_offers_the_next_ones_and_keeps_every_word(self, desk, client) -> None:
        slot, other = desk.slot(capacity=1), desk.slot(hour=11)
        send(client, slot, "check")
        desk.book(slot)
        answer = send(client, slot)
        page = words(answer)
        assert answer.status_code == 422 and "満員になったか" in page
        assert other.public_id in page and slot.public_id not in page
        assert "見本　花子" in page and "車いすで行きます" in page and "0242841503" in page
        answer = send(client, other)
        assert answer.status_code == 302 and Appointment.objects.filter(slot=other).count() == 1

    def test_a_link_to_a_slot_that_is_gone_offers_others(self, desk, client) -> None:
        other = desk.slot()
        page = words(client.get("/my/card/book/collect/?slot=nosuchslot"))
        assert other.public_id in page and "下の時間から選んでください" in page

    def test_going_back_to_correct_keeps_every_word(self, desk, client) -> None:
        page = words(send(client, desk.slot(), "edit", name="見本 直子"))
        assert "見本 直子" in page and "車いすで行きます" in page

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"name": ""}, "必ず入力"),
            ({"kana": "mihon"}, "カタカナかひらがな"),
            ({"phone": "", "mail": ""}, "どちらかを入力"),
            ({"phone": "call me"}, "電話番号として読めません"),
            ({"mail": "no mail"}, "メール"),
            ({"comer": "king"}, ""),
            ({"people": "9"}, ""),
            ({"people": "１"}, ""),
            ({"people": "[]"}, ""),
            ({"name": "あ" * 5000}, ""),
            ({"wish": "あ" * 100_000}, ""),
            ({"wish": f"番号は{MY_NUMBER}です"}, "個人番号"),
            ({"name": MY_NUMBER}, "個人番号"),
            ({"sending": ""}, ""),
            ({"sending": "x" * 65}, ""),
            ({"slot": "../../etc"}, "別の時間"),
            ({"slot": ""}, ""),
            ({"name": "\x00"}, ""),
        ],
    )
    def test_what_cannot_be_is_refused_in_words_and_books_nothing(self, desk, client, changed, said) -> None:
        answer = send(client, desk.slot(), **changed)
        assert answer.status_code == 422 and said in words(answer)
        assert not Appointment.objects.exists()

    def test_neither_password_nor_sending_is_stored(self, desk, client) -> None:
        page = words(client.get(send(client, desk.slot())["Location"]))
        password = re.search(r'number">([a-z2-9]{10})<', page)
        stored = str(Appointment.objects.values().get())
        assert password and password[1] not in stored and TYPED["sending"] not in stored

    def test_a_file_for_the_calendar(self, desk, client) -> None:
        send(client, desk.slot())
        made = Appointment.objects.select_related("slot").get()
        file = client.get(reverse("card-calendar", args=[made.public_id]))
        assert file["Content-Type"].startswith("text/calendar")
        lines = file.content.split(b"\r\n")
        assert all(len(line) <= 75 for line in lines) and file.content.endswith(b"END:VCALENDAR\r\n")
        assert f"DTSTART:{made.slot.starts_at:%Y%m%dT%H%M%SZ}".encode() in lines
        assert "花子" not in file.content.decode() and made.number in file.content.decode()

    def test_one_address_sends_no_hundred_bookings(self, desk, client) -> None:
        slot = desk.slot(capacity=50)
        states = [send(client, slot, sending=f"s{number}").status_code for number in range(33)]
        assert states.count(302) == 30 and states[-1] == 429


class TestOwnPages:
    def looked_up(self, desk: Any, client: Client, **changed: Any) -> Appointment:
        made = desk.book(desk.slot(**changed), password="abcdefghij")
        answer = client.post("/my/card/lookup/", {"number": made.number, "password": "abcdefghij"})
        assert answer.status_code == 302
        return made

    def test_a_wrong_password_says_so_is_logged_and_is_stopped(self, desk, client) -> None:
        from yakuba.kernel.audit.models import AuditEvent

        made = desk.book(desk.slot(), password="abcdefghij")
        states = [
            client.post("/my/card/lookup/", {"number": made.number, "password": "wrong"}).status_code
            for _try in range(6)
        ]
        assert states == [422] * 5 + [429]
        assert AuditEvent.objects.filter(verb="card.look_up").count() == 5
        right = client.post("/my/card/lookup/", {"number": made.number, "password": "abcdefghij"})
        assert right.status_code == 429, "whoever guessed too often waits, right or wrong"

    def test_writing_the_number_otherwise_gives_no_further_tries(self, desk, client) -> None:
        made = desk.book(desk.slot(), password="abcdefghij")
        for typed in (made.number, made.number.lower(), made.number.replace("-", ""), f" {made.number}", made.number):
            client.post("/my/card/lookup/", {"number": typed, "password": "wrong"})
        assert (
            client.post("/my/card/lookup/", {"number": made.number.replace("-", "ー"), "password": "x"}).status_code
            == 429
        )

    def test_booked_by_an_account_it_is_not_found_by_number(self, desk, client) -> None:
        account = a_resident_account()
        made = desk.book(desk.slot(), by=Person(id=account.public_id, name="x", kind=PersonKind.RESIDENT))
        assert client.post("/my/card/lookup/", {"number": made.number, "password": ""}).status_code == 422
        assert client.get(reverse("card-own", args=[made.public_id])).status_code == 404
        sign_in(client, account)
        assert client.get(reverse("card-own", args=[made.public_id])).status_code == 200
        assert made.slot.venue.name in words(client.get("/my/")) or "マイナンバーカードの窓口" in words(
            client.get("/my/")
        )

    def test_moved_to_another_time(self, desk, client) -> None:
        made = self.looked_up(desk, client)
        other = desk.slot(days=8)
        address = reverse("card-change", args=[made.public_id])
        assert other.public_id in words(client.get(address))
        assert client.post(address, {"picked": other.public_id}).status_code == 302
        made.refresh_from_db()
        assert made.slot_id == other.pk

    @pytest.mark.parametrize("picked", ["", "nosuchslot", "x" * 9000, "\x00"])
    def test_moving_to_what_is_not_there_moves_nothing(self, desk, client, picked) -> None:
        made = self.looked_up(desk, client)
        before = made.slot_id
        answer = client.post(reverse("card-change", args=[made.public_id]), {"picked": picked})
        made.refresh_from_db()
        assert answer.status_code == 409 and made.slot_id == before

    def test_cancelled_after_asking(self, desk, client) -> None:
        made = self.looked_up(desk, client)
        address = reverse("card-cancel", args=[made.public_id])
        assert "取り消しますか" in words(client.get(address))
        for _twice in range(2):
            assert client.post(address).status_code == 302
        made.refresh_from_db()
        assert made.state == "cancelled" and made.slot.__class__.objects.get(pk=made.slot_id).taken == 0

    def test_too_late_it_says_whom_to_call_and_acts_refuse(self, desk, client) -> None:
        from yakuba.kernel.audit.api import unaudited_writes

        made = self.looked_up(desk, client)
        with unaudited_writes("test"):
            Slot.objects.update(starts_at=CLOCK.now(), day=TODAY)
        page = words(client.get(reverse("card-own", args=[made.public_id])))
        assert "電話でお知らせください" in page and "時間を変える" not in page
        client.post(reverse("card-cancel", args=[made.public_id]))
        made.refresh_from_db()
        assert made.state == "booked"

    @pytest.mark.parametrize("name", ["card-own", "card-receipt", "card-change", "card-cancel", "card-calendar"])
    def test_of_others_nothing_opens(self, desk, client, name) -> None:
        made = desk.book(desk.slot(), password="abcdefghij")
        sign_in(client, a_resident_account())
        assert client.get(reverse(name, args=[made.public_id])).status_code == 404
        assert client.post(reverse(name, args=[made.public_id])).status_code in (404, 405)
        made.refresh_from_db()
        assert made.state == "booked"


class TestVisitPages:
    TYPED = {
        "name": "見本 花子", "kana": "ミホン ハナコ", "phone": "0242-84-1503", "address": "字見本1番地", "purpose": "apply",
        "people": "1", "part_1": "am", "sending": "a-visit", "reason": "足が悪いため",
    }  # fmt: skip

    def send(self, client: Client, kind: str = "personal", action: str = "send", **changed: str) -> Any:
        wish = (TODAY + timedelta(days=9)).isoformat()
        return client.post(f"/my/card/visit/{kind}/", {**self.TYPED, "wish_1": wish, "action": action, **changed})

    def test_asked_for_checked_sent_and_withdrawn(self, desk, client) -> None:
        assert client.get("/my/card/visit/personal/").status_code == 200
        check = self.send(client, action="check")
        assert "まだ申し込んでいません" in words(check) and "字見本1番地" in words(check)
        receipt = self.send(client)
        visit = Visit.objects.get()
        assert visit.number in words(client.get(receipt["Location"]))
        page = words(client.get(reverse("card-own-visit", args=[visit.public_id])))
        assert "日程の調整中" in page and "字見本1番地" in page
        client.post(reverse("card-visit-withdraw", args=[visit.public_id]))
        visit.refresh_from_db()
        assert visit.state == "withdrawn"

    def test_a_group_names_itself(self, desk, client) -> None:
        assert self.send(client, "group").status_code == 422
        assert self.send(client, "group", organisation="見本工業", people="30").status_code == 302
        assert Visit.objects.get().organisation == "見本工業"

    @pytest.mark.parametrize(
        "changed",
        [{"people": "11"}, {"people": "1e3"}, {"wish_1": ""}, {"wish_1": "2020-01-01"}, {"wish_1": "あした"}, {"part_1": "night"},
         {"purpose": "lost"}, {"reason": MY_NUMBER}, {"address": "あ" * 300}, {"address": f"字{MY_NUMBER}"}],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, desk, client, changed) -> None:
        assert self.send(client, **changed).status_code == 422
        assert not Visit.objects.exists()

    def test_of_others_nothing_opens(self, desk, client) -> None:
        visit = desk.visit(password="abcdefghij")
        for name in ("card-own-visit", "card-visit-receipt"):
            assert client.get(reverse(name, args=[visit.public_id])).status_code == 404
        assert client.post(reverse("card-visit-withdraw", args=[visit.public_id])).status_code == 404


class TestReminderPages:
    def ask(self, client: Client, **changed: str) -> Any:
        day = (TODAY + timedelta(days=400)).isoformat()
        return client.post("/my/card/reminders/", {"card_until": day, "mail": "hanako@example.jp", **changed})

    def test_asked_for_confirmed_and_stopped_without_signing_in(self, desk, client) -> None:
        assert self.ask(client)["Location"] == "/my/card/reminders/sent/"
        assert client.get("/my/card/reminders/sent/").status_code == 200
        entry = Reminder.objects.get()
        address = reverse("card-reminder", args=[token_of(entry)])
        assert "お知らせを始める" in words(client.get(address))
        entry.refresh_from_db()
        assert entry.confirmed_at is None, "opening the link changes nothing"
        client.post(address, {"action": "confirm"})
        entry.refresh_from_db()
        assert entry.confirmed_at is not None
        assert "止めました" in words(client.post(address, {"action": "stop"}))
        assert not Reminder.objects.exists() and client.get(address).status_code == 404

    def test_nobody_learns_whether_an_address_is_known(self, desk, client) -> None:
        first, second = self.ask(client), self.ask(client)
        assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])

    @pytest.mark.parametrize(
        "changed",
        [{"card_until": ""}, {"card_until": "2020-01-01"}, {"card_until": "2999-01-01"}, {"card_until": "x" * 999}, {"mail": ""},
         {"mail": "no"}, {"mail": "a@example.jp\nBcc: b@example.jp"}, {"certificate_until": "1999-01-01"}],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, desk, client, changed) -> None:
        assert self.ask(client, **changed).status_code == 422
        assert not Reminder.objects.exists()

    def test_nobodys_mail_box_is_filled(self, desk, client) -> None:
        assert [self.ask(client).status_code for _time in range(5)] == [302] * 4 + [429]

    def test_an_account_needs_no_mail_and_has_one_entry(self, desk, client) -> None:
        sign_in(client, a_resident_account())
        for _twice in range(2):
            assert self.ask(client)["Location"] == "/my/card/reminders/"
        entry = Reminder.objects.get()
        assert entry.confirmed_at and not entry.mail
        assert "お知らせを登録しています" in words(client.get("/my/card/reminders/"))
