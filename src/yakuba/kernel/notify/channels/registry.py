"""Which outside channels this installation has."""

from __future__ import annotations

from yakuba.kernel.notify.channels.base import OutsideChannel
from yakuba.kernel.notify.channels.vendors.mail import MailChannel

_channels: dict[str, OutsideChannel] = {}


def outside_channel(channel: OutsideChannel) -> OutsideChannel:
    """Add a channel; an app above (LINE) calls it from its ``notices.py``. Raises ``ValueError`` for a second one."""
    known = _channels.get(channel.key)
    if known is not None and type(known) is not type(channel):
        raise ValueError(f"channel {channel.key!r} is there already")
    _channels[channel.key] = channel
    return channel


def channel_of(key: str) -> OutsideChannel | None:
    return _channels.get(key)


def outside_channels() -> tuple[OutsideChannel, ...]:
    """Every channel, mail first."""
    return tuple(_channels.values())


def channel_label(key: str, language: str = "ja") -> str:
    """What people call a channel, the ones inside the house too."""
    inside = {"inbox": "お知らせのページ", "post": "郵便"}
    channel = _channels.get(key)
    return channel.label.in_language(language) if channel else inside.get(key, key)


outside_channel(MailChannel())
