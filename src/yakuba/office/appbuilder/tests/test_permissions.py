"""Nothing leaks: neither rows nor columns, whatever group a person is in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yakuba.kernel.access.api import VISITOR, NotAllowed, NotVisible, Person, PersonKind, Role
from yakuba.kernel.organisation.tests.town_hall import TODAY
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder import access
from yakuba.office.appbuilder.models import App, Record
from yakuba.office.appbuilder.queries.names import apps_to_look_up, lookup_names
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppField
from yakuba.office.appbuilder.rules.permissions import Permissions
from yakuba.office.appbuilder.services import NotReady, change_permissions, change_record
from yakuba.office.appbuilder.tests.world import CLOCK, FIELDS, acting, open_app

ALL = {"name": "全員", "everybody": True}


def sight(desk: Any, person: Person) -> Any:
    return access.sight_for(person, App.objects.get(pk=desk.app.pk))


class TestRows:
    def test_an_app_begins_closed_to_other_sections(self, desk) -> None:
        desk.add()
        assert desk.seen(desk.colleague) == {"机"}
        assert desk.seen(desk.stranger) == set()
        assert access.visible_apps(desk.stranger) == []
        with pytest.raises(NotVisible):
            access.app_for(desk.stranger, desk.app.public_id)

    @pytest.mark.parametrize("person", [VISITOR, Person(id="r", name="町民", kind=PersonKind.RESIDENT)])
    def test_an_app_for_everybody_is_for_everybody_in_the_town_hall(self, desk, person) -> None:
        desk.permit(ALL)
        desk.add()
        assert desk.seen(person) == set()

    def test_own_records_only(self, desk) -> None:
        desk.permit({**ALL, "rows": "own", "create": True, "edit": True})
        desk.add(item="机")
        desk.add(item="椅子", by=desk.stranger)
        assert desk.seen(desk.stranger) == {"椅子"}
        assert desk.seen(desk.maker) == {"机", "椅子"}

    def test_records_of_the_own_section_with_its_parts(self, desk) -> None:
        desk.permit({**ALL, "rows": "section", "create": True})
        desk.add(item="机")
        desk.add(item="椅子", by=desk.stranger)
        desk.add(item="棚", by=desk.person("産業 課長"))
        assert desk.seen(desk.colleague) == {"机"}
        assert desk.seen(desk.person("財政 課長")) == {"椅子"}

    @pytest.mark.parametrize(
        ("rule", "seen"),
        [
            ({"==": [{"var": "state"}, "out"]}, {"椅子"}),
            ({"!=": [{"var": "state"}, "out"]}, {"机", "棚"}),
            ({">=": [{"var": "price"}, 200]}, {"椅子"}),
            ({"!": {">=": [{"var": "price"}, 200]}}, {"机", "棚"}),
            ({"var": "broken"}, {"椅子"}),
            ({"!": {"var": "broken"}}, {"机", "棚"}),
            ({"is_empty": {"var": "price"}}, {"棚"}),
            ({"<": [{"var": "lent_on"}, "2026-05-01"]}, {"机"}),
            ({"contains": [{"var": "item"}, "椅"]}, {"椅子"}),
            ({">": [{"length": {"var": "item"}}, 1]}, {"椅子"}),
            ({"==": [{"var": "note"}, "秘密"]}, {"机"}),
        ],
    )
    def test_records_under_a_condition_with_and_without_the_database(self, desk, rule, seen) -> None:
        desk.permit({**ALL, "rows": "rule", "rule": rule})
        desk.add(item="机", price=100, lent_on="2026-04-01", note="秘密", broken=False)
        desk.add(item="椅子", price=200, state="out", broken=True, lent_on="2026-06-01")
        desk.add(item="棚")
        assert desk.seen(desk.stranger) == seen

    def test_a_condition_the_database_cannot_answer_is_refused_over_many_records(self, desk, monkeypatch) -> None:
        rule = {">": [{"length": {"var": "item"}}, 1]}
        desk.permit({**ALL, "rows": "rule", "rule": rule})
        desk.add(item="椅子")
        desk.add(item="机")
        monkeypatch.setattr(access, "MOST_ROW_BY_ROW", 1)
        with pytest.raises(access.TooManyForRule, match="理由"):
            desk.seen(desk.stranger)
        monkeypatch.setattr("yakuba.office.appbuilder.services.define.MOST_ROW_BY_ROW", 1)
        with pytest.raises(Refusal, match="データベースで調べられません"):
            desk.permit({**ALL, "rows": "rule", "rule": rule})

    def test_a_record_not_seen_is_not_there_by_its_id(self, desk) -> None:
        desk.permit({**ALL, "rows": "own"})
        record = desk.add()
        app, definition, seen = access.app_for(desk.stranger, desk.app.public_id)
        with pytest.raises(NotVisible):
            access.record_for(desk.stranger, app, definition, seen, record.public_id, today=TODAY)


class TestColumns:
    def test_a_hidden_field_is_neither_seen_nor_written_and_takes_its_results_along(self, desk) -> None:
        desk.permit({**ALL, "edit": True, "columns": {"price": "hide"}})
        record = desk.add(price=100)
        assert {"price", "twice"} & sight(desk, desk.stranger).visible == set()
        with pytest.raises(NotAllowed):
            change_record(by=desk.stranger, record=record, values={"price": 1}, version=1, clock=CLOCK)

    def test_a_field_only_seen_is_not_written(self, desk) -> None:
        desk.permit({**ALL, "edit": True, "columns": {"price": "view"}})
        record = desk.add(price=100)
        assert "price" in sight(desk, desk.stranger).visible
        with pytest.raises(NotAllowed):
            change_record(by=desk.stranger, record=record, values={"price": 1}, version=1, clock=CLOCK)


def test_the_auditors_seat_reads_and_never_writes(desk) -> None:
    desk.permit({**ALL, "create": True, "edit": True, "export": True})
    auditor = acting(desk.hall.staff["財政 主事"], Role.AUDITOR)
    seen = sight(desk, auditor)
    assert seen.see and seen.export and seen.visible
    assert not (seen.create or seen.edit or seen.manage or seen.editable)


class TestChangingThem:
    def test_is_for_managers(self, desk) -> None:
        for person in (desk.colleague, desk.stranger):
            with pytest.raises(NotAllowed):
                change_permissions(by=person, app=desk.app, permissions=Permissions(), edition=1, clock=CLOCK)

    def test_needs_somebody_who_manages_and_never_locks_oneself_out(self, desk) -> None:
        rights = Permissions.model_validate({"groups": [ALL]})
        with pytest.raises(NotReady, match="管理する人"):
            change_permissions(by=desk.maker, app=desk.app, permissions=rights, edition=1, clock=CLOCK)
        other = Permissions.model_validate({"groups": [{"name": "人", "roles": ["mayor"], "manage": True}]})
        with pytest.raises(Refusal, match="あなた自身"):
            change_permissions(by=desk.maker, app=desk.app, permissions=other, edition=1, clock=CLOCK)
        assert sight(desk, desk.maker).manage


class TestALookup:
    LENDING = [
        {"key": "what", "label": "物", "type": "lookup", "filterable": True},
        {"key": "item", "label": "だれに", "type": "short_text"},
    ]

    def lookup(self, desk: Any, shows: str = "item") -> AppField:
        return AppField.model_validate({**self.LENDING[0], "app": desk.app.public_id, "shows": shows})

    def test_names_only_records_and_fields_the_person_sees(self, desk) -> None:
        mine, theirs = desk.add(item="机", price=77), desk.add(item="椅子", by=desk.colleague)
        ids = [mine.public_id, theirs.public_id]
        assert set(lookup_names(desk.colleague, self.lookup(desk), ids, today=TODAY).values()) == {"机", "椅子"}
        assert lookup_names(desk.stranger, self.lookup(desk), ids, today=TODAY) == {}
        desk.permit({**ALL, "rows": "own", "columns": {"price": "hide"}})
        assert lookup_names(desk.colleague, self.lookup(desk), ids, today=TODAY) == {theirs.public_id: "椅子"}
        assert lookup_names(desk.colleague, self.lookup(desk, "price"), ids, today=TODAY) == {}

    def test_takes_only_records_the_person_sees(self, desk) -> None:
        fields = [{**self.LENDING[0], "app": desk.app.public_id, "shows": "item"}, self.LENDING[1]]
        app = open_app(desk.maker, fields, "貸出")
        desk.permit({**ALL, "create": True}, app=app)
        hidden = desk.add()
        with pytest.raises(Refusal, match="見つかりません"):
            desk.add(by=desk.stranger, app=app, what=hidden.public_id)
        assert desk.add(app=app, what=hidden.public_id).values["what"] == hidden.public_id

    def test_offers_only_apps_the_person_sees(self, desk) -> None:
        assert desk.app.public_id in apps_to_look_up(desk.colleague)
        assert desk.app.public_id not in apps_to_look_up(desk.stranger)


COLUMNS = st.dictionaries(st.sampled_from([one["key"] for one in FIELDS]), st.sampled_from(["edit", "view", "hide"]))
GROUP = st.fixed_dictionaries(
    {
        "everybody": st.booleans(),
        "see": st.booleans(),
        "edit": st.booleans(),
        "rows": st.sampled_from(["all", "own", "section"]),
        "columns": COLUMNS,
        "in_section": st.booleans(),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(groups=st.lists(GROUP, max_size=3))
def test_a_person_never_sees_more_than_the_first_group_says(desk, groups: list[dict[str, Any]]) -> None:
    section = desk.hall.sections["財政課"].public_id
    made = [
        {
            **{key: value for key, value in one.items() if key != "in_section"},
            "name": f"グループ{number}",
            "sections": [section] if one["in_section"] else [],
        }
        for number, one in enumerate(groups)
    ]
    app = App(section=desk.hall.sections["総務課"], permissions={"groups": made})
    first = next((one for one in made if one["everybody"] or one["sections"]), None)
    seen = access.sight_for(desk.stranger, app, Shapes(desk.app).definition)
    if first is None or not first["see"]:
        assert not seen.see and not seen.visible and not seen.editable
        return
    hidden = {key for key, column in first["columns"].items() if column == "hide"}
    assert not seen.visible & hidden
    assert seen.editable <= seen.visible
    assert not seen.manage and seen.rows.value == first["rows"]


def test_every_count_goes_through_the_gate(desk) -> None:
    desk.permit({**ALL, "rows": "own"})
    desk.add()
    app, definition, seen = access.app_for(desk.stranger, desk.app.public_id)
    assert access.visible_records(desk.stranger, app, definition, seen, today=TODAY).count() == 0
    assert Record.objects.count() == 1
