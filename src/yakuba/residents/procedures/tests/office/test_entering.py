"""Entering what came by telephone, over the counter or on paper: the same forms, the register's help, the same records."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.cases.api import Case, case_of_number
from yakuba.kernel.cases.tests.world import ANSWERS
from yakuba.kernel.forms.models import Filling
from yakuba.kernel.people.api import Address, Found, RegisterUnavailable, Resident
from yakuba.residents.procedures.queries.at_hand import known_of_resident
from yakuba.residents.procedures.tests.filling import fields_of

pytestmark = pytest.mark.django_db
MY_NUMBER = "123456789018"


def words(answer) -> str:
    return answer.content.decode()


HANAKO = Resident(
    number="1001",
    name="見本　花子",
    reading="ミホン　ハナコ",
    born_on=date(1980, 4, 1),
    sex="女",
    became_resident_on=None,
    relationship="世帯主",
    is_head=True,
    address=Address("9696543", "福島県", "河沼郡会津坂下町", "字見本", "1番地", "福島県河沼郡会津坂下町字見本1番地"),
    phone="0242-84-1503",
)


class Register:
    """A register with one person; asked and answering like the real one."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.is_down = False
        self.resident = HANAKO

    def find(self, question):
        self.asked.append(question)
        if self.is_down:
            raise RegisterUnavailable("住民記録システムが応答しません。", hint="手で入力してください。")
        return Found((self.resident,))

    def by_number(self, number):
        return self.resident if number == self.resident.number else None


@pytest.fixture
def register(monkeypatch) -> Register:
    there = Register()
    monkeypatch.setattr("yakuba.kernel.people.queries.register_in_use", lambda: there)
    return there


def begin(world, client, kind: str = "application", **sent):
    procedure = world.procedures[kind]
    return client.post(
        reverse("office-enter-begin", args=[procedure.key]),
        {"arrival": "counter", "form": "small-form", "begin": "1", **sent},
    )


def fill(client, response, answers=None) -> Filling:
    """Fill the whole form on one page; the filling."""
    filling = Filling.objects.latest("pk")
    url = reverse("office-enter-step", args=[filling.public_id, "all"])
    assert response["Location"] == url
    client.get(url)
    wanted = ANSWERS if answers is None else answers
    for group in ("children", "children"):
        filling.refresh_from_db()
        client.post(url, {"edition": filling.edition, "action": f"add:{group}"})
    filling.refresh_from_db()
    definition = filling.version.read()
    fields = {name: value for step in definition.steps for name, value in fields_of(step, wanted).items()}
    page = client.get(url)
    sent = {**fields, "edition": filling.edition, "_shown": page.context["shown"].shown, "action": "next"}
    answer = client.post(url, sent)
    assert answer.status_code == 302, words(answer)[-3000:]
    return filling


class TestChoosing:
    def test_the_procedures_of_the_own_section_come_first(self, world, seat) -> None:
        page = words(seat().get(reverse("office-enter")))
        assert "見本の手続き（application）" in page and "見本の手続き（school）" not in page
        assert "見本の手続き（school）" in words(seat().get(reverse("office-enter") + "?whose="))

    def test_who_works_on_no_case_enters_none(self, world, seat) -> None:
        assert seat("町長 一郎").get(reverse("office-enter")).status_code == 403

    def test_a_procedure_without_an_open_form_is_not_there(self, world, seat) -> None:
        assert seat().get(reverse("office-enter-begin", args=["nothing"])).status_code == 404


class TestRegister:
    def test_the_person_at_hand_is_found_and_fills_the_form(self, world, seat, register) -> None:
        client = seat()
        url = reverse("office-enter-begin", args=[world.procedures["application"].key])
        page = client.post(url, {"arrival": "counter", "form": "small-form", "name": "みほん", "search": "1"})
        assert "見本　花子" in words(page) and "字見本1番地" in words(page)
        begin(world, client, resident="1001")
        assert Filling.objects.get().staff.name == "行政 主事"
        assert AuditEvent.objects.filter(verb="people.find_residents").exists()
        assert AuditEvent.objects.filter(verb="people.read_resident").exists()

    def test_a_register_that_is_silent_loses_nothing(self, world, seat, register) -> None:
        register.is_down = True
        url = reverse("office-enter-begin", args=[world.procedures["application"].key])
        page = seat().post(url, {"arrival": "phone", "form": "small-form", "name": "見本太郎", "search": "1"})
        assert page.status_code == 503
        assert "応答しません" in words(page) and "見本太郎" in words(page)

    def test_too_wide_a_question_is_refused(self, world, seat, register) -> None:
        url = reverse("office-enter-begin", args=[world.procedures["application"].key])
        page = seat().post(url, {"arrival": "phone", "form": "small-form", "name": "見", "search": "1"})
        assert page.status_code == 422 and not register.asked

    def test_what_the_register_knows_keeps_its_source(self) -> None:
        known = known_of_resident(HANAKO)
        assert known["profile.name"] == (
            {"family": "見本", "given": "花子", "family_kana": "ミホン", "given_kana": "ハナコ"},
            "register",
        )
        assert known["profile.address"][0]["place"] == "福島県河沼郡会津坂下町字見本"
        assert known["profile.birth_date"] == ("1980-04-01", "register")

    def test_of_a_protected_resident_no_place_is_filled_in(self) -> None:
        from dataclasses import replace

        hidden = replace(HANAKO, is_protected=True, address=None, phone="", mail="")
        assert set(known_of_resident(hidden)) == {"profile.birth_date", "profile.name"}

    def test_a_name_in_one_piece_is_left_to_the_clerk(self) -> None:
        from dataclasses import replace

        assert "profile.name" not in known_of_resident(replace(HANAKO, name="JOHN", reading="ジョン"))


