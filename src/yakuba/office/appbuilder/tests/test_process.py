"""A process: who may press what and when, what a decision does, what stays closed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from yakuba.kernel.access.api import NotAllowed, NotVisible
from yakuba.kernel.approval.api import Outcome, decide, requests_on, withdraw_request
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import Act, App, PressRequest, PressState, Record, RecordHistory
from yakuba.office.appbuilder.rules.definition import read_definition
from yakuba.office.appbuilder.rules.process import Process, at_press
from yakuba.office.appbuilder.rules.process_check import process_problems, reachable
from yakuba.office.appbuilder.services import (
    AlreadyPressed,
    NotReady,
    RecordFault,
    UnderDecision,
    begin_import,
    change_permissions,
    change_record,
    delete_record,
    finish_import,
    go_back,
    import_chunk,
)
from yakuba.office.appbuilder.tests.lending import (
    ASK,
    HAND_OUT,
    LENDING,
    PROCESS,
    TAKE_BACK,
    lending,
    now,
    press,
    put_to_use,
)
from yakuba.office.appbuilder.tests.world import CLOCK, cells_are_right, sit

GROUPS = ("管理する人", "自分の課")


@pytest.fixture
def lent(desk: Any) -> Any:
    """The desk with the process in use; its maker is in the group 管理する人, the colleague in 自分の課."""
    desk.app = put_to_use(desk, lending())
    return desk


@pytest.fixture
def record(lent: Any) -> Record:
    return lent.add(by=lent.colleague, price=5000)


class TestTheRules:
    def test_a_process_comes_back_unchanged_from_json(self) -> None:
        definition = lending()
        assert read_definition(definition.to_json()) == definition
        assert definition.process is not None and definition.process.button("ask").approval.kind == "高額備品の貸出"

    def test_a_sound_process_has_no_problems(self) -> None:
        assert process_problems(lending(), groups=GROUPS) == ()

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"field": "item"}, "状態の項目が見つかりません"),
            ({"start": "gone"}, "最初の状態が選択肢にありません"),
            ({"ends": ["back"]}, "状態「不可」：ここから先に進むボタンがありません"),
            ({"ends": ["back", "gone"]}, "終わりの状態が選択肢にありません"),
            ({"buttons": [HAND_OUT, TAKE_BACK]}, "状態「不可」：どのボタンを押しても、この状態になりません"),
            ({"buttons": [{**HAND_OUT, "to": "gone"}, TAKE_BACK, ASK]}, "選択肢にない状態"),
            ({"buttons": [{**HAND_OUT, "states": []}, TAKE_BACK, ASK]}, "どの状態で出すかが決まっていません"),
            ({"buttons": [{**HAND_OUT, "groups": ["無い班"]}, TAKE_BACK, ASK]}, "グループ「無い班」が権限にありません"),
            ({"buttons": [{**HAND_OUT, "groups": []}, TAKE_BACK, ASK]}, "押せる人がいません"),
            ({"buttons": [{**HAND_OUT, "people": ["item"]}, TAKE_BACK, ASK]}, "「職員」ではありません"),
            ({"buttons": [{**HAND_OUT, "rule": {"<": [{"var": "weight"}, 1]}}, TAKE_BACK, ASK]}, "条件："),
            ({"buttons": [{**HAND_OUT, "asks": ["gone"]}, TAKE_BACK, ASK]}, "入力させる項目が見つかりません"),
            ({"buttons": [{**HAND_OUT, "asks": ["state"]}, TAKE_BACK, ASK]}, "状態の項目は、ボタンで入力させられません"),
            ({"buttons": [{**HAND_OUT, "sets": [{"field": "item", "to": "today"}]}, TAKE_BACK, ASK]}, "入れられません"),
            ({"buttons": [{**HAND_OUT, "sets": [{"field": "item", "to": "empty"}]}, TAKE_BACK, ASK]}, "入れられません"),
            (
                {"buttons": [{**HAND_OUT, "sets": [{"field": "state", "to": "constant", "value": "no"}]}, TAKE_BACK, ASK]},
                "状態の項目に、別の値を入れられません",
            ),
            ({"buttons": [HAND_OUT, TAKE_BACK, {**ASK, "approval": {"kind": "x", "amount": "item"}}]}, "金額（円）"),
            ({"buttons": [HAND_OUT, HAND_OUT, TAKE_BACK, ASK]}, "同じキー"),
            ({"buttons": [HAND_OUT, {**HAND_OUT, "key": "b"}, TAKE_BACK, ASK]}, "というボタンが二つあります"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said(self, changed, said) -> None:
        found = process_problems(lending({**PROCESS, **changed}), groups=GROUPS)
        assert any(said in one.words() for one in found), [one.words() for one in found]

    def test_a_state_only_a_refused_decision_leads_to_is_reached(self) -> None:
        definition = lending()
        assert "no" in reachable(definition.process, definition)

    def test_a_record_without_a_state_stands_at_the_start(self) -> None:
        assert Process(field="state", start="booked").state_of({}) == "booked"

    def test_a_button_sets_the_day_the_hour_the_presser_and_constants(self) -> None:
        sets = lending().process.button("hand_out").sets + lending().process.button("take_back").sets
        found = at_press(sets, at=CLOCK.now(), staff="abc")
        assert found["keeper"] == "abc" and found["note"] == "返却済み"
        assert re.fullmatch(r"\d\d:\d\d", found["at"]) and found["back_on"] == CLOCK.now().date().isoformat()


class TestPressing:
    def test_moves_the_record_fills_fields_and_is_told_in_the_history(self, lent, record) -> None:
        press(record, "hand_out", by=lent.colleague, due_on="2027-03-20")
        values = now(record)
        assert values["state"] == "out" and values["due_on"] == "2027-03-20"
        assert values["keeper"] == lent.hall.staff["総務 課長"].public_id
        entry = RecordHistory.objects.get(record=record, version=2)
        assert (entry.act, entry.words, entry.by) == (Act.PRESSED, "貸し出す", lent.colleague.id)
        assert entry.before == {"state": "booked", "due_on": None, "keeper": None, "at": None}
        cells_are_right(lent.app)

    def test_needs_the_fields_it_asks_for(self, lent, record) -> None:
        with pytest.raises(RecordFault, match="「貸し出す」には「返却予定日」が必要です"):
            press(record, "hand_out", by=lent.colleague)
        with pytest.raises(NotAllowed):
            press(record, "hand_out", by=lent.colleague, due_on="2027-03-20", note="ついでに")
        assert now(record)["state"] == "booked"

    def test_is_for_those_it_names(self, lent, record) -> None:
        with pytest.raises(NotAllowed):
            press(record, "hand_out", by=lent.maker, due_on="2027-03-20")  # in 管理する人, not in 自分の課
        with pytest.raises(NotVisible):
            press(record, "hand_out", by=lent.stranger, due_on="2027-03-20")
        with pytest.raises(NotAllowed):
            press(record, "ask", by=lent.maker)  # only who made the record

    def test_is_for_the_person_in_a_field(self, lent) -> None:
        record = lent.add(by=lent.colleague, price=1, keeper=lent.hall.staff["行政 主事"].public_id)
        press(record, "hand_out", by=lent.colleague, due_on="2027-03-20")
        change_record(
            by=lent.colleague,
            record=Record.objects.get(pk=record.pk),
            values={"keeper": lent.hall.staff["行政 主事"].public_id},
            version=2,
            clock=CLOCK,
        )
        press(record, "take_back", by=lent.maker)
        assert now(record)["state"] == "back"

    def test_keeps_to_state_and_condition(self, lent, record) -> None:
        with pytest.raises(Refusal, match="いまの状態では"):
            press(record, "take_back", by=lent.colleague)
        dear = lent.add(by=lent.colleague, price=200_000)
        with pytest.raises(Refusal, match="条件を満たしていません"):
            press(dear, "hand_out", by=lent.colleague, due_on="2027-03-20")
        with pytest.raises(Refusal, match="ありません"):
            press(record, "gone", by=lent.colleague)

    def test_twice_is_once(self, lent, record) -> None:
        press(record, "hand_out", by=lent.colleague, due_on="2027-03-20")
        with pytest.raises(AlreadyPressed):
            press(record, "hand_out", by=lent.colleague, version=1, due_on="2027-03-20")
        assert RecordHistory.objects.filter(record=record, act=Act.PRESSED).count() == 1

    def test_says_yes_to_what_was_seen_only(self, lent, record) -> None:
        change_record(by=lent.maker, record=record, values={"price": 99_000}, version=1, clock=CLOCK)
        with pytest.raises(Refusal, match="まだ押していません"):
            press(record, "hand_out", by=lent.colleague, version=1, due_on="2027-03-20")

    def test_nothing_else_moves_the_state(self, lent, record) -> None:
        with pytest.raises(NotAllowed):
            change_record(by=lent.maker, record=record, values={"state": "back"}, version=1, clock=CLOCK)
        with pytest.raises(NotAllowed):
            lent.add(state="back")
        press(record, "hand_out", by=lent.colleague, due_on="2027-03-20")
        go_back(by=lent.maker, record=Record.objects.get(pk=record.pk), to=1, version=2, clock=CLOCK)
        assert now(record)["state"] == "out" and "due_on" not in now(record)

    def test_an_import_begins_at_the_start(self, lent) -> None:
        batch = begin_import(by=lent.maker, app=lent.app, filename="x.csv", clock=CLOCK)
        import_chunk(by=lent.maker, batch=batch, rows=[{"item": "机", "state": "back"}], clock=CLOCK)
        finish_import(by=lent.maker, batch=batch, clock=CLOCK)
        assert Record.objects.get(batch=batch).values["state"] == "booked"

    def test_groups_its_buttons_name_are_not_taken_away(self, lent) -> None:
        app = App.objects.get(pk=lent.app.pk)
        rights = app.rights.model_copy(update={"groups": app.rights.groups[:1]})
        with pytest.raises(NotReady, match="グループ「自分の課」"):
            change_permissions(by=lent.maker, app=app, permissions=rights, edition=app.permissions_edition, clock=CLOCK)


class TestAskingForADecision:
    @pytest.fixture
    def asked(self, lent) -> Record:
        record = lent.add(price=250_000, secret="家庭の事情")
        press(record, "ask", by=lent.maker)
        return record

    def decided(self, lent, record, outcome, comment="", by="総務 課長") -> None:
        request = requests_on(ref_of(record))[0]
        decide(by=lent.person(by), request=request, outcome=outcome, comment=comment, clock=CLOCK)

    def test_the_record_waits_in_its_state_and_is_locked(self, lent, asked) -> None:
        assert now(asked)["state"] == "booked"
        for act in (
            lambda record: change_record(by=lent.maker, record=record, values={"note": "x"}, version=2, clock=CLOCK),
            lambda record: delete_record(by=lent.maker, record=record, version=2, clock=CLOCK),
            lambda record: go_back(by=lent.maker, record=record, to=1, version=2, clock=CLOCK),
            lambda record: press(record, "ask", by=lent.maker),
            lambda record: press(record, "hand_out", by=lent.colleague, due_on="2027-03-20"),
        ):
            with pytest.raises(UnderDecision):
                act(Record.objects.get(pk=asked.pk))
        assert RecordHistory.objects.filter(record=asked, act=Act.ASKED, words="高額備品の貸出を伺う").count() == 1

    def test_what_is_decided_is_written_down_without_what_is_sensitive(self, lent, asked) -> None:
        request = requests_on(ref_of(asked))[0]
        assert request.kind == "高額備品の貸出" and request.facts["amount"] == 250_000
        assert "価格：250,000円" in request.content_text and "承認後の状態：貸出中" in request.content_text
        assert "家庭の事情" not in request.content_text and "家庭の事情" not in request.content

    def test_approved_it_moves(self, lent, asked) -> None:
        self.decided(lent, asked, Outcome.APPROVED)
        values = now(asked)
        assert values["state"] == "out" and values["keeper"] == lent.hall.staff["行政 主事"].public_id
        entry = RecordHistory.objects.get(record=asked, act=Act.DECIDED)
        assert entry.words == "高額備品の貸出を伺う：承認" and entry.by_name == "総務 課長"
        assert PressRequest.objects.get(record=asked).state == PressState.MOVED
        cells_are_right(lent.app)
        press(asked, "take_back", by=lent.colleague)

    def test_refused_it_goes_where_the_process_says(self, lent, asked) -> None:
        self.decided(lent, asked, Outcome.REFUSED, "予算がないため。")
        assert now(asked)["state"] == "no"

    def test_sent_back_it_stays_and_may_be_asked_again(self, lent, asked) -> None:
        self.decided(lent, asked, Outcome.RETURNED, "返却予定日を入れてください。")
        assert now(asked)["state"] == "booked"
        change_record(
            by=lent.maker,
            record=Record.objects.get(pk=asked.pk),
            values={"due_on": "2027-03-20"},
            version=3,
            clock=CLOCK,
        )
        press(asked, "ask", by=lent.maker)
        assert PressRequest.objects.filter(record=asked, state=PressState.WAITING).count() == 1

    def test_withdrawn_it_is_free_again(self, lent, asked) -> None:
        withdraw_request(by=lent.maker, request=requests_on(ref_of(asked))[0], reason="不要", clock=CLOCK)
        assert now(asked)["state"] == "booked"
        assert RecordHistory.objects.get(record=asked, act=Act.DECIDED).words == "高額備品の貸出を伺う：取下げ"
        change_record(
            by=lent.maker, record=Record.objects.get(pk=asked.pk), values={"note": "x"}, version=3, clock=CLOCK
        )

    def test_a_yes_to_a_state_that_is_gone_moves_nothing(self, lent, asked) -> None:
        fields = [dict(one) for one in LENDING]
        fields[-1]["choices"] = [one for one in fields[-1]["choices"] if one["key"] in ("booked", "back")]
        buttons = [{**TAKE_BACK, "states": ["booked"], "people": []}]
        put_to_use(lent, lending({**PROCESS, "ends": ["back"], "buttons": buttons}, fields=fields))
        self.decided(lent, asked, Outcome.APPROVED)
        assert now(asked)["state"] == "booked"
        assert PressRequest.objects.get(record=asked).state == PressState.INVALID
        entry = RecordHistory.objects.filter(record=asked, act=Act.DECIDED).get()
        assert "承認されたが、アプリの流れが変わっていたため進めていない" in entry.words

    def test_the_presser_does_not_decide(self, lent) -> None:
        record = lent.add(by=lent.colleague, price=250_000)
        # Nobody sits above the head of the section in this hall: the decision engine says so and nothing is locked.
        with pytest.raises(Refusal):
            press(record, "ask", by=lent.colleague)
        assert not PressRequest.objects.exists() and Record.objects.get(pk=record.pk).version == 1


class TestThePages:
    def at(self, lent, path="") -> str:
        return f"/office/apps/{lent.app.public_id}/{path}"

    def text(self, response: Any) -> str:
        return re.sub(r"\s+", " ", response.content.decode())

    def test_a_record_offers_the_buttons_of_the_person(self, lent, record) -> None:
        shown = self.text(sit(lent, "総務 課長").get(self.at(lent, f"r/{record.public_id}/")))
        assert "貸し出す" in shown and "高額備品の貸出を伺う" in shown and "返却を受ける" not in shown
        shown = self.text(sit(lent, "行政 主事").get(self.at(lent, f"r/{record.public_id}/")))
        assert "貸し出す" not in shown

    def test_the_form_of_a_record_has_no_state(self, lent, record) -> None:
        client = sit(lent, "総務 課長")
        for path in ("new/", f"r/{record.public_id}/change/"):
            assert "f_state" not in self.text(client.get(self.at(lent, path)))

    def test_a_button_asks_then_moves_and_a_second_press_does_nothing(self, lent, record) -> None:
        client = sit(lent, "総務 課長")
        path = self.at(lent, f"r/{record.public_id}/press/hand_out/")
        assert "返却予定日" in self.text(client.get(path))
        empty = client.post(path, {"version": "1", "f_due_on": ""})
        assert empty.status_code == 422 and "返却予定日" in self.text(empty)
        typed = {"version": "1", "f_due_on": "2027-03-20"}
        assert client.post(path, typed).status_code == 302
        assert "すでに押してあります" in self.text(client.post(path, typed, follow=True))
        shown = self.text(client.get(self.at(lent, f"r/{record.public_id}/")))
        assert "ボタン「貸し出す」" in shown and "返却を受ける" in shown
        assert "すると" not in shown
        plain = self.at(lent, f"r/{record.public_id}/press/take_back/")
        assert client.post(plain, {"version": "2"}).status_code == 302
        assert now(record)["state"] == "back"

    def test_a_decision_is_shown_with_its_stamps_and_link(self, lent) -> None:
        record = lent.add(price=250_000)
        client = sit(lent, "行政 主事")
        path = self.at(lent, f"r/{record.public_id}/press/ask/")
        shown = self.text(client.get(path))
        assert "だれが、どの順に、なぜ見るか" in shown and "決裁を求める" in shown
        client.post(path, {"version": "1"})
        shown = self.text(client.get(self.at(lent, f"r/{record.public_id}/")))
        assert "決裁中です" in shown and "stamps__cell" in shown and "/office/decisions/" in shown
        assert "削除する" not in shown
        # The decider sees the record behind the decision, or at least the decision.
        request = requests_on(ref_of(record))[0]
        assert sit(lent, "総務 課長").get(f"/office/decisions/{request.public_id}/").status_code == 200

    def test_what_is_not_offered_leads_back(self, lent, record) -> None:
        client = sit(lent, "行政 主事")
        path = self.at(lent, f"r/{record.public_id}/press/hand_out/")
        assert "いまは「貸し出す」を押せません" in self.text(client.get(path, follow=True))
        assert client.post(path, {"version": "1", "f_due_on": "2027-03-20"}).status_code == 403
        assert sit(lent, "財政 主事").get(path).status_code == 404
        assert "ありません" in self.text(client.get(self.at(lent, f"r/{record.public_id}/press/nothing/"), follow=True))

    def test_a_manager_builds_a_process_on_the_draft(self, desk) -> None:
        client = sit(desk, "行政 主事")
        page = f"/office/apps/{desk.app.public_id}/process/"
        assert "「状態」の流れを作る" in self.text(client.get(page))
        assert client.get(f"{page}states/", {"field": "item"}).status_code == 404
        typed = {"field": "state", "start": "in", "ends": ["in"], "edition": "0"}
        assert client.post(f"{page}states/", typed).status_code == 302
        assert "どのボタンを押しても、この状態になりません" in self.text(client.get(page))
        typed = {
            "edition": "1", "label": "貸し出す", "states": ["in"], "to": "out", "groups": ["自分の課"], "rule": "「価格」< 1000",
            "asks": ["lent_on"], "set_field_0": "note", "set_to_0": "constant", "set_value_0": "渡した",
            "kind": "備品の貸出", "decider": "section_head", "section": "owner", "amount": "price", "refused": "",
        }  # fmt: skip
        faulty = client.post(f"{page}new/", {**typed, "rule": "「値段」<"})
        assert faulty.status_code == 422 and "「値段」という項目はありません" in self.text(faulty)
        assert client.post(f"{page}new/", typed).status_code == 302
        back = {"edition": "2", "label": "返す", "states": ["out"], "to": "in", "maker": "on"}
        assert client.post(f"{page}new/", back).status_code == 302
        made = desk.app.versions.get(state="draft").content.process
        assert [one.label for one in made.buttons] == ["貸し出す", "返す"]
        assert made.buttons[0].rule == {"<": [{"var": "price"}, 1000]} and made.buttons[0].approval.amount == "price"
        assert made.buttons[0].sets[0].value == "渡した"
        key = made.buttons[1].key
        client.post(f"{page}arrange/", {"key": key, "to": "up", "edition": "3"})
        assert desk.app.versions.get(state="draft").content.process.buttons[0].key == key
        shown = self.text(client.get(f"{page}b/{made.buttons[0].key}/"))
        assert "渡した" in shown and "「価格」 &lt; 1000" in shown
        client.post(f"{page}arrange/", {"key": key, "to": "remove", "edition": "4"})
        assert "直すところ" in self.text(client.get(page))
        assert "ここから先に進むボタンがありません" in self.text(
            client.get(f"/office/apps/{desk.app.public_id}/fields/")
        )
        client.post(f"{page}states/", {"field": "state", "remove": "1", "edition": "5"})
        assert desk.app.versions.get(state="draft").content.process is None

    @pytest.mark.parametrize("path", ["process/", "process/states/?field=state", "process/new/", "process/b/ask/"])
    def test_building_is_for_managers(self, lent, path) -> None:
        assert sit(lent, "行政 主事").get(self.at(lent, path)).status_code == 200
        assert sit(lent, "総務 課長").get(self.at(lent, path)).status_code == 404

    def test_a_sheet_may_not_bring_other_states(self, lent) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        client = sit(lent, "行政 主事")
        sheet = SimpleUploadedFile("x.csv", "品名,状態\n机,返却済\n椅子,予約\n".encode())
        sent = client.post(self.at(lent, "import/"), {"sheet": sheet})
        assert "状態は表からは決められません" in self.text(client.get(sent.url))
        assert LENDING and not Record.objects.filter(app=lent.app).exists()
