"""``/office/cases/<id>/receipt.pdf``: what a clerk prints for the person at the counter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.cases.access import READ_LETTER, get_for
from yakuba.kernel.cases.prints.letters import receipt_pdf
from yakuba.kernel.files.api import file_response
from yakuba.residents.procedures.access import MAY_OPEN
from yakuba.residents.procedures.views.office.asking import person_and_clock


@page(Face.OFFICE, may=MAY_OPEN)
@never_cache
@require_safe
def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """The receipt (受付票) with number and code, in the language the person applied in."""
    person, clock = person_and_clock(request)
    case = get_for(person, public_id, on=clock.today())
    record_view(by=person, subjects=[case], what=READ_LETTER, detail="receipt")
    look_up = request.build_absolute_uri(reverse("look-up") + f"?number={case.number}") if case.password_hash else ""
    pdf = receipt_pdf(case, look_up_url=look_up, language=case.language, printed_at=clock.now())
    return file_response(pdf, name=f"受付票_{case.number}.pdf", media_type="application/pdf", in_page=True)
