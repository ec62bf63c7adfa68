"""Somebody is told something: a row in the outbox, in the transaction of what is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import is_writing
from yakuba.kernel.japan.api import fold
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.notify.addresses import own_path
from yakuba.kernel.notify.channels.registry import channel_of
from yakuba.kernel.notify.kinds import MessageKind, kind_of
from yakuba.kernel.notify.models import Audience, Delivery, Message
from yakuba.kernel.notify.recipients import Known, Recipient, looked_up
from yakuba.kernel.notify.rules.channels import INBOX, POST, NobodyReached, chosen_channels
from yakuba.kernel.notify.rules.texts import TextValue, filled
from yakuba.kernel.notify.services.write_letter import letter_of_message
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, Refusal

_WINDOW_SECONDS = 10


class CannotBeReached(Refusal):
    """No channel leads to the person: no account, no mail, no address."""


def tell(
    *,
    by: Person,
    recipient: Recipient,
    kind: MessageKind | str,
    about: Ref | None,
    values: Mapping[str, TextValue],
    key: str,
    clock: Clock,
    section: Section | None = None,
    link: str = "",
    letter_number: str = "",
) -> Message:
    """Tell a person something, within the caller's verb: message, deliveries and letter appear or vanish with it.

    ``key`` makes it happen once: told again with the same key, the first message comes back and nothing else happens.
    ``values`` fill the places of the kind's texts. ``section`` is in charge and sees the log; a letter needs one.
    ``link`` is a path of our own that the notice leads to. ``letter_number`` is the 文書番号 of a letter.

    Raises ``CannotBeReached``, ``Refusal`` for an address that cannot be printed, ``KeyError`` for a place nobody
    filled, ``RuntimeError`` outside a verb.
    """
    if not is_writing():
        raise RuntimeError("tell belongs into the verb of what is told")
    kind = _declared(kind)
    known_already = Message.objects.filter(key=key[:160]).first()
    if known_already is not None:
        return known_already
    known = looked_up(recipient, on=clock.today())
    try:
        channels = (INBOX,) if known.is_staff else chosen_channels(known.reach, kind.by_post)
    except NobodyReached:
        raise CannotBeReached(
            f"{known.name or '相手'}さんに知らせる方法がありません。",
            hint="住所かメールアドレスを確かめて、登録してください。",
        ) from None
    message = _kept(by, known, kind, about, values, key, clock, section, link)
    _put_on_the_way(message, known, channels, clock)
    if POST in channels:
        if section is None:
            raise ValueError("a letter needs the section in charge")
        letter_of_message(by=by, message=message, known=known, kind=kind, number=letter_number, clock=clock)
    return message


def _declared(kind: MessageKind | str) -> MessageKind:
    found = kind_of(kind if isinstance(kind, str) else kind.key)
    if found is None:
        raise ValueError(f"no message kind {kind!r}")
    return found


def _kept(
    by: Person,
    known: Known,
    kind: MessageKind,
    about: Ref | None,
    values: Mapping[str, TextValue],
    key: str,
    clock: Clock,
    section: Section | None,
    link: str,
) -> Message:
    return Message.objects.create(
        key=key[:160],
        kind=kind.key,
        audience=Audience.STAFF if known.is_staff else Audience.RESIDENT,
        account=known.recipient.account if known.reach.has_account else "",
        name=known.name,
        name_key=fold(known.name)[:240],
        is_protected=known.is_protected,
        language=known.language,
        texts={
            "subject": filled(kind.subject, values, is_line=True),
            "body": filled(kind.body, values, is_line=False),
        },
        link=own_path(link),
        about_kind=about.kind if about else "",
        about_id=about.public_id if about else "",
        section=section,
        arrival_matters=kind.arrival_matters and known.reach.has_account and not known.is_staff,
        made_by=by.id,
        made_at=clock.now(),
    )


def _put_on_the_way(message: Message, known: Known, channels: tuple[str, ...], clock: Clock) -> None:
    outside = [channel for channel in channels if channel_of(channel) is not None]
    Delivery.objects.bulk_create(
        [
            Delivery(
                message=message,
                channel=channel,
                mail="" if known.reach.has_account else known.recipient.mail,
                due_at=clock.now(),
                made_at=clock.now(),
            )
            for channel in outside
        ]
    )
    if outside:
        wake_senders(clock)


def wake_senders(clock: Clock) -> None:
    """Have waiting deliveries sent soon: by one job now and one that gathers what the next seconds bring.

    Many messages in a moment wake two jobs, not thousands: each takes a hundred at a time until none is left.
    """
    now = clock.now()
    window = int(now.timestamp()) // _WINDOW_SECONDS
    enqueue("notify.send", key=f"notify.send@{window}", moment=window)
    enqueue(
        "notify.send",
        key=f"notify.send@{window}+",
        run_after=now + timedelta(seconds=_WINDOW_SECONDS),
        moment=window,
    )
