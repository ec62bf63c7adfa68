"""Kinds of messages: what a resident or a member of staff may be told, in three languages."""

from __future__ import annotations

from dataclasses import dataclass, field

from yakuba.kernel.notify.rules.channels import ByPost
from yakuba.kernel.notify.rules.letters import Service
from yakuba.kernel.notify.rules.texts import FaultyKind, checked_text
from yakuba.kernel.values.api import Text


@dataclass(frozen=True)
class MessageKind:
    """A kind of message (お知らせの種類), declared once in an app's ``notices.py``.

    ``label`` names it in the mail and in logs and must tell no outcome (「手続きのお知らせ」, never 「却下のお知らせ」); it has
    no places. ``subject`` and ``body`` are read after signing in, or in the letter; their places (``{name}``) are filled
    by ``tell``. All texts are there in 日本語, やさしい日本語 and English. ``link_text`` stands on the button that leads to
    the thing. ``arrival_matters``: somebody asks for messages of this kind that nobody opened, to send them on paper.
    """

    key: str
    label: Text
    subject: Text
    body: Text
    by_post: ByPost = ByPost.NEVER
    service: Service = Service.ORDINARY
    arrival_matters: bool = False
    link_text: Text = field(default_factory=lambda: Text("くわしく見る", easy="くわしく みる", en="See the details"))
    examples: dict[str, str] = field(default_factory=dict)

    @property
    def places(self) -> frozenset[str]:
        """What ``tell`` must fill."""
        return checked_text(self.subject, what=self.key, is_line=True) | checked_text(
            self.body, what=self.key, is_line=False
        )


_kinds: dict[str, MessageKind] = {}


def message_kind(kind: MessageKind) -> MessageKind:
    """Declare a kind of message. Raises ``FaultyKind`` for texts that lack a language or differ in their places."""
    if checked_text(kind.label, what=kind.key, is_line=True) or checked_text(
        kind.link_text, what=kind.key, is_line=True
    ):
        raise FaultyKind(f"{kind.key}: label and link text stand in mails and have no places")
    if missing := kind.places - set(kind.examples):
        raise FaultyKind(f"{kind.key}: no example for {', '.join(sorted(missing))}")
    known = _kinds.get(kind.key)
    if known is not None and known != kind:
        raise FaultyKind(f"{kind.key} is declared twice")
    _kinds[kind.key] = kind
    return kind


def kind_of(key: str) -> MessageKind | None:
    """The declared kind of that name."""
    return _kinds.get(key)


def known_kinds() -> tuple[MessageKind, ...]:
    return tuple(_kinds[key] for key in sorted(_kinds))


def label_of(key: str, language: str = "ja") -> str:
    """What people call a kind, also of one that the house no longer knows."""
    kind = _kinds.get(key)
    return kind.label.in_language(language) if kind else "お知らせ"