class TestEntering:
    @pytest.mark.parametrize("arrival", ["counter", "phone", "post", "other"])
    def test_a_case_comes_into_being_with_its_way_and_who_entered_it(self, world, seat, arrival) -> None:
        client = seat()
        filling = fill(client, begin(world, client, arrival=arrival))
        check = client.get(reverse("office-enter-check", args=[filling.public_id]))
        assert "勤務先に出すため" in words(check) and "［職員が入力］" in words(check)
        receipt = client.post(
            reverse("office-enter-check", args=[filling.public_id]), {"with_password": "on"}, follow=True
        )
        case = Case.objects.get()
        assert case.number in words(receipt) and "<svg" in words(receipt)
        assert (case.arrival, case.entered_by.name, case.answers.sources["reason"]) == (arrival, "行政 主事", "clerk")
        assert case_of_number(case.number, receipt.context["password"]) == case

    def test_sent_twice_it_is_one_case(self, world, seat) -> None:
        client = seat()
        filling = fill(client, begin(world, client))
        url = reverse("office-enter-check", args=[filling.public_id])
        client.post(url, {"with_password": "on"})
        client.post(url, {"with_password": "on"})
        assert Case.objects.count() == 1

    def test_without_a_password_nobody_can_look_it_up(self, world, seat) -> None:
        client = seat()
        filling = fill(client, begin(world, client))
        receipt = client.post(reverse("office-enter-check", args=[filling.public_id]), {}, follow=True)
        assert Case.objects.get().password_hash == "" and 'class="qr"' not in words(receipt)

    def test_an_agent_stands_with_the_case(self, world, seat) -> None:
        client = seat()
        filling = fill(client, begin(world, client, is_agent="on"))
        url = reverse("office-enter-check", args=[filling.public_id])
        missing = client.post(url, {"with_password": "on"})
        assert missing.status_code == 422 and "代理人の氏名" in words(missing)
        client.post(url, {"with_password": "on", "name": "代理　三郎", "phone": "0242-84-1503"})
        case = Case.objects.get()
        assert {one.role: one.name for one in case.parties.all()} == {"applicant": "見本　花子", "agent": "代理　三郎"}

    def test_what_is_missing_is_said_and_stays(self, world, seat) -> None:
        client = seat()
        begin(world, client)
        filling = Filling.objects.get()
        url = reverse("office-enter-step", args=[filling.public_id, "all"])
        page = client.get(url)
        answer = client.post(
            url,
            {
                "edition": filling.edition,
                "_shown": page.context["shown"].shown,
                "reason": "書いた理由",
                "action": "next",
            },
        )
        assert answer.status_code == 422 and "書いた理由" in words(answer)
        assert client.get(reverse("office-enter-check", args=[filling.public_id])).status_code == 302

    def test_a_my_number_is_refused(self, world, seat) -> None:
        client = seat()
        begin(world, client)
        filling = Filling.objects.get()
        url = reverse("office-enter-step", args=[filling.public_id, "all"])
        page = client.get(url)
        client.post(
            url,
            {"edition": filling.edition, "_shown": page.context["shown"].shown, "reason": MY_NUMBER, "action": "next"},
        )
        filling.refresh_from_db()
        from yakuba.kernel.forms.fillings import answers_of, typed_of

        assert MY_NUMBER not in str(answers_of(filling)) and MY_NUMBER not in str(typed_of(filling))

    def test_another_clerk_does_not_reach_it(self, world, seat) -> None:
        client = seat()
        begin(world, client)
        filling = Filling.objects.get()
        other = seat("行政 班長")
        for name, rest in (("office-enter-check", ()), ("office-enter-step", ("all",)), ("office-enter-receipt", ())):
            assert other.get(reverse(name, args=[filling.public_id, *rest])).status_code == 404
        assert other.post(reverse("office-enter-give-up", args=[filling.public_id])).status_code == 404

    def test_what_was_begun_waits_and_can_be_thrown_away(self, world, seat) -> None:
        client = seat()
        begin(world, client)
        filling = Filling.objects.get()
        assert "書きかけ" in words(client.get(reverse("office-enter")))
        client.post(reverse("office-enter-give-up", args=[filling.public_id]))
        filling.refresh_from_db()
        assert filling.state == "given_up"

    def test_a_case_for_another_section_is_handed_over_with_its_receipt(self, world, seat) -> None:
        client = seat()
        filling = fill(client, begin(world, client, "school"))
        receipt = client.post(
            reverse("office-enter-check", args=[filling.public_id]), {"with_password": "on"}, follow=True
        )
        assert "教育課が処理します" in words(receipt)
        assert client.get(reverse("office-case", args=[Case.objects.get().public_id])).status_code == 404

    @pytest.mark.parametrize("sent", [{"arrival": "online"}, {"arrival": ""}, {"arrival": "pigeon"}])
    def test_only_ways_into_the_town_hall_can_be_chosen(self, world, seat, sent) -> None:
        assert begin(world, seat(), **sent).status_code == 422
        assert not Filling.objects.exists()

    def test_a_resident_of_the_register_that_is_none_is_refused(self, world, seat, register) -> None:
        assert begin(world, seat(), resident="9999").status_code == 422
