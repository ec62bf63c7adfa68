"""Reads of messages and letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet

from yakuba.kernel.access.api import Person
from yakuba.kernel.notify.access import inbox_of, letters_visible_to, sections_of
from yakuba.kernel.notify.models import Delivery, District, Letter, Message
from yakuba.kernel.notify.rules.deliveries import DeliveryState
from yakuba.kernel.notify.rules.districts import DistrictAreas
from yakuba.kernel.notify.rules.letters import LetterState, Sortable
from yakuba.kernel.organisation.models import Posting, Section
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock


def unread_count(person: Person) -> int:
    """How many of a person's notices were never opened."""
    return inbox_of(person).filter(opened_at__isnull=True).count()


def unread_of(person: Person, *, limit: int = 50) -> list[Message]:
    """A person's notices nobody opened yet, newest first."""
    return list(inbox_of(person).filter(opened_at__isnull=True)[:limit])


def messages_about(ref: Ref) -> QuerySet[Message]:
    """What was told about a thing, newest first; the caller has asked the thing's gate."""
    return Message.objects.filter(about_kind=ref.kind, about_id=ref.public_id)


def unfetched(days: int, *, clock: Clock, among: QuerySet[Message] | None = None) -> QuerySet[Message]:
    """Messages whose arrival matters, told at least ``days`` days ago, that nobody opened and no letter followed.

    For the paper fallback. ``among`` is what the asking person may see (``visible_to``); jobs leave it out.
    """
    border = clock.now() - timedelta(days=days)
    found = Message.objects.all() if among is None else among
    return found.filter(
        arrival_matters=True, opened_at__isnull=True, made_at__lte=border, letters__isnull=True
    ).order_by("made_at")


def arrived_at(message: Message) -> datetime | None:
    """When a message was first opened on the page of notices."""
    return message.opened_at


def districts() -> list[DistrictAreas]:
    """The town's districts with their areas, in their order."""
    return [DistrictAreas(one.name, tuple(one.areas)) for one in District.objects.all()]


def district_order() -> dict[str, int]:
    """Each district's place."""
    return {name: place for place, name in enumerate(District.objects.values_list("name", flat=True))}


def sortable(letters: QuerySet[Letter]) -> list[Sortable]:
    """Letters as sorting sees them."""
    rows = letters.values_list("pk", "district", "postal_code", "address_lines", "name")
    return [Sortable(key, district, code, "".join(lines), name) for key, district, code, lines, name in rows]


@dataclass(frozen=True, slots=True)
class Health:
    """What those who look after the system may know: counts without names."""

    waiting: int
    oldest: datetime | None
    failed: int
    bounced: int
    letters_waiting: int


def health(*, since: datetime) -> Health:
    """Counts of what waits, and of what failed since then."""
    waiting = Delivery.objects.filter(state__in=(DeliveryState.WAITING.value, DeliveryState.SENDING.value))
    settled = dict(
        Delivery.objects.filter(settled_at__gte=since)
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
        .values_list("state", "pk__count")
    )
    oldest = waiting.order_by("made_at").first()
    return Health(
        waiting=waiting.count(),
        oldest=oldest.made_at if oldest else None,
        failed=settled.get(DeliveryState.FAILED.value, 0),
        bounced=settled.get(DeliveryState.BOUNCED.value, 0),
        letters_waiting=Letter.objects.filter(state=LetterState.WAITING.value).count(),
    )


def sender_of(section: Section, day: date) -> dict[str, str]:
    """Who a letter is from: the head of the section's authority with the name of who holds that post on the day."""
    title = section.authority.head_title
    holder = (
        Posting.objects.filter(starts_on__lte=day, post__title__in=(title, section.authority.name))
        .exclude(ends_on__lte=day)
        .select_related("staff")
        .order_by("-is_main")
        .first()
    )
    parent = section.parent
    office = f"{parent.name}　{section.name}" if parent is not None and section.kind == "unit" else section.name
    return {
        "title": title,
        "name": holder.staff.name if holder else "",
        "section": office,
        "phone": section.phone or (parent.phone if parent is not None else ""),
    }


def with_deliveries(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Messages with what a row of the log shows."""
    return messages.select_related("section").prefetch_related("deliveries", "letters")


def account_ids(messages: Iterable[Message]) -> list[Ref]:
    """The accounts behind messages, for the log of readings."""
    return [Ref("identity.account", one.account) for one in messages if one.account]


def letters_to_see_to(person: Person) -> dict[str, int]:
    """How many letters of a person's sections came back, wait to be handed over, or wait to be printed."""
    if not sections_of(person):
        return {}
    states = (LetterState.RETURNED.value, LetterState.BY_HAND.value, LetterState.WAITING.value)
    rows = letters_visible_to(person).filter(state__in=states).order_by().values_list("state").annotate(Count("pk"))
    counts = dict(rows.values_list("state", "pk__count"))
    return {state: counts.get(state, 0) for state in states}
