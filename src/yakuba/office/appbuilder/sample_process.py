"""The process and the automations of the sample town's lending app, and ninety days of its life."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.things.sample import SampleContext
from yakuba.office.appbuilder.models import App, AutomationRun, Record, RunState
from yakuba.office.appbuilder.running import carry_out, look_at_the_clock
from yakuba.office.appbuilder.services import add_record, press_button

OURS = ["管理する人", "自分の課"]
FIELDS: list[dict[str, Any]] = [
    {"key": "price", "label": "価格", "type": "yen", "filterable": True, "sortable": True, "in_list": False},
    {
        "key": "place",
        "label": "貸出課",
        "type": "section",
        "filterable": True,
        "help": "庁内に貸すとき",
        "in_list": False,
    },
    {"key": "keeper", "label": "渡した人", "type": "person", "filterable": True, "in_list": False},
    {"key": "back_on", "label": "返却日", "type": "date", "filterable": True, "sortable": True, "in_list": False},
]
STATES = [
    {"key": "booked", "label": "予約"},
    {"key": "lent", "label": "貸出中"},
    {"key": "late", "label": "延滞"},
    {"key": "lost", "label": "確認中"},
    {"key": "back", "label": "返却済"},
]
DEAR = 100_000
PROCESS: dict[str, Any] = {
    "field": "state",
    "start": "booked",
    "ends": ["back"],
    "buttons": [
        {
            "key": "hand_out",
            "label": "貸し出す",
            "states": ["booked"],
            "to": "lent",
            "groups": OURS,
            "rule": {"or": [{"<": [{"var": "price"}, DEAR]}, {"is_empty": [{"var": "price"}]}]},
            "asks": ["due_on"],
            "sets": [{"field": "keeper", "to": "presser"}],
        },
        {
            "key": "ask",
            "label": "決裁を受けて貸し出す",
            "states": ["booked"],
            "to": "lent",
            "groups": OURS,
            "rule": {">=": [{"var": "price"}, DEAR]},
            "asks": ["due_on"],
            "approval": {"kind": "高額備品の貸出", "amount": "price"},
            "sets": [{"field": "keeper", "to": "presser"}],
        },
        {
            "key": "take_back",
            "label": "返却を受ける",
            "states": ["lent", "late", "lost"],
            "to": "back",
            "groups": OURS,
            "people": ["keeper"],
            "sets": [{"field": "back_on", "to": "today"}],
        },
        {
            "key": "missing",
            "label": "見当たらない",
            "states": ["lent", "late"],
            "to": "lost",
            "groups": OURS,
            "asks": ["note"],
            "confirm": "どこまで探したかを、備考に書いてください。",
        },
    ],
}
AUTOMATIONS: list[dict[str, Any]] = [
    {
        "key": "late",
        "name": "返却のお願い",
        "when": "day",
        "field": "due_on",
        "days": 1,
        "hour": 8,
        "rule": {"==": [{"var": "state"}, "lent"]},
        "actions": [
            {"does": "set", "sets": [{"field": "state", "to": "constant", "value": "late"}]},
            {
                "does": "notify",
                "text": "「品名」（貸出先：「貸出先」）の返却予定日「返却予定日」を過ぎています。返却をお願いします。",
                "sections": ["place"],
                "people": ["keeper"],
            },
        ],
    },
    {
        "key": "lost",
        "name": "見当たらない備品の連絡",
        "when": "reached",
        "field": "state",
        "state": "lost",
        "actions": [{"does": "notify", "text": "「品名」が見当たりません。「備考」", "groups": ["管理する人"]}],
    },
]


def live_through(
    context: SampleContext, app: App, maker: Person, loans: Sequence[dict[str, Any]], *, back: Sequence[int]
) -> None:
    """Day by day: loans are booked and handed out, most come back, automations look at every morning.

    `loans` are the values of the records by the day of lending; `back` how many days each stays away, 0 for ever. What is
    dear waits for its decision.
    """
    clock = context.clock_on
    days: dict[date, list[tuple[Record, str]]] = {}
    first = min(date.fromisoformat(one["lent_on"]) for one in loans)
    mornings = {date.fromisoformat(one["due_on"]) + timedelta(days=1) for one in loans}
    waiting = sorted(zip(loans, back, strict=True), key=lambda pair: str(pair[0]["lent_on"]))
    day = first
    while day <= context.today:
        if day in mornings or day == context.today:  # on the others nothing is due
            look_at_the_clock(clock(day))
        for run in AutomationRun.objects.filter(app=app, state=RunState.WAITING).select_related("app", "record__app"):
            carry_out(run, clock(day))
        for record, button in days.pop(day, []):
            _press(record, button, maker, clock(day))
        while waiting and waiting[0][0]["lent_on"] == day.isoformat():
            values, stays = waiting.pop(0)
            record = add_record(by=maker, app=app, values=values, clock=clock(day))
            is_dear = (values.get("price") or 0) >= DEAR
            _press(record, "ask" if is_dear else "hand_out", maker, clock(day))
            if stays and not is_dear:
                days.setdefault(day + timedelta(days=stays), []).append((record, "take_back"))
        day += timedelta(days=1)


def _press(record: Record, button: str, by: Person, clock: Any) -> None:
    stored = Record.objects.select_related("app").get(pk=record.pk)
    press_button(by=by, record=stored, button=button, values={}, version=stored.version, clock=clock)
