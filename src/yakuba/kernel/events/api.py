"""Public names of ``kernel.events``."""

from yakuba.kernel.events.bus import (
    Event,
    Subscription,
    afterwards,
    all_subscriptions,
    declared_events,
    publish,
    subscriptions_to,
    together,
)

__all__ = [
    "Event",
    "Subscription",
    "afterwards",
    "all_subscriptions",
    "declared_events",
    "publish",
    "subscriptions_to",
    "together",
]
