"""A self-built app of the sample town: equipment lent to associations and sections (備品貸出)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yakuba.kernel.organisation.models import Section
from yakuba.kernel.things.sample import SampleContext, sample_part
from yakuba.office.appbuilder.models import App
from yakuba.office.appbuilder.rules.definition import read_definition
from yakuba.office.appbuilder.rules.permissions import read_permissions
from yakuba.office.appbuilder.sample_application import take_applications
from yakuba.office.appbuilder.sample_assets import LOANS, list_things, loan_field, lookable, sum_up
from yakuba.office.appbuilder.sample_care import CARE, count_hours
from yakuba.office.appbuilder.sample_doors import open_class, open_survey
from yakuba.office.appbuilder.sample_process import AUTOMATIONS, FIELDS, PROCESS, STATES, live_through
from yakuba.office.appbuilder.sample_records import show_more
from yakuba.office.appbuilder.sample_views import VIEWS, show_to_everybody
from yakuba.office.appbuilder.services import change_permissions, create_app, publish_version

_ITEMS = (
    "プロジェクター",
    "スクリーン",
    "折りたたみ机",
    "パイプ椅子（10脚）",
    "テント",
    "放送設備",
    "発電機",
    "延長コード",
)
_PRICES = (65_000, 18_000, 9_800, 24_000, 58_000, 92_000, 88_000, 3_200)
_TO = ("見本町内会", "見本子ども会", "見本スポーツ少年団", "見本老人クラブ", "教育課", "産業課")
_FIELDS: list[dict[str, Any]] = [
    {"key": "item", "label": "品名", "type": "short_text", "required": True, "filterable": True, "sortable": True},
    {"key": "lent_to", "label": "貸出先", "type": "short_text", "required": True, "filterable": True, "sortable": True},
    {"key": "lent_on", "label": "貸出日", "type": "date", "required": True, "filterable": True, "sortable": True},
    {"key": "due_on", "label": "返却予定日", "type": "date", "filterable": True, "sortable": True},
    {
        "key": "state",
        "label": "状態",
        "type": "status",
        "required": True,
        "filterable": True,
        "sortable": True,
        "choices": STATES,
    },
    {"key": "count", "label": "数量", "type": "number", "unit": "点", "default": 1, "sortable": True},
    {
        "key": "days",
        "label": "貸出日数",
        "type": "computed",
        "gives": "number",
        "unit": "日",
        "sortable": True,
        "rule": {"days_between": [{"var": "lent_on"}, {"var": "due_on"}]},
    },
    {"key": "contact", "label": "連絡先", "type": "phone", "in_list": False, "data_class": "personal"},
    *FIELDS,
    {"key": "photos", "label": "写真", "type": "photos", "in_list": False, "help": "貸出の前と返却の後に撮ります。"},
    {"key": "note", "label": "備考", "type": "long_text", "in_list": False},
]


@sample_part(order=260, title="職員が作ったアプリ")
def lend_equipment(context: SampleContext) -> None:
    """An app its maker's section writes in and everybody reads without telephone numbers; thirty loans."""
    maker = context.person("clerk")
    begun = context.clock_on(context.today - timedelta(days=95))
    things, ids = list_things(maker, _ITEMS, _PRICES, begun)
    definition = read_definition(
        {
            "format": "yakuba-app/1",
            "title": "備品貸出（見本）",
            "description": "町の備品を団体や課に貸し出すときの記録です。連絡先は、返却のお願いにだけ使います。",
            "fields": [*_FIELDS[:1], loan_field(things), *_FIELDS[1:]],
            "process": PROCESS,
            "automations": AUTOMATIONS,
            "views": VIEWS,
            "care": CARE,
            "alike": ["item", "lent_to", "lent_on"],
        }
    )
    app = create_app(by=maker, definition=definition, clock=begun, is_sample=True)
    publish_version(by=maker, app=app, edition=1, apps=lookable(maker), clock=begun)
    app = App.objects.get(pk=app.pk)
    everybody = {"name": "そのほかの職員", "everybody": True, "columns": {"contact": "hide"}}
    rights = read_permissions({"groups": [*app.permissions["groups"], everybody]})
    change_permissions(by=maker, app=app, permissions=rights, edition=app.permissions_edition, clock=begun)
    sections = dict(Section.objects.values_list("name", "public_id"))
    loans: list[dict[str, Any]] = []
    for number in range(30):
        lent_on = context.today - timedelta(days=90 - 3 * number)
        to = _TO[context.rng.randrange(len(_TO))]
        loan: dict[str, Any] = {
            "item": _ITEMS[number % len(_ITEMS)],
            "lent_to": to,
            "lent_on": lent_on.isoformat(),
            "due_on": (lent_on + timedelta(days=context.rng.choice((2, 3, 7)))).isoformat(),
            "count": context.rng.randint(1, 4),
            "price": _PRICES[number % len(_ITEMS)],
            LOANS: ids[number % len(_ITEMS)],
        }
        if to in sections:
            loan["place"] = sections[to]
        loans.append(loan)
    loans[29] |= {"item": "発電機（大型）", "price": 380_000, "lent_to": "見本町内会", "place": None, LOANS: None}
    stays = [3 if number < 24 else 0 for number in range(30)]
    live_through(context, app, maker, loans, back=stays)
    sum_up(maker, things, app, context.clock)
    count_hours(context, app, maker)
    show_more(context, app, maker)
    show_to_everybody(context, App.objects.get(pk=app.pk), maker)


@sample_part(order=265, title="職員が作ったアプリの、町民の入口")
def ask_residents(context: SampleContext) -> None:
    """A sign-up, a survey and an application, each opened by a decision and with something in it."""
    open_class(context)
    open_survey(context)
    take_applications(context)
