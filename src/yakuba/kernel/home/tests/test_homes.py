"""The homes gather what the apps plug in, and tell a person nothing they must not know."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from yakuba.kernel.access.api import Person, PersonKind, Role, anyone, role
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.home import plugins
from yakuba.kernel.home.api import (
    WorkItem,
    menu_item,
    office_menu,
    protection_source,
    public_door,
    public_doors,
    search_source,
    work_of,
    work_source,
)
from yakuba.kernel.home.plugins import SearchHit, search
from yakuba.kernel.home.queries import data_uses
from yakuba.kernel.home.rules import deadline_light, may_be_told
from yakuba.kernel.kpi.api import enter_measurement, known_measures
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import FixedClock, Text

CLOCK = FixedClock(date(2026, 11, 23))
CLERK = Person(id="c" * 16, name="見本 一", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF}), title="主事")
IT = Person(id="i" * 16, name="見本 二", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.IT}))
RESIDENT = Person(id="r" * 16, name="見本 三", kind=PersonKind.RESIDENT)


@pytest.mark.parametrize(
    ("withheld", "reader", "protected", "told"),
    [
        (False, "clerk", False, True),
        (True, "clerk", False, False),
        (False, "clerk", True, False),
        (False, "me", False, False),
    ],
)
def test_what_a_person_may_be_told(withheld: bool, reader: str, protected: bool, told: bool) -> None:
    assert may_be_told(is_withheld=withheld, reader=reader, person_concerned="me", is_protected=protected) is told


@pytest.mark.parametrize(
    ("due", "light"),
    [
        (None, "none"),
        (date(2026, 11, 22), "late"),
        (date(2026, 11, 23), "soon"),
        (date(2026, 11, 26), "soon"),
        (date(2026, 11, 27), "calm"),
    ],
)
def test_the_light_of_a_deadline(due: date | None, light: str) -> None:
    assert deadline_light(due=due, today=date(2026, 11, 23)) == light


@pytest.mark.django_db
@pytest.mark.database
def test_a_resident_sees_who_looked_except_where_the_law_protects_the_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "_protection_sources", {})
    me, other = Ref("identity.account", RESIDENT.id), Ref("identity.account", "x" * 16)
    record_view(by=CLERK, subjects=[me], what=viewing("tests.case", label="申請の画面"))
    record_view(by=CLERK, subjects=[other], what=viewing("tests.case", label="申請の画面"))
    record_view(by=CLERK, subjects=[me], what=viewing("tests.tax", label="税の調査"), is_withheld=True)
    record_view(by=RESIDENT, subjects=[me], what=viewing("tests.own", label="自分の画面"))
    assert [(use.capacity, use.what) for use in data_uses(RESIDENT)] == [("主事", "申請の画面")]
    protection_source("tests")(lambda person: person.id == RESIDENT.id)
    assert data_uses(RESIDENT) == []


@pytest.mark.django_db
def test_the_page_of_a_protected_person_looks_as_if_nobody_had_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.test import RequestFactory

    from yakuba.kernel.home.views import resident_data_use

    def page() -> str:
        request = RequestFactory().get("/my/data-use/")
        request.person, request.clock = RESIDENT, CLOCK  # type: ignore[attr-defined]
        request._messages = []  # type: ignore[attr-defined]
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", resident_data_use(request).content.decode())

    monkeypatch.setattr(plugins, "_protection_sources", {})
    untouched = page()
    record_view(
        by=CLERK, subjects=[Ref("identity.account", RESIDENT.id)], what=viewing("tests.case", label="申請の画面")
    )
    assert page() != untouched
    protection_source("tests")(lambda person: True)
    assert page() == untouched


def test_doors_stand_in_their_order_and_the_nearest_one_is_where_the_reader_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "_doors", {})
    public_door(title=Text("マイページ", en="My page"), url_name="resident-home", order=20)
    public_door(title=Text("個人情報", en="Privacy"), url_name="privacy", order=10)
    public_door(title=Text("閉じた窓口"), url_name="switched-off")
    assert [(one["title"], one["url"], one["current"]) for one in public_doors("/my/data-use/", "en")] == [
        ("Privacy", "/privacy/", False),
        ("My page", "/my/", True),
    ]
    assert not any(one["current"] for one in public_doors("/plan/", "ja"))


def test_the_menu_shows_only_what_may_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "_menu", {})
    menu_item(group="仕事", title="ホーム", url_name="office-home", may=anyone)
    menu_item(group="運用", title="ジョブ", url_name="jobs", may=role(Role.IT))
    menu_item(group="計画", title="切られた取組", url_name="an-initiative-that-is-off", may=anyone)
    assert [[item["title"] for item in group["items"]] for group in office_menu(CLERK, "/office/")] == [["ホーム"]]
    groups = office_menu(IT, "/office/jobs/abc/")
    assert [(item["title"], item["current"]) for group in groups for item in group["items"]] == [
        ("ホーム", False),
        ("ジョブ", True),
    ]


def test_the_worklist_puts_the_earliest_deadline_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "_work_sources", {})
    work_source("one")(
        lambda person, clock: [WorkItem("後", "/", "", "mine", date(2026, 12, 1)), WorkItem("無", "/", "", "mine")]
    )
    work_source("two")(lambda person, clock: [WorkItem("先", "/", "", "mine", date(2026, 11, 1))])
    assert [item.title for item in work_of(CLERK, CLOCK)] == ["先", "後", "無"]


def test_search_asks_every_source_as_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "_menu", {})
    monkeypatch.setattr(plugins, "_search_sources", {})
    search_source("x")(lambda person, words: [SearchHit(f"{words}を{person.name}が", "/", "試し")])
    assert [hit.title for hit in search(CLERK, "棚")] == ["棚を見本 一が"]


@pytest.mark.django_db
def test_a_value_by_hand_waits_on_the_lists_of_both_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    from yakuba.kernel.kpi import registry
    from yakuba.kernel.kpi.api import Direction, Measure, measures_from

    monkeypatch.setattr(registry, "_sources", {})
    shelf = Measure("tests.shelf", Text(ja="棚"), Text(ja="棚の長さ"), "m", Direction.DOWN, "巻き尺")
    measures_from("tests", lambda: [shelf])
    assert "tests.shelf" in known_measures()
    enter_measurement(
        by=CLERK, measure_id="tests.shelf", on=date(2026, 11, 1), value=Decimal(12), n=None, how="測った", evidence="表",
        evidence_file="", is_baseline=False, clock=CLOCK,
    )  # fmt: skip
    secretariat = Person(
        id="s" * 16, name="見本 四", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.SECRETARIAT})
    )
    assert [item.lane for item in work_of(CLERK, CLOCK) if item.kind == "指標の手入力"] == ["mine"]
    assert [item.lane for item in work_of(secretariat, CLOCK) if item.kind == "指標の手入力"] == ["decide"]
    assert not [item for item in work_of(IT, CLOCK) if item.kind == "指標の手入力"]


@pytest.mark.database
@pytest.mark.parametrize("words", ["%00", "%00%01", "a%00b", "%ED%A0%80"])
def test_a_search_for_signs_no_keyboard_makes_finds_nothing(sample_town, words) -> None:
    from tests.pages.walk import signed_in

    answer = signed_in("担当者").get(f"/office/search/?q={words}")
    assert answer.status_code == 200 and "\x00" not in answer.content.decode()
