"""電子申請: the door's form in the hands of the form engine, and the record of each case that arrives by it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from yakuba.kernel.access.api import NotAllowed, Role
from yakuba.kernel.approval.api import Outcome, decide
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.api import Case, Party, submit_case
from yakuba.kernel.cases.tests.world import make_procedure
from yakuba.kernel.catalogue.models import Channel
from yakuba.kernel.forms.api import ask_for_publication, begin_filling, change_draft, live_version
from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.forms.rules.lifecycle import LegalGround
from yakuba.kernel.forms.sealing import seal_answers
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import App, Arrival, Entrance
from yakuba.office.appbuilder.services import ask_for_door, close_door, door_cases, make_door_form
from yakuba.office.appbuilder.tests.door_world import records_of, resident
from yakuba.office.appbuilder.tests.world import CLOCK, acting, cells_are_right, sit

FIELDS: list[dict[str, Any]] = [
    {"key": "name", "label": "氏名", "type": "short_text", "required": True, "filterable": True, "data_class": "personal"},
    {"key": "reason", "label": "理由", "type": "long_text", "required": True},
    {"key": "kind", "label": "種別", "type": "choice", "choices": [{"key": "赤", "label": "赤い札"}, {"key": "b", "label": "青い札"}]},
    {"key": "home", "label": "住所", "type": "address", "data_class": "personal"},
    {"key": "inner", "label": "職員のメモ", "type": "short_text"},
]  # fmt: skip
DOOR: dict[str, Any] = {
    "key": "d1",
    "kind": "application",
    "title": {"ja": "札の交付申請", "en": "Asking for a tag"},
    "purpose": {"ja": "札の交付のため"},
    "asks": [{"field": "name"}, {"field": "reason"}, {"field": "kind"}, {"field": "home"}],
    "name_field": "name",
    "procedure": "sample-application",
}
NAME = {"family": "見本", "given": "花子", "family_kana": "ミホン", "given_kana": "ハナコ"}
HOME = {"postal_code": "969-6543", "place": "会津坂下町字見本", "lot": "1番地", "building": ""}
ANSWERS: dict[str, Any] = {
    "applicant_name_": NAME, "applicant_address_": HOME, "applicant_phone_": "0242-00-0000", "reason": "なくしたため",
    "kind": "no.0", "home": HOME,
}  # fmt: skip


@pytest.fixture
def town(doors: Any) -> Any:
    """The app with its door, and the procedure of the section in charge."""
    with unaudited_writes("test"):
        doors.procedure = make_procedure(doors.desk.hall, 1, "application", "行政管理班")
    doors.made = doors.app(FIELDS, DOOR, title="札の台帳")
    return doors


def publish(town: Any) -> Entrance:
    """The way every form goes: ground, another person's check, the decision."""
    version = make_door_form(by=town.desk.maker, app=town.made, key="d1", clock=CLOCK)
    ground = LegalGround("札条例第2条", "オンライン化条例第3条", "署名不要", version.purpose)
    version = change_draft(
        by=town.desk.maker, version=version, seen_edition=version.edition, ground=ground, clock=CLOCK
    )
    checker = acting(town.desk.hall.staff["財政 主事"], Role.SECRETARIAT)
    ask_for_publication(by=checker, version=version, authority=town.procedure.authority, clock=CLOCK)
    request = DecisionRequest.objects.get(subject_kind="forms.version")
    decide(by=town.head, request=request, outcome=Outcome.APPROVED, comment="", clock=CLOCK)
    return Entrance.objects.select_related("app").get()


def send(town: Any, *, name: str = "見本　花子", **changed: Any) -> Case:
    begun = begin_filling(
        by=resident(1), version=live_version("app-door-101"), about=town.procedure.key, language="ja", facts={},
        known={}, clock=CLOCK,
    )  # fmt: skip
    with unaudited_writes("test"):
        begun.filling.answers = seal_answers(ANSWERS | changed)
        begun.filling.save()
    return submit_case(
        by=resident(1), procedure=town.procedure, filling=begun.filling, applicant=Party(name=name), clock=CLOCK
    )


