"""Telling people who signed up: by notice and mail where something leads to them, else they look it up by their code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse

from yakuba.kernel.access.api import Person
from yakuba.kernel.notify.api import CannotBeReached, MessageKind, Recipient, tell
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import TOKYO, Clock, Text
from yakuba.office.appbuilder import notices
from yakuba.office.appbuilder.models import Arrival
from yakuba.office.appbuilder.rules.door_states import ArrivalState

_KINDS = {
    ArrivalState.BOOKED: notices.BOOKED,
    ArrivalState.WAITING: notices.WAITING,
    ArrivalState.OFFERED: notices.OFFERED,
    ArrivalState.CANCELLED: notices.CANCELLED,
    ArrivalState.LAPSED: notices.LAPSED,
}


def tell_arrival(*, by: Person, arrival: Arrival, clock: Clock) -> bool:
    """Say where a sign-up stands now, within the caller's verb. Whether a channel leads to the person."""
    kind: MessageKind | None = _KINDS.get(arrival.standing)
    if kind is None or not (arrival.account or arrival.mail):
        return False
    entrance = arrival.entrance
    values: dict[str, str | Text] = {
        "title": entrance.door.title.text("入口") or "",
        "number": arrival.number,
        "until": moment_text(arrival.answer_by) if arrival.answer_by else "",
        "reason": arrival.reason,
    }
    link = reverse("join-own", args=[arrival.public_id]) if arrival.account else reverse("join-look-up")
    try:
        tell(
            by=by,
            recipient=Recipient(
                name=name_of(arrival), account=arrival.account, mail=arrival.mail, language=arrival.language
            ),
            kind=kind,
            about=ref_of(arrival),
            values=_only(values, kind),
            key=f"{kind.key}:{arrival.public_id}",
            clock=clock,
            section=entrance.app.section,
            link=link,
        )
    except CannotBeReached:
        return False
    return True


def _only(values: Mapping[str, str | Text], kind: MessageKind) -> dict[str, str | Text]:
    return {key: value for key, value in values.items() if key in kind.places}


def name_of(arrival: Arrival) -> str:
    """The name the person gave, if the door asks for one."""
    key = arrival.entrance.door.name_field
    value = arrival.record.values.get(key) if key else None
    return value[:120] if isinstance(value, str) else ""


def moment_text(moment: datetime) -> Text:
    """Day and time in three languages."""
    here = moment.astimezone(TOKYO)
    at = f"{here.hour}:{here:%M}"
    week = "月火水木金土日"[here.weekday()]
    return Text(
        f"{here.year}年{here.month}月{here.day}日（{week}）{at}",
        easy=f"{here.year}年（ねん）{here.month}月（がつ）{here.day}日（にち）{at}",
        en=f"{here:%Y-%m-%d} {at}",
    )
