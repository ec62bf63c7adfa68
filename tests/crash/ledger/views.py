from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from tests.crash.ledger.services import take_note
from yakuba.kernel.access.api import Face, anyone, page, system_person


@csrf_exempt
@page(Face.MACHINE, may=anyone)
def note(request: HttpRequest) -> HttpResponse:
    take_note(by=system_person("ledger"), key=request.POST["key"])
    return HttpResponse("noted")
