"""Telling people: by notice and mail where something leads to them; else a clerk telephones."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import NoReverseMatch, reverse

from yakuba.kernel.access.api import Person
from yakuba.kernel.notify.api import CannotBeReached, MessageKind, Recipient, tell
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock, Text
from yakuba.residents.card_support.access import section_in_charge
from yakuba.residents.card_support.models import Appointment, Visit


def told(
    *,
    by: Person,
    thing: Appointment | Visit,
    kind: MessageKind,
    values: Mapping[str, str | Text],
    clock: Clock,
    once: str,
) -> bool:
    """Whether a channel leads to the person; then they are told within the caller's verb. ``once`` is what makes this
    message another one than the last of its kind. The mail's link asks for number and password."""
    if not (thing.account or thing.mail):
        return False
    is_visit = isinstance(thing, Visit)
    try:
        link = (
            reverse("card-own-visit" if is_visit else "card-own", args=[thing.public_id])
            if thing.account
            else reverse("card-look-up")
        )
    except NoReverseMatch:
        link = ""
    try:
        tell(
            by=by,
            recipient=Recipient(name=thing.name, account=thing.account, mail=thing.mail, language=thing.language),
            kind=kind,
            about=ref_of(thing),
            values=values,
            key=f"{kind.key}:{thing.public_id}:{once}",
            clock=clock,
            section=section_in_charge(),
            link=link,
        )
    except CannotBeReached:
        return False
    return True
