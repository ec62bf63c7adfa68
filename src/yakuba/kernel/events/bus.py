"""Events: one app says what happened, others react."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from yakuba.kernel.audit.api import is_writing
from yakuba.kernel.jobs.api import enqueue

_FIELD_TYPES = (str, int, bool, type(None))


@dataclass(frozen=True)
class Event:
    """Base of all events: frozen, ids and plain values only (``str``, ``int``, ``bool``, ``None``).

    ``name`` is stable and names the publisher: ``"plan.kpi_left_corridor"``.
    """

    name: ClassVar[str] = ""


E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Subscription:
    """Who hears an event, and when."""

    event: type[Event]
    subscriber: Callable[[Any], Any]
    is_together: bool

    @property
    def subscriber_name(self) -> str:
        return f"{self.subscriber.__module__}.{self.subscriber.__qualname__}"


_subscriptions: list[Subscription] = []


def together(event: type[E], subscriber: Callable[[E], Any]) -> None:
    """React in the publisher's transaction: database work only, a failure undoes all."""
    _subscribe(Subscription(event, subscriber, is_together=True))


def afterwards(event: type[E], subscriber: Callable[[E], Any]) -> None:
    """React in a job of its own: at least once, idempotent per event."""
    _subscribe(Subscription(event, subscriber, is_together=False))


def publish(event: Event) -> str:
    """Say what happened; only inside a verb. Returns the event's random id."""
    if not is_writing():
        raise RuntimeError(f"{type(event).__name__} was published outside a verb")
    fields = dataclasses.asdict(event)
    for name, value in fields.items():
        if not isinstance(value, _FIELD_TYPES):
            raise TypeError(f"{type(event).__name__}.{name} is no id and no plain value")
    event_id = secrets.token_hex(8)
    for subscription in subscriptions_to(type(event)):
        if subscription.is_together:
            subscription.subscriber(event)
        else:
            enqueue(
                "events.deliver",
                key=f"{event_id}:{subscription.subscriber_name}",
                event=event.name,
                subscriber=subscription.subscriber_name,
                **{f"field_{name}": value for name, value in fields.items()},
            )
    return event_id


def deliver(*, event: str, subscriber: str, **fields: Any) -> None:
    """Hand a stored event to one subscriber (the body of the job ``events.deliver``)."""
    for subscription in _subscriptions:
        if subscription.event.name == event and subscription.subscriber_name == subscriber:
            values = {name.removeprefix("field_"): value for name, value in fields.items()}
            subscription.subscriber(subscription.event(**values))
            return
    raise LookupError(f"nobody called {subscriber} hears {event}")


def subscriptions_to(event: type[Event]) -> list[Subscription]:
    return [one for one in _subscriptions if one.event is event]


def all_subscriptions() -> tuple[Subscription, ...]:
    return tuple(_subscriptions)


def declared_events() -> list[type[Event]]:
    """Every event class of the house."""
    return sorted(Event.__subclasses__(), key=lambda event: event.name)


def _subscribe(subscription: Subscription) -> None:
    if subscription not in _subscriptions:
        _subscriptions.append(subscription)