def test_the_door_opens_when_its_form_is_decided_and_the_procedure_is_online_from_then_on(town) -> None:
    with pytest.raises(Refusal, match="様式の公開の決裁"):
        ask_for_door(by=town.desk.maker, app=town.made, key="d1", clock=CLOCK)
    version = make_door_form(by=town.desk.maker, app=town.made, key="d1", clock=CLOCK)
    assert version.purpose == "札の交付のため" and Entrance.objects.get().state == "checking"
    again = make_door_form(by=town.desk.maker, app=town.made, key="d1", clock=CLOCK)
    assert again == version and FormVersion.objects.count() == Channel.objects.count() == 1
    entrance = publish(town)
    assert entrance.state == "open" and Channel.objects.get().live_since is not None
    front = Client().get("/join/101/").content.decode()
    assert "札の交付申請" in front and "/my/apply/sample-application/" in front
    assert Client().get("/my/join/101/").url == "/my/apply/sample-application/"
    with pytest.raises(Refusal, match="様式の画面"):
        close_door(by=town.desk.maker, entrance=entrance, clock=CLOCK)


def test_a_case_that_arrives_is_a_record_too_and_each_points_at_the_other(town) -> None:
    entrance = publish(town)
    case = send(town)
    [record] = records_of(entrance)
    assert record.values == {
        "name": "見本　花子", "reason": "なくしたため", "kind": "赤", "home": "〒969-6543 会津坂下町字見本1番地"
    }  # fmt: skip
    arrival = Arrival.objects.get()
    assert (arrival.case, arrival.number, arrival.account) == (case.public_id, case.number, "")
    cells_are_right(entrance.app)
    page = sit(town.desk, "行政 主事").get(f"/office/apps/{entrance.app.public_id}/r/{record.public_id}/")
    assert f"/office/cases/{case.public_id}/" in page.content.decode()


def test_nothing_in_the_app_keeps_a_case_from_arriving(town) -> None:
    entrance = publish(town)
    fields = [{**FIELDS[0], "unique": True}, {"key": "must", "label": "必須", "type": "short_text", "required": True}]
    town.change(entrance.app, fields=fields, doors=[])
    send(town)
    send(town)
    assert Case.objects.count() == 2
    assert [one.values for one in records_of(entrance)] == [{"name": "見本　花子"}, {}]
    with unaudited_writes("test"):
        App.objects.filter(pk=entrance.app_id).update(closed_at=CLOCK.now())
    send(town)
    assert Case.objects.count() == 3 and Arrival.objects.count() == 2


def test_no_place_of_a_protected_person_comes_into_the_app(town, monkeypatch) -> None:
    entrance = publish(town)
    monkeypatch.setattr(door_cases, "is_protected_case", lambda case, on: True)
    send(town)
    assert "home" not in records_of(entrance)[0].values


def test_only_who_keeps_app_and_procedure_makes_the_form(town) -> None:
    with pytest.raises(NotAllowed):
        make_door_form(by=town.desk.stranger, app=town.made, key="d1", clock=CLOCK)
    with unaudited_writes("test"):
        type(town.procedure).objects.update(section=town.desk.hall.sections["教育課"])
    with pytest.raises(NotAllowed):
        make_door_form(by=town.desk.maker, app=town.made, key="d1", clock=CLOCK)
    assert not FormVersion.objects.exists()


def test_the_pages_lead_from_the_door_to_the_form(town) -> None:
    maker = sit(town.desk, "行政 主事")
    at = f"/office/apps/{town.made.public_id}/doors/d1/"
    assert "様式を作る" in maker.get(at).content.decode()
    assert "見本の手続き（application）" in maker.get(f"{at}edit/").content.decode()
    made = maker.post(f"{at}form/")
    assert made.url.startswith("/office/forms/")
    assert "様式の公開を待っています" in maker.get(at).content.decode()
