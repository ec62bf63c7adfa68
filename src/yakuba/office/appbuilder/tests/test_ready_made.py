"""Every template is whole: it is used at once, takes its sample rows, opens its views, goes to its ends by buttons."""

from __future__ import annotations

from typing import Any

import pytest

from yakuba.kernel.approval.api import Outcome, decide, requests_on
from yakuba.kernel.things.api import ref_of
from yakuba.office.appbuilder.models import App, AppSheet, Record
from yakuba.office.appbuilder.queries.package import packed
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.ready_made import template, templates
from yakuba.office.appbuilder.rules.care import missing
from yakuba.office.appbuilder.rules.definition import read_definition
from yakuba.office.appbuilder.rules.package import read_package
from yakuba.office.appbuilder.rules.process_check import reachable
from yakuba.office.appbuilder.services import press_button
from yakuba.office.appbuilder.services.ready_made import make_from_template
from yakuba.office.appbuilder.tests.test_sheet_out import text
from yakuba.office.appbuilder.tests.world import CLOCK, cells_are_right, sit

ALL = [one.key for one in templates()]


def made(desk: Any, key: str, *, rows: bool = True) -> App:
    chosen = template(key)
    assert chosen is not None
    taken = make_from_template(by=desk.maker, chosen=chosen, with_rows=rows, clock=CLOCK)
    assert taken.notes == ()
    return App.objects.get(pk=taken.app.pk)


def test_there_are_twelve() -> None:
    assert len(ALL) == len(set(ALL)) == 12


@pytest.mark.parametrize("key", ALL)
def test_says_what_it_holds(key) -> None:
    one = template(key)
    assert one is not None
    definition = one.definition
    assert read_definition(definition.to_json()) == definition and missing(definition) == ()
    assert 2 <= len(definition.views) <= 4 and 5 <= len(one.rows) <= 8 and definition.automations
    process = definition.process
    assert process is not None
    state = definition.field(process.field)
    assert state is not None and reachable(process, definition) == {choice.key for choice in state.choices}
    for row in one.rows:
        written = str(row.values)
        assert "見本" in written or key in ("rooms", "snow", "animals", "survey")


@pytest.mark.parametrize("key", ALL)
def test_is_used_at_once_and_takes_its_rows(desk, key) -> None:
    app = made(desk, key)
    one = template(key)
    assert one is not None and Record.objects.filter(app=app).count() == len(one.rows)
    cells_are_right(app)
    assert {sheet.is_table for sheet in AppSheet.objects.filter(app=app, is_ready=True)} == {True, False}
    client = sit(desk, "行政 主事")
    for view in one.definition.views:
        answer = client.get(f"/office/apps/{app.public_id}/v/{view.key}/")
        assert answer.status_code == 200, view.name
        assert "表示できません" not in text(answer), view.name
    again = read_package(packed(app, Shapes(app).definition).to_bytes())
    assert again.definition == one.definition and len(again.sheets) == 2


@pytest.mark.parametrize("key", ALL)
def test_a_record_goes_from_the_first_state_to_an_end_by_buttons(desk, key) -> None:
    """The shortest way; fields a button asks for are filled as the rows fill them."""
    one = template(key)
    assert one is not None and one.definition.process is not None
    app, process = made(desk, key), one.definition.process
    donor: dict[str, Any] = {}
    for row in one.rows:
        donor = (
            row.on(CLOCK.today(), staff=desk.hall.staff["行政 主事"].public_id, section=app.section.public_id) | donor
        )  # type: ignore[union-attr]
    record = Record.objects.filter(app=app, **{f"values__{process.field}": process.start}).latest("pk")
    seen = {process.start}
    while (state := process.state_of(Record.objects.get(pk=record.pk).values)) not in process.ends:
        button = next(each for each in process.buttons if state in each.states and each.to not in seen)
        stored = Record.objects.select_related("app").get(pk=record.pk)
        given = {ask: donor.get(ask, "（見本）") for ask in button.asks if stored.values.get(ask) is None}
        press_button(by=desk.maker, record=stored, button=button.key, values=given, version=stored.version, clock=CLOCK)
        for waiting in requests_on(ref_of(stored)):
            decide(by=desk.colleague, request=waiting, outcome=Outcome.APPROVED, reason="", clock=CLOCK)
        seen.add(button.to)
    assert state in process.ends


class TestPages:
    def test_the_gallery_leads_to_a_template_and_to_its_app(self, desk) -> None:
        client = sit(desk, "行政 主事")
        shown = text(client.get("/office/apps/templates/"))
        assert all(one.title in shown for one in templates())
        page = "/office/apps/templates/keys/"
        assert "このテンプレートで作る" in text(client.get(page)) and "鍵受渡票" in text(client.get(page))
        without = client.post(page)
        app = App.objects.latest("pk")
        assert without.status_code == 302 and not Record.objects.filter(app=app).exists()
        assert "鍵の貸出" in text(client.get(without["Location"], follow=True))
        client.post(page, {"rows": "1"})
        assert Record.objects.filter(app=App.objects.latest("pk")).count() == 5

    def test_an_unknown_one_is_nowhere(self, desk) -> None:
        assert sit(desk, "行政 主事").get("/office/apps/templates/nothing/").status_code == 404
