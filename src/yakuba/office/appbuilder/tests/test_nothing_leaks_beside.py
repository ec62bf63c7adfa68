"""What stands beside an app tells no more than it may: decisions, notices, views before the public, doors, copies, files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from yakuba.kernel.access.api import NotAllowed
from yakuba.kernel.approval.api import Outcome, decide, requests_on
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.identity.tests.people import a_resident_account, sign_in
from yakuba.kernel.notify.models import Message
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import App, Cell, Record, RecordComment, RecordHistory
from yakuba.office.appbuilder.rules.keeping import Care
from yakuba.office.appbuilder.rules.views import read_view
from yakuba.office.appbuilder.services import (
    add_comment,
    add_record,
    ask_to_publish,
    change_record,
    publish_version,
    save_definition,
)
from yakuba.office.appbuilder.services.copying import copy_for_trial
from yakuba.office.appbuilder.tests.door_world import CLASS_FIELDS, SURVEY_FIELDS, class_door, survey_door
from yakuba.office.appbuilder.tests.lending import ASK, LENDING, PROCESS, TAKE_BACK, lending, press, put_to_use
from yakuba.office.appbuilder.tests.spying import OF_EVERYBODY, addresses, answer
from yakuba.office.appbuilder.tests.world import CLOCK, FIELDS, define, lookable, open_app, sit

OWN = "自分の課"


def seen_by(client: Client, *paths: str) -> str:
    return "\n".join(answer(client, path, None) for path in paths)


class TestDecisions:
    """The head of 総務課 decides; the group of the section does not see price and note."""

    @pytest.fixture
    def asked(self, desk: Any) -> Record:
        thing = open_app(desk.maker, [{"key": "name", "label": "名", "type": "short_text"}], "物の台帳")
        other = add_record(by=desk.maker, app=thing, values={"name": "MK物"}, clock=CLOCK)
        lookup = {"key": "thing", "label": "物", "type": "lookup", "app": thing.public_id, "shows": "name"}
        double = {
            "key": "twice",
            "label": "倍",
            "type": "computed",
            "gives": "yen",
            "rule": {"*": [{"var": "price"}, 2]},
        }
        desk.app = put_to_use(desk, lending(fields=[*LENDING, lookup, double]))
        hidden = {"price": "hide", "note": "hide"}
        group = {"name": OWN, "sections": [desk.hall.sections["総務課"].public_id], "create": True, "edit": True}
        desk.permit({**group, "columns": hidden})
        everybody = {"name": "全員", "everybody": True}
        desk.permit({**everybody, "columns": {"name": "hide"}}, app=thing)
        values = {"price": 7_001_111, "note": "MK備考", "secret": "MK事情", "thing": other.public_id}
        record = desk.add(item="MK品", **values)
        press(record, "ask", by=desk.maker)
        return record

    MARKERS = ("7001111", "7,001,111", "14002222", "14,002,222", "MK備考", "MK事情", "MK物")

    def test_put_nothing_before_a_decider_that_a_group_of_the_app_does_not_see(self, desk, asked) -> None:
        request = requests_on(ref_of(asked))[0]
        assert request.facts["amount"] == 7_001_111  # by it the house says who decides
        head = sit(desk, "総務 課長")
        page = f"/office/decisions/{request.public_id}/"
        house = ("/office/decisions/", "/office/decisions/bulk/", "/office/", "/office/notices/")
        shown = seen_by(head, page, *house, f"/office/find/?q={request.title}")
        assert "MK品" in shown and "価格：（アプリの記録で確かめてください）" in shown
        assert [one for one in self.MARKERS if one in shown] == []
        record = seen_by(head, asked.get_absolute_url(), f"{asked.get_absolute_url()}print/")
        assert "MK事情" in record and not [one for one in self.MARKERS if one != "MK事情" and one in record]
        # Whoever sees the column reads it at the record.
        assert "7,001,111円" in seen_by(sit(desk, "行政 主事"), asked.get_absolute_url())

    def test_are_of_the_whole_record_all_the_same(self, desk, asked) -> None:
        from yakuba.kernel.audit.api import unaudited_writes

        with unaudited_writes("tests"):
            Record.objects.filter(pk=asked.pk).update(values={**asked.values, "price": 1})
        request = requests_on(ref_of(asked))[0]
        with pytest.raises(Refusal):
            decide(by=desk.colleague, request=request, outcome=Outcome.APPROVED, comment="", clock=CLOCK)

    def test_open_to_nobody_else(self, desk, asked) -> None:
        request = requests_on(ref_of(asked))[0]
        client = sit(desk, "産業 課長")
        assert client.get(f"/office/decisions/{request.public_id}/").status_code == 404
        assert "MK" not in seen_by(client, "/office/", "/office/decisions/", "/office/find/?q=MK")


class TestStates:
    def test_that_are_hidden_are_not_told_by_buttons_or_history(self, desk) -> None:
        go = {**ASK, "key": "go", "label": "MKへ進む", "groups": [OWN]}
        hand = {"key": "hand", "label": "MK渡す", "states": ["booked"], "to": "out", "groups": [OWN]}
        desk.app = put_to_use(desk, lending({**PROCESS, "buttons": [go, hand, TAKE_BACK]}))
        group = {"name": OWN, "sections": [desk.hall.sections["総務課"].public_id], "create": True, "edit": True}
        desk.permit(group)
        booked, moved, waiting = (desk.add(price=1) for _ in range(3))
        press(moved, "hand", by=desk.colleague)
        press(waiting, "go", by=desk.maker)
        head = sit(desk, "総務 課長")
        pages = [one.get_absolute_url() for one in (booked, moved, waiting)]
        assert "MK渡す" in seen_by(head, pages[0]) and "MKへ進む" in seen_by(head, pages[2])
        desk.permit({**group, "columns": {"state": "hide"}})
        shown = seen_by(head, *pages, f"{pages[0]}press/hand/", f"{pages[0]}press/go/", pages[0])
        assert "MK" not in shown and "貸出中" not in shown
        for record in (booked, moved):
            with pytest.raises((Refusal, NotAllowed), match="ありません"):
                press(record, "hand", by=desk.colleague)


class TestNotices:
    def test_of_a_comment_say_nothing_that_was_said(self, desk) -> None:
        for name in ("行政 主事", "総務 課長"):
            sit(desk, name).get("/office/")
        record = desk.add(item="MK品", note="MK備考")
        add_comment(by=desk.maker, record=record, text="MK語 @総務 課長", clock=CLOCK)
        assert Message.objects.count() == 1
        written = json.dumps(list(Message.objects.values()), default=str, ensure_ascii=False)
        assert "MK" not in written


class TestTrialCopies:
    def test_hold_nothing_personal_in_any_table_or_page(self, desk) -> None:
        fields = [
            {"key": "item", "label": "品名", "type": "short_text", "data_class": "personal", "filterable": True},
            {"key": "price", "label": "価格", "type": "yen", "data_class": "personal", "filterable": True, "sortable": True},
            {"key": "born", "label": "生年月日", "type": "date", "data_class": "sensitive", "filterable": True},
            {"key": "home", "label": "住所", "type": "address", "data_class": "personal"},
            {"key": "note", "label": "備考", "type": "long_text"},
            {"key": "called", "label": "呼び名", "type": "computed", "gives": "text", "rule": {"cat": [{"var": "item"}, "！"]}},
        ]  # fmt: skip
        app = open_app(desk.maker, fields, "名簿")
        for number in range(3):
            values = {
                "item": f"MK{number}名",
                "price": 7_001_111 + number,
                "born": f"1951-02-1{number}",
                "home": "MK町",
            }
            record = desk.add(app=app, **values, note="MK備考")
            add_comment(by=desk.maker, record=record, text="MK語", clock=CLOCK)
            change_record(by=desk.maker, record=record, values={"item": f"MK{number}後"}, version=1, clock=CLOCK)
        copy = copy_for_trial(by=desk.maker, app=App.objects.get(pk=app.pk), clock=CLOCK)
        records = Record.objects.filter(app=copy)
        rows = [*records.values(), *Cell.objects.filter(app=copy).values()]
        rows += RecordHistory.objects.filter(record__in=records).values()
        rows += RecordComment.objects.filter(record__in=records).values()
        assert records.count() == 3
        client = sit(desk, "行政 主事")
        home = f"/office/apps/{copy.public_id}/"
        told = seen_by(
            client, home, f"{home}?export=json", f"{home}?export=xlsx", *(one.get_absolute_url() for one in records)
        )
        told += json.dumps(rows, default=str, ensure_ascii=False)
        markers = ("MK", "7001111", "7001112", "7001113", "7,001,11", "1951-02-1", "昭和26年2月1")
        assert [one for one in markers if one in told] == []


class TestPackages:
    def test_hold_no_record(self, desk) -> None:
        record = desk.add(item="MK品", price=7_001_111, note="MK備考")
        client = sit(desk, "行政 主事")
        home = f"/office/apps/{desk.app.public_id}/"
        told = seen_by(client, f"{home}package/", f"{home}package/?download=1")
        assert "yakuba-app-package/1" in told
        assert [one for one in ("MK", "7001111", record.public_id) if one in told] == []


@pytest.fixture
def outside(doors: Any) -> Iterator[Any]:
    """A survey with live results, an event with three people, a chart before the public; all of it with things of the office."""
    cache.clear()
    desk = doors.desk
    survey = doors.open(SURVEY_FIELDS, survey_door())
    for number in range(12):
        doors.answer(survey, number, often="week" if number % 2 else "month", words=f"MK{number}声")
    fields = [one if one["key"] != "time" else {**one, "required": False} for one in CLASS_FIELDS]
    event = doors.open(fields, class_door())
    arrivals = [
        doors.sign_up(event, number, name=f"MK{number}名", phone=f"0242-84-150{number}", mail=f"mk{number}@example.jp")
        for number in range(4)
    ]
    for number, record in enumerate(Record.objects.filter(app__in=(survey.app, event.app))):
        change_record(
            by=desk.maker, record=record, values={"inner": f"MK{number}控"}, version=record.version, clock=CLOCK
        )
    private = [
        {**one, "data_class": "personal"} if one["key"] in ("item", "price", "note", "code") else one for one in FIELDS
    ]
    chart = read_view({"key": "chart", "name": "件数", "kind": "chart", "group": {"field": "state"}})
    definition = define(private).model_copy(update={"views": (chart,), "care": Care(purpose="備品の管理", years=5)})
    saved = save_definition(by=desk.maker, app=desk.app, definition=definition, edition=0, clock=CLOCK)
    publish_version(by=desk.maker, app=desk.app, edition=saved.edition, apps=lookable(), clock=CLOCK)
    for number in range(9):
        desk.add(
            item=f"MK{number}品",
            price=7_001_111,
            note=f"MK{number}備考",
            code=f"MK{number}記",
            state="in" if number < 7 else "out",
        )
    public = ask_to_publish(by=desk.maker, app=desk.app, key="chart", clock=CLOCK)
    request = DecisionRequest.objects.filter(subject_kind="appbuilder.public_view").latest("pk")
    decide(by=desk.colleague, request=request, outcome=Outcome.APPROVED, comment="", clock=CLOCK)
    yield {"survey": survey, "event": event, "arrivals": arrivals, "public": public, "desk": desk}


def of_everybody(outside: dict[str, Any]) -> list[tuple[str, str]]:
    """Every address of the app builder that is not the office's, with everything it may be about."""
    numbers = [str(outside[one].number) for one in ("survey", "event")]
    known = {
        "token": [outside["public"].public_id, outside["desk"].app.public_id],
        "number": numbers,
        "public_id": [one.public_id for one in outside["arrivals"]],
    }
    found = []
    for name, pattern, arguments in addresses():
        if not name.startswith(OF_EVERYBODY):
            continue
        choices: list[dict[str, str]] = [{}]
        for one in arguments:
            choices = [{**given, one: value} for given in choices for value in known[one]]
        found += [(name, "/" + pattern % given) for given in choices]
    return found


