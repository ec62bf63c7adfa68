"""Records: made, changed by two at once, deleted, restored, brought into a new shape."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yakuba.kernel.access.api import NotAllowed, NotVisible, system_person
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import Act, App, Cell, Record, RecordHistory
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.services import (
    ChangedMeanwhile,
    NotReady,
    RecordConflict,
    RecordFault,
    begin_import,
    change_record,
    create_app,
    delete_record,
    drop_import,
    finish_import,
    go_back,
    import_chunk,
    publish_version,
    reshape_chunk,
    restore_record,
    save_definition,
)
from yakuba.office.appbuilder.tests.world import CLOCK, FIELDS, cells_are_right, define


def fresh(record: Record) -> Record:
    return Record.objects.select_related("app").get(pk=record.pk)


def with_field(key: str, **changed: Any) -> list[dict[str, Any]]:
    """The fields with one changed (None as a value takes a property away)."""
    made = []
    for one in FIELDS:
        new = {**one, **changed} if one["key"] == key else one
        made.append({name: value for name, value in new.items() if value is not None})
    return made


class TestAVersion:
    def test_is_saved_only_by_who_saw_the_last_one(self, desk) -> None:
        draft = save_definition(by=desk.maker, app=desk.app, definition=define(FIELDS), edition=0, clock=CLOCK)
        save_definition(by=desk.maker, app=desk.app, definition=define(FIELDS), edition=draft.edition, clock=CLOCK)
        with pytest.raises(ChangedMeanwhile):
            save_definition(by=desk.maker, app=desk.app, definition=define(FIELDS), edition=draft.edition, clock=CLOCK)

    def test_goes_into_use_and_retires_the_one_before(self, desk) -> None:
        desk.publish(FIELDS)
        states = list(desk.app.versions.order_by("number").values_list("state", flat=True))
        assert states == [VersionState.RETIRED, VersionState.IN_USE]

    def test_with_something_wrong_stays_a_draft(self, desk) -> None:
        wrong = [*FIELDS, {"key": "item", "label": "品名", "type": "date"}]
        saved = save_definition(by=desk.maker, app=desk.app, definition=define(wrong), edition=0, clock=CLOCK)
        with pytest.raises(NotReady) as refused:
            publish_version(by=desk.maker, app=desk.app, edition=saved.edition, apps={}, clock=CLOCK)
        assert len(refused.value.problems) >= 2
        assert desk.app.versions.get(state=VersionState.IN_USE).number == 1

    def test_is_changed_by_managers_only(self, desk) -> None:
        for person in (desk.colleague, desk.stranger):
            with pytest.raises(NotAllowed):
                save_definition(by=person, app=desk.app, definition=define(FIELDS), edition=0, clock=CLOCK)

    def test_the_database_keeps_one_draft_and_one_in_use(self, desk) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), unaudited_writes("test"):
            desk.app.versions.create(
                number=9, state=VersionState.IN_USE, definition={}, saved_by="x", saved_at=CLOCK.now()
            )


class TestARecord:
    def test_gets_its_number_defaults_and_computed_values(self, desk) -> None:
        one, other = desk.add(price=100), desk.add()
        assert (one.number, other.number) == (1, 2)
        assert one.values == {"item": "机", "price": 100, "state": "in", "twice": 200}
        assert "twice" not in other.values
        cells_are_right(desk.app)

    def test_says_every_fault_at_its_field(self, desk) -> None:
        with pytest.raises(RecordFault) as refused:
            desk.add(item=None, price="安い", state="lost")
        assert set(refused.value.faults) == {"item", "price", "state"}

    def test_never_keeps_a_my_number(self, desk) -> None:
        with pytest.raises(RecordFault, match="個人番号"):
            desk.add(note="番号は 123456789018 です")
        assert not Record.objects.exists()

    def test_a_value_without_duplicates_is_refused_twice_and_free_after_deletion(self, desk) -> None:
        first = desk.add(code="A-1")
        with pytest.raises(RecordFault, match="すでにあります"):
            desk.add(code="A-1")
        delete_record(by=desk.maker, record=first, version=1, clock=CLOCK)
        desk.add(code="A-1")
        with pytest.raises(RecordFault, match="すでにあります"):
            restore_record(by=desk.maker, record=fresh(first), clock=CLOCK)

    def test_the_database_itself_refuses_the_duplicate(self, desk) -> None:
        desk.add(code="A-1")
        other = desk.add(code="A-2")
        with pytest.raises(IntegrityError), transaction.atomic(), unaudited_writes("test"):
            Cell.objects.filter(record=other, key="code").update(unique_text="A-1")

    def test_is_made_and_changed_only_by_those_who_may(self, desk) -> None:
        record = desk.add()
        with pytest.raises(NotAllowed):
            desk.add(by=desk.stranger)
        with pytest.raises(NotVisible):
            change_record(by=desk.stranger, record=record, values={"item": "椅子"}, version=1, clock=CLOCK)
        with pytest.raises(NotAllowed):
            change_record(by=desk.maker, record=record, values={"twice": 1}, version=1, clock=CLOCK)
        assert fresh(record).values["item"] == "机"


class TestTwoPeopleAtOnce:
    def test_change_different_fields_and_both_are_kept(self, desk) -> None:
        record = desk.add()
        change_record(by=desk.maker, record=record, values={"item": "椅子", "note": None}, version=1, clock=CLOCK)
        change_record(by=desk.colleague, record=record, values={"item": "机", "price": 5}, version=1, clock=CLOCK)
        assert fresh(record).values["item"] == "椅子"
        assert fresh(record).values["price"] == 5
        cells_are_right(desk.app)

    def test_change_the_same_field_and_see_both_values(self, desk) -> None:
        record = desk.add()
        change_record(by=desk.maker, record=record, values={"item": "椅子"}, version=1, clock=CLOCK)
        with pytest.raises(RecordConflict) as refused:
            change_record(by=desk.colleague, record=record, values={"item": "棚"}, version=1, clock=CLOCK)
        (conflict,) = refused.value.conflicts
        assert (conflict.before, conflict.theirs, conflict.mine) == ("机", "椅子", "棚")
        assert fresh(record).values["item"] == "椅子"

    def test_the_choice_after_a_conflict_is_taken(self, desk) -> None:
        record = desk.add()
        change_record(by=desk.maker, record=record, values={"item": "椅子"}, version=1, clock=CLOCK)
        change_record(by=desk.colleague, record=record, values={"item": "棚"}, version=2, clock=CLOCK)
        assert fresh(record).values["item"] == "棚"

    def test_nobody_deletes_what_changed_unseen(self, desk) -> None:
        record = desk.add()
        change_record(by=desk.maker, record=record, values={"item": "椅子"}, version=1, clock=CLOCK)
        with pytest.raises(Refusal, match="変更しました"):
            delete_record(by=desk.colleague, record=record, version=1, clock=CLOCK)


class TestHistory:
    def test_holds_old_and_new_of_every_change(self, desk) -> None:
        record = desk.add(price=1)
        change_record(by=desk.colleague, record=record, values={"price": 2}, version=1, clock=CLOCK)
        last, first = record.history.all()
        assert first.act == Act.MADE and first.after == fresh(record).values | {"price": 1, "twice": 2}
        assert (last.before, last.after) == ({"price": 1, "twice": 2}, {"price": 2, "twice": 4})
        assert last.by_name == desk.colleague.name

    def test_is_only_ever_added(self, desk) -> None:
        record = desk.add()
        for act in (lambda rows: rows.update(by_name="だれか"), lambda rows: rows.delete()):
            with pytest.raises(Exception, match="only ever added"), transaction.atomic(), unaudited_writes("test"):
                act(RecordHistory.objects.filter(record=record))

    def test_without_a_change_nothing_is_written(self, desk) -> None:
        record = desk.add()
        change_record(by=desk.maker, record=record, values={"item": "机"}, version=1, clock=CLOCK)
        assert record.history.count() == 1

    def test_brings_an_earlier_state_back(self, desk) -> None:
        record = desk.add(price=1, tags=["a"])
        change_record(by=desk.maker, record=record, values={"price": 2, "tags": None}, version=1, clock=CLOCK)
        go_back(by=desk.maker, record=record, to=1, version=2, clock=CLOCK)
        assert fresh(record).values == {"item": "机", "price": 1, "twice": 2, "tags": ["a"], "state": "in"}
        assert record.history.first().act == Act.WENT_BACK
        cells_are_right(desk.app)


class TestAChangedType:
    def test_carries_over_what_it_can_and_keeps_the_rest_beside(self, desk) -> None:
        whole, odd = desk.add(item="12"), desk.add(item="十二台")
        desk.publish(with_field("item", type="number", label="品名"))
        assert fresh(whole).values["item"] == 12
        assert "item" not in fresh(odd).values
        assert fresh(odd).kept["item"]["words"] == "十二台"
        cells_are_right(desk.app)

    def test_and_changed_back_brings_the_kept_value_back(self, desk) -> None:
        odd = desk.add(item="十二台")
        desk.publish(with_field("item", type="number"))
        desk.publish(FIELDS)
        assert fresh(odd).values["item"] == "十二台" and not fresh(odd).kept

    def test_a_removed_field_keeps_its_values_and_comes_back_with_them(self, desk) -> None:
        record = desk.add(code="A-1")
        desk.publish([one for one in FIELDS if one["key"] != "code"])
        assert not Cell.objects.filter(app=desk.app, key="code").exists()
        desk.publish(FIELDS)
        assert fresh(record).values["code"] == "A-1"
        cells_are_right(desk.app)

    def test_duplicates_under_a_new_rule_are_kept_beside(self, desk) -> None:
        one, other = desk.add(item="机"), desk.add(item="机")
        desk.publish(with_field("item", unique=True, required=None))
        assert fresh(one).values["item"] == "机"
        assert fresh(other).kept["item"]["reason"] == "duplicate"
        cells_are_right(desk.app)

    def test_a_record_waiting_for_the_job_can_be_changed(self, desk) -> None:
        record = desk.add(item="12")
        definition = define(with_field("item", type="number"))
        saved = save_definition(by=desk.maker, app=desk.app, definition=definition, edition=0, clock=CLOCK)
        publish_version(by=desk.maker, app=desk.app, edition=saved.edition, apps={}, clock=CLOCK)
        change_record(by=desk.maker, record=record, values={"price": 3}, version=1, clock=CLOCK)
        assert fresh(record).values["item"] == 12
        assert reshape_chunk(by=desk.maker, app=desk.app, clock=CLOCK) == 0
        cells_are_right(desk.app)

    def test_of_texts_alone_writes_no_record_anew(self, desk) -> None:
        record = desk.add()
        desk.publish(with_field("item", label="物の名前", help="正式名"))
        assert fresh(record).shape == 2 and fresh(record).version == 1


class TestAnImport:
    ROWS = [{"item": f"机{n}", "price": n, "lent_on": "2026-04-01", "code": f"C-{n}"} for n in range(1, 6)]

    def test_is_seen_by_nobody_before_it_is_finished(self, desk) -> None:
        batch = begin_import(by=desk.maker, app=desk.app, filename="備品.xlsx", clock=CLOCK)
        import_chunk(by=desk.maker, batch=batch, rows=self.ROWS, clock=CLOCK)
        assert desk.seen(desk.maker) == set()
        finish_import(by=desk.maker, batch=batch, clock=CLOCK)
        assert desk.seen(desk.maker) == {f"机{n}" for n in range(1, 6)}
        cells_are_right(desk.app)
        assert App.objects.get(pk=desk.app.pk).next_number == 6

    def test_given_up_leaves_nothing(self, desk) -> None:
        batch = begin_import(by=desk.maker, app=desk.app, filename="備品.xlsx", clock=CLOCK)
        import_chunk(by=desk.maker, batch=batch, rows=self.ROWS, clock=CLOCK)
        while drop_import(by=desk.maker, batch=batch):
            pass
        assert not Record.objects.exists() and not Cell.objects.exists()

    def test_is_given_up_by_nobody_else(self, desk) -> None:
        batch = begin_import(by=desk.maker, app=desk.app, filename="備品.xlsx", clock=CLOCK)
        import_chunk(by=desk.maker, batch=batch, rows=self.ROWS, clock=CLOCK)
        for other in (desk.colleague, desk.stranger):
            with pytest.raises(NotAllowed):
                drop_import(by=other, batch=batch)
        assert Record.objects.count() == 5
        while drop_import(by=system_person("appbuilder"), batch=batch):
            pass
        assert not Record.objects.exists()

    def test_is_for_managers(self, desk) -> None:
        with pytest.raises(NotAllowed):
            begin_import(by=desk.colleague, app=desk.app, filename="備品.xlsx", clock=CLOCK)


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "item": st.sampled_from(["机", "12", "椅子"]),
        "code": st.one_of(st.none(), st.sampled_from(["A", "B"])),
        "price": st.one_of(st.none(), st.integers(0, 10**9)),
        "lent_on": st.one_of(st.none(), st.dates(date(2020, 1, 1)).map(date.isoformat)),
        "state": st.sampled_from(["in", "out"]),
        "tags": st.one_of(st.none(), st.sampled_from([["a"], ["b"], ["a", "b"]])),
        "broken": st.one_of(st.none(), st.booleans()),
    },
)
SHAPES = [
    FIELDS,
    with_field("item", type="number"),
    with_field("price", type="short_text"),
    with_field("tags", type="choice"),
    [one for one in FIELDS if one["key"] != "lent_on"],
]
STEPS = st.one_of(
    st.tuples(st.just("add"), VALUES),
    st.tuples(st.just("change"), VALUES),
    st.tuples(st.sampled_from(["delete", "restore", "back"]), st.just({})),
    st.tuples(st.just("shape"), st.sampled_from(range(len(SHAPES)))),
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, min_size=3, max_size=12), data=st.data())
def test_the_typed_table_always_says_what_the_records_say(desk, steps: list[Any], data: Any) -> None:
    with transaction.atomic():
        for what, argument in steps:
            _step(desk, what, argument, data)
            cells_are_right(desk.app)
        transaction.set_rollback(True)


def _step(desk: Any, what: str, argument: Any, data: Any) -> None:
    records = list(Record.objects.select_related("app").order_by("pk"))
    try:
        with transaction.atomic():
            if what == "shape":
                desk.publish(SHAPES[argument])
            elif what == "add":
                desk.add(**argument)
            elif records:
                record = data.draw(st.sampled_from(records))
                if what == "change":
                    change_record(by=desk.maker, record=record, values=argument, version=record.version, clock=CLOCK)
                elif what == "delete":
                    delete_record(by=desk.maker, record=record, version=record.version, clock=CLOCK)
                elif what == "restore":
                    restore_record(by=desk.maker, record=record, clock=CLOCK)
                else:
                    go_back(by=desk.maker, record=record, to=1, version=record.version, clock=CLOCK)
    except (Refusal, NotAllowed, NotVisible):
        pass


def test_an_app_is_made_by_people_with_a_seat(desk) -> None:
    app = create_app(by=desk.stranger, definition=define(FIELDS, "財政のアプリ"), clock=CLOCK)
    assert app.section == desk.hall.sections["財政課"]
