"""Public names of ``kernel.notify``: messages to people over channels, letters included."""

from yakuba.kernel.notify.channels.registry import outside_channel
from yakuba.kernel.notify.kinds import MessageKind, message_kind
from yakuba.kernel.notify.queries import (
    arrived_at,
    letters_to_see_to,
    messages_about,
    unfetched,
    unread_count,
    unread_of,
)
from yakuba.kernel.notify.recipients import PostalTo, Recipient
from yakuba.kernel.notify.rules.channels import ByPost
from yakuba.kernel.notify.rules.letters import Service
from yakuba.kernel.notify.services.tell import CannotBeReached, tell
from yakuba.kernel.notify.services.write_letter import send_by_post

__all__ = [
    "ByPost",
    "CannotBeReached",
    "MessageKind",
    "PostalTo",
    "Recipient",
    "Service",
    "arrived_at",
    "letters_to_see_to",
    "message_kind",
    "messages_about",
    "outside_channel",
    "send_by_post",
    "tell",
    "unfetched",
    "unread_count",
    "unread_of",
]
