"""The views of the sample app: what is out, a calendar of returns, what is lent most, by month and state."""

from __future__ import annotations

from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.approval.api import Outcome, decide, requests_on
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.things.sample import SampleContext
from yakuba.office.appbuilder.models import App
from yakuba.office.appbuilder.services import ask_to_publish

VIEWS: list[dict[str, Any]] = [
    {
        "key": "board",
        "name": "状態のボード",
        "kind": "board",
        "group": {"field": "state"},
        "columns": ["item", "lent_to", "due_on"],
    },
    {
        "key": "calendar",
        "name": "貸出のカレンダー",
        "kind": "calendar",
        "day": "lent_on",
        "until": "due_on",
        "columns": ["item", "lent_to"],
    },
    {
        "key": "out",
        "name": "貸出中",
        "kind": "table",
        "filters": [{"field": "state", "test": "not", "values": ["back"]}],
        "sort": "due_on",
        "columns": ["item", "lent_to", "due_on", "count", "state"],
    },
    {
        "key": "by_month",
        "name": "月ごとの貸出",
        "kind": "chart",
        "drawn": "stacked",
        "group": {"field": "lent_on", "step": "month"},
        "split": {"field": "state"},
    },
    {
        "key": "by_item",
        "name": "品名ごとの数量",
        "kind": "chart",
        "drawn": "bar",
        "group": {"field": "item"},
        "measures": [{"how": "sum", "field": "count"}],
    },
    {
        "key": "crossed",
        "name": "貸出先と状態",
        "kind": "cross",
        "group": {"field": "lent_to"},
        "split": {"field": "state"},
    },
]


def show_to_everybody(context: SampleContext, app: App, maker: Person) -> None:
    """How much of what is lent, before the public after a decision."""
    public = ask_to_publish(by=maker, app=app, key="by_item", clock=context.clock)
    request = requests_on(ref_of(public))[0]
    head = context.person("section_head")
    decide(by=head, request=request, outcome=Outcome.APPROVED, comment="確かめました。", clock=context.clock)