ASKED = "?f_price_from=7001000&q=K1&sort=price&group=note&export=json&all=1&f_state=out&columns=note&page=2&view=all"


@pytest.mark.parametrize("who", ["a visitor", pytest.param("another resident", marks=pytest.mark.prove)])
def test_outside_nobody_reads_what_others_wrote_or_what_the_office_keeps(outside, who, record_property) -> None:
    client = Client()
    if who != "a visitor":
        sign_in(client, a_resident_account())
    posted = {"receipt": "AAAA", "sending": "sending-1", "code": "1", "often": "week", "action": "send", "f_inner": "1"}
    counted = Record.objects.count()
    told = {}
    for name, path in of_everybody(outside):
        told[f"{name} {path}"] = seen_by(client, path) + seen_by(client, path + ASKED) + answer(client, path, posted)
    assert len(told) > 15
    markers = ("MK", "7001111", "7,001,111", "0242-84-150", "024284150", "example.jp", "職員のメモ")
    found = [(marker, place) for place, words in told.items() for marker in markers if marker in words]
    record_property("requests", 3 * len(told))
    record_property("leaks", len(found))
    assert found == [] and Record.objects.count() == counted
    shown = seen_by(client, f"/apps/{outside['public'].public_id}/")
    assert "7" in shown and "2未満" not in shown and "3未満" in shown  # seven, and two that are too few to be told
