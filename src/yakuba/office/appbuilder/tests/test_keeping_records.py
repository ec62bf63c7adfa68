"""Masked copies, the register entry, disposal after the retention."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yakuba.kernel.access.api import NotAllowed, NotVisible, system_person
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.values.api import FixedClock, Refusal
from yakuba.office.appbuilder.access import visible_apps
from yakuba.office.appbuilder.models import (
    App,
    Cell,
    DisposalState,
    Record,
    RecordDisposal,
    RecordHistory,
)
from yakuba.office.appbuilder.queries.names import apps_to_look_up
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.keeping import Care, kept_until
from yakuba.office.appbuilder.rules.masking import masked_records
from yakuba.office.appbuilder.services import add_record, change_record, publish_version, save_definition
from yakuba.office.appbuilder.services.copying import copy_for_trial
from yakuba.office.appbuilder.services.disposing import (
    approve_disposal,
    dispose_some,
    draw_up_disposal,
    drop_disposal,
    kept_from,
)
from yakuba.office.appbuilder.tests.world import CLOCK, Desk, cells_are_right, define, sit

PERSONS: list[dict[str, Any]] = [
    {"key": "name", "label": "氏名", "type": "short_text", "filterable": True, "data_class": "personal",
     "default": "山田"},
    {"key": "phone", "label": "電話", "type": "phone", "unique": True, "data_class": "personal"},
    {"key": "mail", "label": "メール", "type": "mail", "data_class": "personal"},
    {"key": "born", "label": "生年月日", "type": "date", "filterable": True, "data_class": "personal"},
    {"key": "income", "label": "所得", "type": "yen", "filterable": True, "data_class": "personal"},
    {"key": "rate", "label": "率", "type": "number", "decimals": 2, "data_class": "personal"},
    {"key": "ill", "label": "病名", "type": "long_text", "data_class": "sensitive"},
    {"key": "kin", "label": "続柄", "type": "choice", "data_class": "personal",
     "choices": [{"key": "wife_of", "label": "妻"}, {"key": "child_of", "label": "子"}]},
    {"key": "note", "label": "備考", "type": "long_text"},
    {"key": "count", "label": "数量", "type": "number"},
    {"key": "label", "label": "宛名", "type": "computed", "gives": "text", "rule": {"cat": [{"var": "name"}, "様"]}},
]  # fmt: skip
DEFINITION = define(PERSONS, "名簿")
_TEXT = st.text(alphabet="山田花子一郎見本〇0123町", min_size=2, max_size=12)
_ROW = st.fixed_dictionaries(
    {
        "name": _TEXT,
        "ill": _TEXT,
        "born": st.dates().map(str),
        "income": st.integers(0, 10**9),
        "rate": st.decimals(0, 99, places=2).map(str),
        "kin": st.sampled_from(("wife_of", "child_of")),
        "phone": st.integers(0, 9999).map("0242-83-{:04d}".format),
        "note": _TEXT,
        "count": st.integers(0, 50),
    }
)
_PERSONAL = [one.key for one in DEFINITION.stored if one.data_class.value != "open"]


@settings(max_examples=25, deadline=None)
@given(st.lists(_ROW, max_size=4))
def test_no_value_of_a_personal_field_survives_in_a_copy(rows: list[dict[str, Any]]) -> None:
    made = masked_records(DEFINITION, rows, seed="a")
    assert len(made) == len(rows) and made == masked_records(DEFINITION, rows, seed="a")
    kept = [value for row in made for value in row.values()]
    for original in (row[key] for row in rows for key in _PERSONAL if key in row):
        if isinstance(original, str):
            assert not [one for one in kept if isinstance(one, str) and original in one]
        else:
            assert original not in kept


class TestTheCopy:
    @pytest.fixture
    def persons(self, desk) -> Desk:
        desk.publish(PERSONS)
        for number in range(3):
            values = {"name": f"山田 花子{number}", "phone": f"0242-83-{5000 + number}", "born": f"1980-01-0{number + 1}",
                      "income": 3_456_789, "ill": "高血圧で通院中", "note": f"山田 花子{number}の件", "kin": "wife_of"}  # fmt: skip
            record = add_record(by=desk.maker, app=desk.app, values=values, clock=CLOCK)
        change_record(by=desk.maker, record=record, values={"name": "鈴木 次郎"}, version=1, clock=CLOCK)
        return desk

    def test_is_seen_by_the_copier_alone_and_holds_nothing_of_anybody(self, persons) -> None:
        copy = copy_for_trial(by=persons.maker, app=persons.app, clock=CLOCK)
        assert copy.pk in {one.pk for one, _ in visible_apps(persons.maker)}
        for other in (persons.colleague, persons.stranger, persons.person("総務 主査")):
            assert copy.pk not in {one.pk for one, _ in visible_apps(other)}
        held = Record.objects.filter(app=copy)
        assert held.count() == 3 and not RecordHistory.objects.filter(record__app=copy).exists()
        written = json.dumps([*held.values_list("values", "kept"), Shapes(copy).definition.to_json()["fields"][0]],
                             ensure_ascii=False)  # fmt: skip
        written += str(list(Cell.objects.filter(app=copy).values_list("text", "num", "day", "unique_text")))
        for personal in ("山田", "花子", "鈴木", "0242", "1980-01", "3456789", "高血圧", "wife_of"):
            assert personal not in written
        cells_are_right(copy)

    def test_only_managers_copy(self, persons) -> None:
        with pytest.raises(NotAllowed):
            copy_for_trial(by=persons.colleague, app=persons.app, clock=CLOCK)
        with pytest.raises(NotVisible):
            copy_for_trial(by=persons.stranger, app=persons.app, clock=CLOCK)
        url = f"/office/apps/{persons.app.public_id}/care/copy/"
        assert sit(persons, "行政 主事").post(url).status_code == 302
        assert App.objects.filter(title="備品貸出（試し用）").count() == 1
        assert sit(persons, "財政 主事").post(url).status_code == 404

    def test_the_register_entry_is_drafted_from_the_definition(self, persons) -> None:
        url = f"/office/apps/{persons.app.public_id}/care/register/"
        page = sit(persons, "総務 課長").get(url).content.decode()
        assert "含む（病名）" in page and "山田" not in page
        assert sit(persons, "総務 課長").get(f"{url}?export=xlsx").content[:2] == b"PK"
        assert sit(persons, "財政 主事").get(url).status_code == 404


class TestDisposal:
    later = FixedClock(kept_until(CLOCK.today(), 3))

    @pytest.fixture
    def old(self, desk) -> Desk:
        definition = Shapes(desk.app).definition.model_copy(update={"care": Care(purpose="貸出し", years=3)})
        saved = save_definition(by=desk.maker, app=desk.app, definition=definition, edition=0, clock=CLOCK)
        apps = {key: fields for key, (_, fields) in apps_to_look_up(desk.maker).items()}
        publish_version(by=desk.maker, app=desk.app, edition=saved.edition, apps=apps, clock=CLOCK)
        desk.records = [desk.add(item="ふるい机", note="ひみつ"), desk.add(item="新しい机")]
        return desk

    def test_the_last_day_that_must_be_kept(self) -> None:
        day = CLOCK.today()
        assert kept_from(kept_until(day, 3), 3) > day
        assert kept_from(kept_until(day, 3) - timedelta(days=1), 3) <= day

    def test_what_is_not_due_is_on_no_list(self, old) -> None:
        before = FixedClock(self.later.today() - timedelta(days=1))
        with pytest.raises(Refusal, match="保存期間の終わった記録はありません"):
            draw_up_disposal(by=old.maker, app=old.app, clock=before)

    def test_another_person_approves_and_what_is_left_says_no_content(self, old) -> None:
        head = old.person("総務 課長")
        with pytest.raises(NotAllowed):
            draw_up_disposal(by=head, app=old.app, clock=self.later)
        disposal = draw_up_disposal(by=old.maker, app=old.app, clock=self.later)
        for refused in (old.maker, old.person("総務 主査")):
            with pytest.raises((NotAllowed, NotVisible)):
                approve_disposal(by=refused, disposal=disposal, clock=self.later)
        approve_disposal(by=head, disposal=disposal, clock=self.later)
        stays = old.records[1]
        change_record(by=old.maker, record=stays, values={"item": "椅子"}, version=1, clock=self.later)
        while dispose_some(by=system_person("t"), disposal=disposal, clock=self.later):
            pass
        disposal.refresh_from_db()
        assert disposal.state == DisposalState.DONE
        gone = Record.objects.get(pk=old.records[0].pk)
        assert (gone.values, gone.kept, gone.erased_on) == ({}, {}, self.later.today())
        assert not RecordHistory.objects.filter(record=gone).exists() and not Cell.objects.filter(record=gone).exists()
        assert [one.left_because for one in disposal.lines.all()] == ["", "その後に変更された"]
        assert Record.objects.get(pk=stays.pk).values["item"] == "椅子"

    def test_a_list_may_be_given_up_and_the_page_shows_it(self, old) -> None:
        with unaudited_writes("test"):  # the page reads the real clock: make the records old
            Record.objects.filter(app=old.app).update(changed_at=CLOCK.now() - timedelta(days=5000))
        client, url = sit(old, "行政 主事"), f"/office/apps/{old.app.public_id}/care/disposal/"
        assert "廃棄目録を作る" in client.get(url).content.decode()
        client.post(url, {"act": "draw"})
        disposal = RecordDisposal.objects.get()
        assert "承認して廃棄する" in sit(old, "総務 課長").get(url).content.decode()
        assert "承認して廃棄する" not in client.get(url).content.decode()
        assert sit(old, "財政 主事").post(url, {"act": "approve", "disposal": disposal.public_id}).status_code == 404
        client.post(url, {"act": "approve", "disposal": disposal.public_id})
        assert RecordDisposal.objects.get().state == DisposalState.DRAWN_UP
        client.post(url, {"act": "drop", "disposal": disposal.public_id})
        assert RecordDisposal.objects.get().state == DisposalState.DROPPED
        with pytest.raises(Refusal):
            drop_disposal(by=old.maker, disposal=disposal, clock=CLOCK)
