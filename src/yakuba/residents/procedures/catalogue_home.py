"""What the catalogue puts into the office's menu, on the worklist and into the office's search."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from yakuba.kernel.access.api import Person, office_seat
from yakuba.kernel.catalogue.access import WORKS_HERE, sections_of, visible_to
from yakuba.kernel.catalogue.api import Channel, Procedure
from yakuba.kernel.catalogue.queries.search import find_procedures
from yakuba.kernel.home.api import SearchHit, WorkItem, menu_item, public_door, search_source, work_source
from yakuba.kernel.values.api import Clock, Text

for _order, _title, _name in (
    (30, "手続きカタログ", "office-procedures"),
    (31, "数えた手続き", "office-procedures-counting"),
    (32, "年度の件数", "office-procedures-yearly"),
):
    menu_item(group="町民サービス", title=_title, url_name=_name, may=office_seat, order=_order)

public_door(title=Text("手続き", easy="手続き", en="Procedures"), url_name="procedures", order=10)


@work_source("catalogue")
def open_work(person: Person, clock: Clock) -> Sequence[WorkItem]:
    """Links that no longer open, deliveries that wait for a word, and how many facts are missing."""
    if not WORKS_HERE.allows(person):
        return []
    own = sections_of(person, clock.today())
    if not own:
        return []
    broken = visible_to(person, Channel).select_related("procedure").filter(
        closed_on__isnull=True, link_state="broken", procedure__section_id__in=own
    )  # fmt: skip
    items = [
        WorkItem(
            title=f"リンクが開けません：{one.procedure.title_ja}",
            url=f"{reverse('office-procedure', args=[one.procedure.key])}#channels",
            kind="手続き",
            lane="section",
            note=one.channel_kind.label,
        )
        for one in broken[:50]
    ]
    rows = visible_to(person, Procedure).filter(section_id__in=own)
    items += [
        WorkItem(
            title=f"配布データとの違い：{one.title_ja}",
            url=f"{reverse('office-procedure', args=[one.key])}#offered",
            kind="手続き",
            lane="section",
        )
        for one in rows.exclude(offered__isnull=True)[:50]
    ]
    missing = rows.filter(missing_count__gt=0).count()
    if missing:
        items.append(
            WorkItem(
                title=f"足りない事項のある手続き（{missing}件）",
                url=reverse("office-procedures-missing"),
                kind="手続き",
                lane="section",
            )
        )
    return items


@search_source("catalogue")
def found(person: Person, words: str) -> Sequence[SearchHit]:
    """Procedures by everyday words."""
    rows = visible_to(person, Procedure).select_related("section").order_by("number")
    return [
        SearchHit(one.title_ja, reverse("office-procedure", args=[one.key]), "手続き", str(one.section or ""))
        for one in find_procedures(rows, words)[:20]
    ]
