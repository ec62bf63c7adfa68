"""A procedure as a reader sees it: how to start, where to go, what is certain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from yakuba.kernel.catalogue.api import Channel, ChannelKind, Procedure, channels_of
from yakuba.kernel.catalogue.queries.delivery import life_events
from yakuba.kernel.catalogue.queries.procedures import Place, places_of
from yakuba.kernel.catalogue.rules.content import ProcedureContent
from yakuba.kernel.catalogue.rules.delivery import LifeEvent
from yakuba.kernel.catalogue.rules.kinds import Fact
from yakuba.kernel.parameters.api import value_on
from yakuba.kernel.values.api import Text


@dataclass(frozen=True, slots=True)
class StartWay:
    """A button that starts a procedure online: where it leads, and what a reader should know of it."""

    kind: ChannelKind
    url: str
    note: Text | None
    is_outside: bool

    @property
    def label(self) -> Text:
        return self.kind.text


@dataclass(frozen=True, slots=True)
class OtherWay:
    """Counter, post or telephone."""

    kind: ChannelKind
    note: Text | None

    @property
    def label(self) -> Text:
        return self.kind.text


@dataclass(frozen=True, slots=True)
class ShownProcedure:
    """A procedure with everything a page about it needs."""

    procedure: Procedure
    content: ProcedureContent
    place: Place
    starts: tuple[StartWay, ...]
    others: tuple[OtherWay, ...]

    @property
    def is_online(self) -> bool:
        return bool(self.starts)

    @property
    def has_counter(self) -> bool:
        return any(one.kind is ChannelKind.COUNTER for one in self.others)

    @property
    def unconfirmed(self) -> tuple[Fact, ...]:
        """Facts that stand on the page and that the town has not confirmed yet."""
        shown = [Fact.WHO, Fact.WHEN, Fact.DOCUMENTS, Fact.FEE, Fact.STANDARD_DAYS, Fact.CRITERIA, Fact.GROUND]
        absent = {Fact.STANDARD_DAYS: self.content.standard_days is None, Fact.CRITERIA: self.content.criteria is None}
        return tuple(fact for fact in shown if not self.content.is_certain(fact) and not absent.get(fact, False))

    @property
    def unconfirmed_words(self) -> tuple[Text, ...]:
        return tuple(fact.text for fact in self.unconfirmed)

    @property
    def texts(self) -> tuple[tuple[str, Text], ...]:
        """The texts with their labels, for looking at the other languages in the office."""
        content = self.content
        rows = [("手続名", content.title), ("どんな手続きか", content.about), ("できる人", content.who)]
        rows += [("時期・期限", content.when), ("出した後", content.happens)]
        return tuple(rows)

    @property
    def fee_is_certain(self) -> bool:
        return self.content.is_certain(Fact.FEE)


def shown(procedure: Procedure, place: Place) -> ShownProcedure:
    """One procedure; its open channels are asked unless they are loaded."""
    starts: list[StartWay] = []
    others: list[OtherWay] = []
    for channel in channels_of(procedure):
        if not channel.is_online:
            others.append(OtherWay(channel.channel_kind, channel.note_text))
        elif not any(one.kind is ChannelKind.YAKUBA_FORM is channel.channel_kind for one in starts):
            # Several forms of one procedure begin at one page, which asks for the one that fits.
            starts.append(_start(procedure, channel))
    return ShownProcedure(procedure, procedure.content, place, tuple(starts), tuple(others))


def all_shown(procedures: Iterable[Procedure], today: date) -> list[ShownProcedure]:
    """Several procedures, in their order."""
    rows = list(procedures)
    places = places_of(rows, today)
    return [shown(one, places[one.pk]) for one in rows]


def counter_hours(today: date) -> tuple[str, str]:
    """When the counters open and close."""
    return str(value_on("procedures.counter_opens", today)), str(value_on("procedures.counter_closes", today))


@dataclass(frozen=True, slots=True)
class EventOnPage:
    """A life event with how many procedures it has, and how many of them can be done online."""

    event: LifeEvent
    count: int
    online: int
    has_guide: bool


def events_on_page(rows: Sequence[Procedure], with_guides: frozenset[str]) -> list[EventOnPage]:
    """The life events that have procedures, in their order. `rows` have their channels and events loaded."""
    found = []
    for event in life_events():
        own = [one for one in rows if event.key in one.content.events]
        if own:
            online = sum(any(channel.is_online for channel in channels_of(one)) for one in own)
            found.append(EventOnPage(event, len(own), online, event.key in with_guides))
    return found


def in_event(rows: QuerySet[Procedure], event: str) -> list[Procedure]:
    """The procedures of a life event: those that belong to it first, before those that touch it."""
    found = list(rows.filter(events__event=event))
    return sorted(found, key=lambda one: (one.content.events.index(event) > 0, one.number))


def _start(procedure: Procedure, channel: Channel) -> StartWay:
    kind = channel.channel_kind
    if kind is ChannelKind.YAKUBA_FORM:
        return StartWay(kind, reverse("apply-begin", args=[procedure.key]), channel.note_text, is_outside=False)
    return StartWay(kind, channel.target, channel.note_text, is_outside=not channel.target.startswith("/"))
