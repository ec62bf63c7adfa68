"""Which cases a browser may open: those of the signed-in account, and those looked up by number and password."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from yakuba.kernel.access.api import VISITOR, Person, PersonKind
from yakuba.kernel.cases.api import Case, cases_of
from yakuba.residents.procedures.asking import asker, clock_of

_LOOKED_UP = "procedures.looked_up"
LOOK_UP_LASTS = timedelta(minutes=30)


def case_for(request: HttpRequest, public_id: str) -> Case:
    """A case of the signed-in resident, or one this browser looked up in the last half hour. Raises ``Http404``."""
    mine = cases_of(asker(request)).filter(public_id=public_id).first()
    if mine is not None:
        return mine
    known: dict[str, Any] = request.session.get(_LOOKED_UP, {})
    at = known.get(public_id)
    now: datetime = clock_of(request).now()
    if at is None or now - datetime.fromisoformat(at) > LOOK_UP_LASTS:
        if at is not None:
            messages.info(request, _("時間がたったため、もう一度、受付番号とパスワードを入力してください。"))
        raise Http404
    found = Case.objects.select_related("procedure", "section").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def may_open(request: HttpRequest, case: Case) -> bool:
    """Whether this browser may open a case now (for links to it)."""
    person = asker(request)
    if person.kind is PersonKind.RESIDENT and person.id in (case.applicant_account, case.agent_account):
        return True
    at = request.session.get(_LOOKED_UP, {}).get(case.public_id)
    return at is not None and clock_of(request).now() - datetime.fromisoformat(at) <= LOOK_UP_LASTS


def acting_in(request: HttpRequest, case: Case) -> Person:
    """Who acts in a case this browser may open: the account it belongs to, or whoever showed number and password.

    Somebody signed in who looked up a case sent without an account acts as the visitor they were when they sent it.
    """
    person = asker(request)
    is_own = person.kind is PersonKind.RESIDENT and person.id in (case.applicant_account, case.agent_account)
    return person if is_own or person.kind is not PersonKind.RESIDENT else VISITOR


def remember(request: HttpRequest, case: Case) -> None:
    """Let this browser open a case for the next half hour."""
    known = dict(request.session.get(_LOOKED_UP, {}))
    known[case.public_id] = clock_of(request).now().isoformat()
    request.session[_LOOKED_UP] = dict(list(known.items())[-10:])
