"""The contract of an outside channel: a way to tell somebody that there is something to read in the house."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol

from yakuba.kernel.values.api import Text


class Verdict(StrEnum):
    """What came of one call."""

    SENT = "sent"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one call; ``detail`` is a Japanese phrase without personal data for the log."""

    verdict: Verdict
    detail: str = ""


class ChannelDown(Exception):
    """The other side answers nobody: the rest of the chunk waits. ``str`` is a Japanese phrase."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes out: to whom (an address of this channel), which language, the kind's name, where to read it.

    ``reference`` is the same in every attempt, so that the other side can recognise a repetition. Nothing in it tells
    what the message says: there is no field for that.
    """

    reference: str
    address: str
    language: str
    kind_label: str
    url: str


@dataclass(frozen=True, slots=True)
class Reached:
    """The person as a channel sees them: account (public id), mail address."""

    account: str
    mail: str


@dataclass(frozen=True, slots=True)
class ChannelCheck:
    """How a channel stands."""

    channel: str
    label: str
    is_configured: bool
    what: str
    todo: str = ""


class Sender(Protocol):
    """An open line of a channel."""

    def send(self, parcel: Parcel) -> Outcome:
        """Send one parcel. Raises ``ChannelDown``; never tells what was in it."""
        ...


class OutsideChannel(Protocol):
    """A channel. ``key`` is stored with each delivery; ``label`` is what people read."""

    key: ClassVar[str]
    label: ClassVar[Text]

    def address_of(self, person: Reached) -> str:
        """The address of a person in this channel; empty when it does not reach them."""
        ...

    def opened(self) -> AbstractContextManager[Sender]:
        """One line for a whole chunk; called outside every transaction. Raises ``ChannelDown``."""
        ...

    def check(self) -> ChannelCheck:
        """How the channel stands, without sending anything."""
        ...

    def previews(self, parcel: Parcel) -> Sequence[tuple[str, str]]:
        """What the person gets to see outside: (title, text) pairs, for the office's preview."""
        ...
