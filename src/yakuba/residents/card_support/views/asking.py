"""Who asks, what time it is, and what this browser may open."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.values.api import Clock
from yakuba.residents.card_support.access import visible_to, visits_visible_to
from yakuba.residents.card_support.models import Appointment, Visit

_KNOWN = "card_support.known"
LONGEST_ID = 16
_PASSWORDS = "card_support.passwords"
LASTS = timedelta(minutes=30)


def person_and_clock(request: HttpRequest) -> tuple[Person, Clock]:
    """Who asks, and the clock of the town."""
    asking: Any = request
    return asking.person, asking.clock


def remember(request: HttpRequest, public_id: str) -> None:
    """Let this browser open the thing for half an hour."""
    _, clock = person_and_clock(request)
    known = dict(request.session.get(_KNOWN, {}))
    known[public_id] = clock.now().isoformat()
    request.session[_KNOWN] = dict(list(known.items())[-10:])


def keep_password(request: HttpRequest, public_id: str, password: str) -> None:
    """Let the receipt in this browser show the password until it is left."""
    known = dict(request.session.get(_PASSWORDS, {}))
    known[public_id] = password
    request.session[_PASSWORDS] = dict(list(known.items())[-10:])


def password_of(request: HttpRequest, public_id: str) -> str:
    """The password this browser was given; empty without one."""
    return str(request.session.get(_PASSWORDS, {}).get(public_id, ""))


def forget_password(request: HttpRequest, public_id: str) -> None:
    """The receipt was left: its password is not shown again."""
    known = dict(request.session.get(_PASSWORDS, {}))
    if known.pop(public_id, None):
        request.session[_PASSWORDS] = known


def own_appointment(request: HttpRequest, public_id: str) -> Appointment:
    """The resident's own, or one this browser booked or looked up in the last half hour. Raises `Http404`."""
    person, _clock = person_and_clock(request)
    rows = Appointment.objects.select_related("slot__venue")
    if person.kind is PersonKind.RESIDENT:
        mine = visible_to(person).filter(public_id=public_id).first()
        if mine is not None:
            return mine
    found = rows.filter(public_id=public_id).first() if _is_known(request, public_id) else None
    if found is None or found.erased_on is not None:
        raise Http404
    return found


def own_visit(request: HttpRequest, public_id: str) -> Visit:
    """The same for a visit."""
    person, _clock = person_and_clock(request)
    if person.kind is PersonKind.RESIDENT:
        mine = visits_visible_to(person).filter(public_id=public_id).first()
        if mine is not None:
            return mine
    found = Visit.objects.filter(public_id=public_id).first() if _is_known(request, public_id) else None
    if found is None or found.erased_on is not None:
        raise Http404
    return found


def day_in(text: str) -> date | None:
    """A day of an address; ``None`` for anything else."""
    try:
        return date.fromisoformat(text[:10]) if len(text) == 10 else None
    except ValueError:
        return None


def id_in(text: str) -> str:
    """The public id in a field or address; "" for what cannot be one (PostgreSQL refuses to compare some texts)."""
    return text if len(text) <= LONGEST_ID and text.isascii() and text.isalnum() else ""


def _is_known(request: HttpRequest, public_id: str) -> bool:
    _person, clock = person_and_clock(request)
    at = request.session.get(_KNOWN, {}).get(public_id)
    if at is None:
        return False
    if clock.now() - datetime.fromisoformat(at) > LASTS:
        messages.info(request, _("時間がたったため、もう一度、整理番号とパスワードを入力してください。"))
        return False
    return True
