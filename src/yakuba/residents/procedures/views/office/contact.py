"""``/office/cases/<id>/contact/``: open the contact of a protected person (支援措置) once, for a reason that is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yakuba.kernel.access.api import Face, NotAllowed, page
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.cases.access import READ_PLACE, get_for, require_work
from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.rules.parties import PartyRole
from yakuba.kernel.cases.services import open_contact
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.access import MAY_OPEN
from yakuba.residents.procedures.forms.work import ContactForm
from yakuba.residents.procedures.views.office.asking import person_and_clock
from yakuba.residents.procedures.views.office.case_context import Shown, case_page

_OPENED = "procedures.contact_opened"
LASTS = timedelta(minutes=15)
"""How long after opening the clerk may also enter the person's answer, which shows places too."""


@page(Face.OFFICE, may=MAY_OPEN)
@never_cache
@require_POST
def contact(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show place, contact and files in this one answer; reloading the page hides them again."""
    person, clock = person_and_clock(request)
    case = get_for(person, public_id)
    require_work(person, case)
    form = ContactForm(request.POST, prefix="contact")
    shown = Shown(request, person, clock, case)
    if not form.is_valid():
        return _again(shown, form)
    role = PartyRole(form.cleaned_data["role"])
    try:
        party = open_contact(by=person, case=case, role=role, reason=form.cleaned_data["reason"], clock=clock)
    except (Refusal, NotAllowed) as refusal:
        form.add_error("reason", str(refusal))
        return _again(shown, form)
    record_view(by=person, subjects=[case], what=READ_PLACE, detail=role.value)
    request.session[_OPENED] = {**_opened(request), case.public_id: clock.now().isoformat()}
    shown.opened[role.value] = party
    return case_page(shown)


def was_opened(request: HttpRequest, case: Case) -> bool:
    """Whether this browser opened the contact of the case a short while ago."""
    at = _opened(request).get(case.public_id)
    now: datetime = request.clock.now()  # type: ignore[attr-defined]
    return at is not None and now - datetime.fromisoformat(at) <= LASTS


def _opened(request: HttpRequest) -> dict[str, Any]:
    return dict(list(dict(request.session.get(_OPENED, {})).items())[-9:])


def _again(shown: Shown, form: ContactForm) -> HttpResponse:
    form.is_refused = True
    shown.bound[("contact", str(form["role"].value()))] = form
    return case_page(shown, status=422)
