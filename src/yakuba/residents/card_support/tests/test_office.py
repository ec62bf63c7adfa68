"""The office pages: a day's work from the list to the result, and nothing for those it does not concern."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.cases.tests.test_protected_people import shelter
from yakuba.residents.card_support.home import found
from yakuba.residents.card_support.models import Appointment, ContactOpened, HolderFigure, Place, Slot, Visit
from yakuba.residents.card_support.tests.world import ADDRESS, HANAKO, OTHER, TODAY

pytestmark = pytest.mark.django_db
LIST = "/office/card/"


def words(answer: Any) -> str:
    return str(answer.content.decode())


def due(desk: Any, **changed: Any) -> Appointment:
    """An appointment of today: booked before, the slot moved to today."""
    slot = desk.slot(days=1, **changed)
    made = desk.book(slot)
    with unaudited_writes("test"):
        Slot.objects.filter(pk=slot.pk).update(day=TODAY, starts_at=slot.starts_at - timedelta(days=1))
        Appointment.objects.filter(pk=made.pk).update(day=TODAY)
    made.refresh_from_db()
    return made


class TestTheDay:
    def test_lists_todays_appointments_and_marks_many(self, desk, seat) -> None:
        one, two = due(desk), due(desk, hour=11)
        client = seat()
        page = words(client.get(LIST))
        assert one.number in page and two.number in page and "0242-84-1503" not in page
        client.post("/office/card/mark/", {"picked": [one.public_id, two.public_id, "nobody"], "action": "done"})
        assert list(Appointment.objects.values_list("state", "issued")) == [("done", 1)] * 2

    @pytest.mark.parametrize(
        "sent", [{}, {"action": "done"}, {"picked": ["x"]}, {"picked": ["x"] * 999, "action": "cancelled"}]
    )
    def test_marks_nothing_that_was_not_asked_for(self, desk, seat, sent) -> None:
        due(desk)
        assert seat().post("/office/card/mark/", sent).status_code == 302
        assert Appointment.objects.get().state == "booked"

    def test_coming_past_and_telephone_boxes(self, desk, seat) -> None:
        coming = desk.book(desk.slot(days=4))
        client = seat()
        assert coming.number in words(client.get(f"{LIST}?box=coming"))
        assert coming.number not in words(client.get(f"{LIST}?box=past"))
        assert coming.number not in words(client.get(f"{LIST}?box=call"))
        client.post(reverse("office-card-slot", args=[coming.slot.public_id]), {"reason": "点検"})
        assert coming.number in words(client.get(f"{LIST}?box=call"))

    @pytest.mark.parametrize(
        "query", ["day=x", "day=0001-01-01", "day=9999-12-31", "box=%00", "place=x&state=y", "q=" + "あ" * 3000]
    )
    def test_any_address_is_answered(self, desk, seat, query) -> None:
        assert seat().get(f"{LIST}?{query}").status_code == 200
        assert seat().get(f"/office/card/print/?{query}").status_code == 200

    def test_the_sheet_of_the_day_has_no_contacts_and_is_logged(self, desk, seat) -> None:
        due(desk)
        page = words(seat().get("/office/card/print/"))
        assert "見本 花子" in page and "0242-84-1503" not in page
        assert AuditEvent.objects.filter(verb="card.print").count() == 1

    def test_leaves_the_house_as_a_file_without_contacts_and_is_logged(self, desk, seat) -> None:
        due(desk)
        file = seat().get(f"{LIST}?export=csv")
        rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
        assert rows[1][2] == "見本 花子" and "0242-84-1503" not in file.content.decode("utf-8-sig")
        assert AuditEvent.objects.filter(verb__startswith="card.export").exists()


class TestWhoSeesIt:
    def test_another_section_sees_nothing_and_changes_nothing(self, desk, seat) -> None:
        made, visit = due(desk), desk.visit()
        client = seat(OTHER)
        for address in (LIST, "/office/card/visits/", "/office/card/print/"):
            page = client.get(address)
            assert page.status_code == 200 and "花子" not in words(page)
        assert client.get(reverse("office-card-appointment", args=[made.public_id])).status_code == 404
        assert client.get(reverse("office-card-visit", args=[visit.public_id])).status_code == 404
        assert "花子" not in words(client.get(reverse("office-card-slot", args=[made.slot.public_id])))
        for name, sent in (
            ("office-card-state", {"action": "done"}),
            ("office-card-cancel", {}),
            ("office-card-note", {"note-note": "x"}),
            ("office-card-results", {}),
            ("office-card-contact", {"contact-reason": "x"}),
        ):
            assert client.post(reverse(name, args=[made.public_id]), sent).status_code == 404
        assert client.post(reverse("office-card-slot", args=[made.slot.public_id]), {"reason": "x"}).status_code == 403
        assert client.get("/office/card/enter/").status_code == 403
        assert (
            client.post("/office/card/figures/", {"on": TODAY.isoformat(), "cards": "1", "source": "x"}).status_code
            == 403
        )
        assert Appointment.objects.get().state == "booked" and not HolderFigure.objects.exists()

    def test_nobody_signed_in_sees_a_sign_in(self, desk, client) -> None:
        made = due(desk)
        for address in (LIST, reverse("office-card-appointment", args=[made.public_id])):
            assert "sign-in" in client.get(address)["Location"]

    def test_opening_one_is_logged_with_its_subject(self, desk, seat) -> None:
        made = due(desk)
        page = words(seat().get(reverse("office-card-appointment", args=[made.public_id])))
        assert "0242-84-1503" in page
        event = AuditEvent.objects.get(verb="card.read")
        assert event.subjects == [f"card.appointment:{made.public_id}"]

    def test_a_protected_persons_contact_opens_with_a_reason_only(self, desk, seat) -> None:
        shelter()
        made, visit = due(desk), desk.visit()
        client = seat()
        for name, contact, one, secrets in (
            ("office-card-appointment", "office-card-contact", made, ("0242-84-1503",)),
            ("office-card-visit", "office-card-visit-contact", visit, ("0242-84-1503", ADDRESS)),
        ):
            page = words(client.get(reverse(name, args=[one.public_id])))
            assert "支援措置" in page and not any(secret in page for secret in secrets)
            refused = client.post(reverse(contact, args=[one.public_id]), {"contact-reason": ""})
            assert refused.status_code == 422 and not any(secret in words(refused) for secret in secrets)
            opened = client.post(reverse(contact, args=[one.public_id]), {"contact-reason": "日程の連絡"})
            assert all(secret in words(opened) for secret in secrets)
        assert ContactOpened.objects.count() == 2
        assert all(event.is_withheld for event in AuditEvent.objects.filter(verb__startswith="card.read"))


class TestOne:
    def test_state_results_note_and_another_time(self, desk, seat) -> None:
        made, other = due(desk), desk.slot(days=6)
        client = seat()
        client.post(reverse("office-card-note", args=[made.public_id]), {"note-note": "電話あり"})
        client.post(reverse("office-card-move", args=[made.public_id]), {"slot": other.public_id})
        made.refresh_from_db()
        assert (made.note, made.slot_id) == ("電話あり", other.pk)
        with unaudited_writes("test"):
            Appointment.objects.update(day=TODAY)
        client.post(reverse("office-card-state", args=[made.public_id]), {"action": "done"})
        client.post(
            reverse("office-card-results", args=[made.public_id]),
            {"result-applied": "0", "result-issued": "0", "result-renewed": "1", "result-other": "0"},
        )
        made.refresh_from_db()
        assert (made.state, made.issued, made.renewed) == ("done", 0, 1)

    @pytest.mark.parametrize("counts", [{"applied": "-1"}, {"applied": "21"}, {"applied": "x"}, {"applied": ""}])
    def test_impossible_results_are_refused_beside_the_field(self, desk, seat, counts) -> None:
        made = due(desk)
        client = seat()
        client.post(reverse("office-card-state", args=[made.public_id]), {"action": "done"})
        sent = {f"result-{kind}": counts.get(kind, "0") for kind in ("applied", "issued", "renewed", "other")}
        assert client.post(reverse("office-card-results", args=[made.public_id]), sent).status_code == 422

    def test_a_state_nobody_offers_changes_nothing(self, desk, seat) -> None:
        made = due(desk)
        for action in ("", "must_move", "cancelled", "x" * 500):
            seat().post(reverse("office-card-state", args=[made.public_id]), {"action": action})
        assert Appointment.objects.get().state == "booked"


class TestEntering:
    TYPED = {
        "arrival": "phone", "purpose": "collect", "comer": "self", "people": "1", "name": "見本 太郎", "kana": "ミホン タロウ",
        "phone": "0242-84-1503", "sending": "by-phone",
    }  # fmt: skip

    def test_by_telephone_number_and_password_are_said_once(self, desk, seat) -> None:
        slot = desk.slot()
        client = seat()
        assert slot.public_id in words(client.get("/office/card/enter/"))
        page = words(client.post("/office/card/enter/", {**self.TYPED, "slot": slot.public_id}))
        made = Appointment.objects.get()
        assert made.number in page and made.entered_by == desk.hall.staff["行政 主事"] and made.password_hash
        again = words(client.post("/office/card/enter/", {**self.TYPED, "slot": slot.public_id}))
        assert made.number in again and Appointment.objects.count() == 1

    def test_a_full_slot_and_a_wrong_word_keep_the_form(self, desk, seat) -> None:
        slot = desk.slot(capacity=1)
        answer = seat().post("/office/card/enter/", {**self.TYPED, "slot": slot.public_id, "people": "2"})
        assert answer.status_code == 422 and "見本 太郎" in words(answer)
        assert not Appointment.objects.exists()


class TestSlotsAndPlaces:
    PATTERN = {
        "weekdays": ["0", "1", "2", "3", "4", "5", "6"], "begins": "09:00", "ends": "12:00", "minutes": "30", "capacity": "2",
        "on_closing_days": "on",
    }  # fmt: skip

    def send(self, desk: Any, client: Any, action: str, **changed: Any) -> Any:
        days = {
            "first": (TODAY + timedelta(days=1)).isoformat(),
            "last": (TODAY + timedelta(days=7)).isoformat(),
            "place": desk.place.public_id,
        }
        return client.post("/office/card/slots/new/", {**self.PATTERN, **days, "action": action, **changed})

    def test_first_say_what_a_pattern_comes_to_then_make_it(self, desk, seat) -> None:
        client = seat()
        assert "42の予約枠ができます" in words(self.send(desk, client, "check"))
        assert not Slot.objects.exists()
        left_out = (TODAY + timedelta(days=2)).isoformat()
        assert self.send(desk, client, "send", left_out=left_out).status_code == 302
        assert Slot.objects.count() == 36

    @pytest.mark.parametrize(
        "changed",
        [{"last": "2020-01-01"}, {"minutes": "1"}, {"capacity": "0"}, {"left_out": "きのう"}, {"weekdays": []}, {"place": "x"},
         {"begins": "25:00"}, {"purposes": ["lost"]}, {"first": "\x00"}],
    )  # fmt: skip
    def test_what_makes_no_sense_is_refused(self, desk, seat, changed) -> None:
        assert self.send(desk, seat(), "send", **changed).status_code == 422
        assert not Slot.objects.exists()

    def test_closing_and_reopening(self, desk, seat) -> None:
        slot = desk.slot()
        desk.book(slot)
        client = seat()
        address = reverse("office-card-slot", args=[slot.public_id])
        assert client.post(address, {"reason": ""}).status_code == 422
        client.post(address, {"reason": "機器の点検"})
        assert "機器の点検" in words(client.get(address)) and Slot.objects.get().is_closed
        client.post(reverse("office-card-slot-reopen", args=[slot.public_id]))
        assert not Slot.objects.get().is_closed
        assert client.get(reverse("office-card-slot", args=["nosuchslot"])).status_code == 404

    def test_places_in_three_languages(self, desk, seat) -> None:
        client = seat()
        sent = {"name": "公民館", "name_easy": "こうみんかん", "name_en": "Hall", "where": "2階", "is_open": "on"}
        assert client.post("/office/card/slots/places/", sent).status_code == 302
        assert client.post("/office/card/slots/places/", sent).status_code == 422, "the name is taken"
        assert client.post("/office/card/slots/places/", {**sent, "name": "支所", "name_en": ""}).status_code == 422
        hall = Place.objects.get(name="公民館")
        client.post(reverse("office-card-place", args=[hall.public_id]), {**sent, "is_open": ""})
        hall.refresh_from_db()
        assert not hall.is_open


class TestVisits:
    def test_from_the_board_to_the_result(self, desk, seat) -> None:
        visit = desk.visit(by=HANAKO)
        client = seat()
        board = words(client.get("/office/card/visits/"))
        assert visit.number in board and ADDRESS not in board
        address = reverse("office-card-visit", args=[visit.public_id])
        assert ADDRESS in words(client.get(address))
        staff = desk.hall.staff["行政 主事"].public_id
        sent = {"schedule-on": TODAY.isoformat(), "schedule-at": "10:00", "schedule-staff": [staff]}
        assert client.post(reverse("office-card-visit-schedule", args=[visit.public_id]), sent).status_code == 302
        counts = {"result-applied": "1", "result-issued": "0", "result-renewed": "0", "result-other": "0"}
        client.post(reverse("office-card-visit-finish", args=[visit.public_id]), counts)
        visit.refresh_from_db()
        assert (visit.state, visit.applied, visit.staff.count()) == ("done", 1, 1)

    def test_declined_with_a_reason_and_telephoned(self, desk, seat) -> None:
        visit = desk.visit()
        client = seat()
        decline = reverse("office-card-visit-decline", args=[visit.public_id])
        assert client.post(decline, {"decline-reason": ""}).status_code == 422
        client.post(decline, {"decline-reason": "手配できません"})
        client.post(reverse("office-card-visit-called", args=[visit.public_id]))
        visit.refresh_from_db()
        assert (visit.state, visit.must_call) == ("declined", False)

    @pytest.mark.parametrize(
        "sent", [{"schedule-on": "x"}, {"schedule-staff": ["nobody"]}, {"schedule-at": "99:99"}, {}]
    )
    def test_what_cannot_be_scheduled_is_refused_in_the_form(self, desk, seat, sent) -> None:
        visit = desk.visit()
        assert seat().post(reverse("office-card-visit-schedule", args=[visit.public_id]), sent).status_code == 422
        assert Visit.objects.get().state == "received"

    def test_entered_by_telephone(self, desk, seat) -> None:
        client = seat()
        assert client.get("/office/card/visits/enter/personal/").status_code == 200
        assert client.get("/office/card/visits/enter/nothing/").status_code == 404
        sent = {
            "name": "見本 花子", "kana": "ミホン ハナコ", "phone": "0242-84-1503", "address": ADDRESS, "purpose": "apply",
            "people": "1", "wish_1": (TODAY + timedelta(days=4)).isoformat(), "part_1": "am", "sending": "s",
        }  # fmt: skip
        page = words(client.post("/office/card/visits/enter/personal/", sent))
        assert Visit.objects.get().number in page


class TestCounts:
    def test_as_page_csv_and_excel(self, desk, seat) -> None:
        made = due(desk)
        client = seat()
        client.post(reverse("office-card-state", args=[made.public_id]), {"action": "done"})
        page = words(client.get("/office/card/counts/"))
        assert "受け取り（交付）" in page and "<svg" in page and "花子" not in page
        rows = list(csv.reader(io.StringIO(client.get("/office/card/counts/?export=csv").content.decode("utf-8-sig"))))
        assert rows[1][:4] == [f"{TODAY:%Y-%m}", "役場", "受け取り（交付）", "1"]
        assert client.get("/office/card/counts/?export=xlsx").content[:2] == b"PK"
        assert client.get("/office/card/counts/?year=abc&export=exe").status_code == 200

    def test_figures_are_entered_with_day_and_source(self, desk, seat) -> None:
        client = seat()
        sent = {"on": TODAY.isoformat(), "cards": "9000", "population": "10000", "source": "総務省の公表"}
        client.post("/office/card/figures/", sent)
        assert "90.0%" in words(client.get("/office/card/figures/"))
        assert client.post("/office/card/figures/", {**sent, "cards": "20000"}).status_code == 422


def test_the_home_says_what_waits_and_the_search_finds_by_name(desk, seat) -> None:
    due(desk)
    desk.visit()
    client = seat()
    home = words(client.get("/office/"))
    assert "カードの予約：今日これから1件" in home and "訪問・出張（日程を決める）" in home
    hits = found(desk.clerk(), "ミホン")
    assert [hit.note.split()[0] for hit in hits] == [Appointment.objects.get().number, Visit.objects.get().number]
    assert found(desk.clerk(OTHER), "ミホン") == []
    assert AuditEvent.objects.filter(verb="card.list:search").count() == 1
