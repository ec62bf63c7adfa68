"""What this browser may open without an account, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest

from yakuba.kernel.access.api import PersonKind
from yakuba.office.appbuilder.models import Arrival
from yakuba.office.appbuilder.views.join.shown import person_and_clock

_KNOWN, _CODES = "appbuilder.join.known", "appbuilder.join.codes"
LASTS = timedelta(minutes=30)
_MOST = 10


def remember(request: HttpRequest, public_id: str) -> None:
    """Let this browser open a sign-up for half an hour."""
    _person, clock = person_and_clock(request)
    known = dict(request.session.get(_KNOWN, {}))
    known[public_id] = clock.now().isoformat()
    request.session[_KNOWN] = dict(list(known.items())[-_MOST:])


def keep_code(request: HttpRequest, public_id: str, code: str) -> None:
    """Let the receipt in this browser show the code, as long as the sign-up may be opened here."""
    known = dict(request.session.get(_CODES, {}))
    known[public_id] = code
    request.session[_CODES] = dict(list(known.items())[-_MOST:])


def code_of(request: HttpRequest, public_id: str) -> str:
    """The code this browser was given; empty without one."""
    return str(request.session.get(_CODES, {}).get(public_id, ""))


def own_arrival(request: HttpRequest, public_id: str) -> Arrival:
    """The resident's own sign-up, or one this browser made or looked up in the last half hour. Raises `Http404`."""
    person, clock = person_and_clock(request)
    found = (
        Arrival.objects.select_related("entrance__app__section", "record", "place")
        .filter(public_id=public_id, erased_on__isnull=True, place__isnull=False)
        .first()
    )
    if found is None:
        raise Http404
    if found.account:
        if person.kind is PersonKind.RESIDENT and person.id == found.account:
            return found
        raise Http404
    at = request.session.get(_KNOWN, {}).get(public_id)
    if at is None or clock.now() - datetime.fromisoformat(at) > LASTS:
        raise Http404
    return found
