"""What the card support puts on the homes, into the office's menu and into the office's search."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.home.api import (
    ResidentItem,
    SearchHit,
    WorkItem,
    menu_item,
    public_door,
    resident_source,
    search_source,
    work_source,
)
from yakuba.kernel.japan.api import fold
from yakuba.kernel.values.api import Clock, Text
from yakuba.residents.card_support.access import (
    MAY_COUNT,
    MAY_READ,
    MAY_WORK,
    READ_LIST,
    both_visible_to,
    visible_to,
    visits_visible_to,
)
from yakuba.residents.card_support.models import Reminder
from yakuba.residents.card_support.reminder_links import token_of
from yakuba.residents.card_support.rules.reminders import last_day
from yakuba.residents.card_support.rules.states import OPEN_VISITS, AppointmentState, VisitState
from yakuba.residents.card_support.words import day_text, moment_text

for _order, _title, _name, _may in (
    (40, "カードの予約", "office-card", MAY_READ),
    (41, "カードの訪問・出張", "office-card-visits", MAY_READ),
    (42, "カードの予約枠", "office-card-slots", MAY_READ),
    (43, "カード支援の件数", "office-card-counts", MAY_COUNT),
):
    menu_item(group="町民サービス", title=_title, url_name=_name, may=_may, order=_order)

public_door(
    title=Text("マイナンバーカード", easy="マイナンバーカード", en="My Number Card"), url_name="card-support", order=30
)

_OPEN_STATES = [AppointmentState.BOOKED.value, AppointmentState.MUST_MOVE.value]


@work_source("card support")
def open_work(person: Person, clock: Clock) -> Sequence[WorkItem]:
    """Whom to telephone, visits without a date, appointments of days gone by that nobody marked."""
    if not MAY_WORK.allows(person) or person.is_read_only:
        return []
    today = clock.today()
    rows, visits = both_visible_to(person)
    booked = Q(state=AppointmentState.BOOKED.value)
    waiting = rows.aggregate(
        calls=Count("pk", filter=Q(must_call=True)),
        todays=Count("pk", filter=booked & Q(day=today)),
        unmarked=Count("pk", filter=booked & Q(day__lt=today)),
    )
    here = reverse("office-card")
    items = []
    if waiting["calls"]:
        items.append(_item(f"カードの予約：電話で知らせる人が{waiting['calls']}人います", f"{here}?box=call"))
    if waiting["todays"]:
        title = f"カードの予約：今日これから{waiting['todays']}件"
        items.append(WorkItem(title, here, "カードの予約", "section", due=today))
    if waiting["unmarked"]:
        title = f"カードの予約：結果を付けていないものが{waiting['unmarked']}件あります"
        items.append(_item(title, f"{here}?box=past&state=booked"))
    to_do = Q(state=VisitState.RECEIVED.value) | Q(state=VisitState.SCHEDULED.value, scheduled_on__lte=today)
    for one in visits.filter(to_do | Q(must_call=True)).order_by("asked_at")[:40]:
        what = "電話で知らせる" if one.must_call else ("日程を決める" if one.scheduled_on is None else "うかがう日")
        items.append(
            WorkItem(
                title=f"訪問・出張（{what}）：{one.organisation or one.name}",
                url=reverse("office-card-visit", args=[one.public_id]),
                kind="訪問・出張",
                lane="section",
                due=one.scheduled_on if one.standing is VisitState.SCHEDULED else None,
                note=one.number,
            )
        )
    return items


@resident_source("card support")
def own_entries(person: Person, clock: Clock) -> Sequence[ResidentItem]:
    """The resident's appointments and visits to come, and the reminders."""
    if person.kind is not PersonKind.RESIDENT:
        return []
    try:
        reverse("card-support")
    except NoReverseMatch:
        return []  # the initiative is switched off
    today = clock.today()
    items = []
    for one in visible_to(person).filter(day__gte=today, state__in=_OPEN_STATES).order_by("slot__starts_at")[:10]:
        must_move = one.standing is AppointmentState.MUST_MOVE
        items.append(
            ResidentItem(
                title=Text(
                    f"マイナンバーカードの窓口 {moment_text(one.slot.starts_at).ja}",
                    easy=f"マイナンバーカードの 窓口（まどぐち） {moment_text(one.slot.starts_at).easy}",
                    en=f"My Number Card: {moment_text(one.slot.starts_at).en}",
                ),
                url=reverse("card-change" if must_move else "card-own", args=[one.public_id]),
                group="bookings",
                due=one.day,
                note=one.standing.text,
            )
        )
    for visit in visits_visible_to(person).filter(state__in=[state.value for state in OPEN_VISITS])[:10]:
        day = day_text(visit.scheduled_on) if visit.scheduled_on else None
        items.append(
            ResidentItem(
                title=Text(
                    f"カードの訪問・出張 {day.ja if day else ''}".strip(),
                    easy=f"カードの 手伝（てつだ）い {day.easy if day else ''}".strip(),
                    en=f"Support visit for the card {day.en if day else ''}".strip(),
                ),
                url=reverse("card-own-visit", args=[visit.public_id]),
                group="bookings",
                due=visit.scheduled_on,
                note=visit.standing.text,
            )
        )
    reminder = Reminder.objects.filter(account=person.id).first()
    if reminder is not None:
        items.append(
            ResidentItem(
                title=Text(
                    "カードの更新のお知らせ",
                    easy="カードの 更新（こうしん）の お知（し）らせ",
                    en="Reminders before your card expires",
                ),
                url=reverse("card-reminder", args=[token_of(reminder)]),
                group="notices",
                due=last_day(reminder.card_until, reminder.certificate_until),
            )
        )
    return items


@search_source("card support")
def found(person: Person, words: str) -> Sequence[SearchHit]:
    """Appointments and visits by number or name, among those the person sees; the reading is logged."""
    key = fold(words)
    if not MAY_READ.allows(person) or not key:
        return []
    rows, asked = both_visible_to(person)
    hits = list(rows.filter(Q(name_key__contains=key) | Q(number__iexact=words.strip())).order_by("-day")[:10])
    visits = list(asked.filter(Q(name_key__contains=key) | Q(number__iexact=words.strip()))[:10])
    record_view(by=person, subjects=[*hits, *visits], what=READ_LIST, detail="search")
    return [
        *(
            SearchHit(
                f"{one.name}さん（{one.day.month}月{one.day.day}日）",
                reverse("office-card-appointment", args=[one.public_id]),
                "カードの予約",
                f"{one.number} {one.standing.label}",
            )
            for one in hits
        ),
        *(
            SearchHit(
                one.organisation or one.name,
                reverse("office-card-visit", args=[one.public_id]),
                "訪問・出張",
                f"{one.number} {one.standing.label}",
            )
            for one in visits
        ),
    ]


def _item(title: str, url: str) -> WorkItem:
    return WorkItem(title=title, url=url, kind="カードの予約", lane="section")
