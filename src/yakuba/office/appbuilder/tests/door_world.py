"""A town hall whose 産業課 asks residents: a survey of the library room and a cooking class with twelve places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yakuba.kernel.access.api import VISITOR, Person, PersonKind
from yakuba.kernel.approval.api import Outcome, decide
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.office.appbuilder.models import App, Arrival, Entrance, Record
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import read_definition
from yakuba.office.appbuilder.services import (
    answer_survey,
    ask_for_door,
    create_app,
    publish_version,
    save_definition,
    sign_up,
)
from yakuba.office.appbuilder.tests.world import CLOCK, Desk, lookable

SURVEY_FIELDS: list[dict[str, Any]] = [
    {"key": "often", "label": "来る回数", "type": "choice", "required": True, "filterable": True,
     "choices": [{"key": "week", "label": "毎週"}, {"key": "month", "label": "毎月"}, {"key": "never", "label": "来ない"}]},
    {"key": "wants", "label": "ほしいもの", "type": "choices",
     "choices": [{"key": "books", "label": "新しい本"}, {"key": "desks", "label": "自習の机"}]},
    {"key": "satisfied", "label": "満足していますか", "type": "yes_no"},
    {"key": "words", "label": "ご意見", "type": "long_text", "in_list": False},
    {"key": "inner", "label": "職員のメモ", "type": "short_text", "help": "町民には見せない"},
]  # fmt: skip
CLASS_FIELDS: list[dict[str, Any]] = [
    {"key": "name", "label": "氏名", "type": "short_text", "required": True, "data_class": "personal"},
    {"key": "phone", "label": "電話番号", "type": "phone", "data_class": "personal"},
    {"key": "time", "label": "希望の回", "type": "choice", "required": True,
     "choices": [{"key": "am", "label": "午前の回"}, {"key": "pm", "label": "午後の回"}]},
    {"key": "state", "label": "状態", "type": "status", "filterable": True,
     "choices": [{"key": "in", "label": "確定"}, {"key": "wait", "label": "空き待ち"}, {"key": "out", "label": "取消"}]},
    {"key": "inner", "label": "職員のメモ", "type": "short_text"},
]  # fmt: skip
PURPOSE = {
    "ja": "図書室の改善のため",
    "easy": "図書室（としょしつ）を よくするため",
    "en": "To improve the library room",
}


def survey_door(**more: Any) -> dict[str, Any]:
    return {
        "key": "d1",
        "kind": "survey",
        "title": {"ja": "図書室アンケート", "easy": "図書室（としょしつ）の アンケート", "en": "Library survey"},
        "purpose": PURPOSE,
        "asks": [
            {"field": "often", "label": {"easy": "どのくらい 来（き）ますか", "en": "How often do you come?"},
             "choices": {"week": {"en": "Every week"}}},
            {"field": "wants"},
            {"field": "satisfied"},
            {"field": "words"},
        ],
        "survey": {"once": "device", "results": "live"},
        **more,
    }  # fmt: skip


def class_door(places: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "key": "d1",
        "kind": "sign_up",
        "title": {"ja": "親子料理教室", "easy": "りょうりの 教室（きょうしつ）", "en": "Cooking class"},
        "purpose": {"ja": "教室の参加者への連絡のため"},
        "asks": [{"field": "name"}, {"field": "phone"}],
        "name_field": "name",
        "state_field": "state",
        "closes_at": "2027-04-30T17:00:00",
        "places": {"total": 3, "waiting": 2, **(places or {})},
        **more,
    }


@dataclass
class Doors:
    """Rows by the words tests use."""

    desk: Desk

    def app(self, fields: list[dict[str, Any]], *doors: dict[str, Any], title: str = "図書室") -> App:
        """An app in use whose definition has these doors."""
        definition = read_definition({"format": "yakuba-app/1", "title": title, "fields": fields, "doors": list(doors)})
        app = create_app(by=self.desk.maker, definition=definition, clock=CLOCK)
        publish_version(by=self.desk.maker, app=app, edition=1, apps=lookable(), clock=CLOCK)
        return App.objects.get(pk=app.pk)

    def change(self, app: App, **more: Any) -> None:
        """Another version of an app in use: other `fields` or `doors`."""
        written = Shapes(App.objects.get(pk=app.pk)).definition.to_json() | more
        saved = save_definition(
            by=self.desk.maker, app=app, definition=read_definition(written), edition=0, clock=CLOCK
        )
        publish_version(by=self.desk.maker, app=app, edition=saved.edition, apps=lookable(), clock=CLOCK)

    def decide(self, outcome: Outcome = Outcome.APPROVED) -> None:
        request = DecisionRequest.objects.filter(subject_kind="appbuilder.door").latest("pk")
        decide(by=self.head, request=request, outcome=outcome, comment="確かめた", clock=CLOCK)

    @property
    def head(self) -> Person:
        return self.desk.person("総務 課長")

    def open(self, fields: list[dict[str, Any]], door: dict[str, Any]) -> Entrance:
        """A door that was decided and is open."""
        app = self.app(fields, door)
        ask_for_door(by=self.desk.maker, app=app, key=door["key"], clock=CLOCK)
        self.decide()
        return Entrance.objects.select_related("app").get(app=app)

    def survey(self, **more: Any) -> Entrance:
        return self.open(SURVEY_FIELDS, survey_door(**more))

    def course(self, places: dict[str, Any] | None = None, **more: Any) -> Entrance:
        return self.open(CLASS_FIELDS, class_door(places, **more))

    def answer(self, entrance: Entrance, number: int = 0, *, by: Person = VISITOR, **values: Any) -> None:
        answer_survey(
            by=by,
            entrance=entrance,
            values={"often": "week", **values},
            sending=f"sending-{number}",
            device=f"device-{number}",
            language="ja",
            clock=CLOCK,
        )

    def sign_up(
        self, entrance: Entrance, number: int = 0, *, by: Person = VISITOR, people: int = 1, mail: str | None = None,
        clock: Any = CLOCK, **values: Any,
    ) -> Arrival:  # fmt: skip
        return sign_up(
            by=by,
            entrance=entrance,
            values={"name": f"見本 {number}", **values},
            people=people,
            mail=f"person{number}@example.jp" if mail is None else mail,
            phone="",
            sending=f"sending-{number}",
            language="ja",
            clock=clock,
        )


def resident(number: int) -> Person:
    return Person(id=f"resident{number:08d}", name=f"町民{number}", kind=PersonKind.RESIDENT)


def records_of(entrance: Entrance) -> list[Record]:
    return list(Record.objects.filter(app=entrance.app).order_by("number"))
