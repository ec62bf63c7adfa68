"""What people do with the self-built app of the trial; each answers with the record as it stands, in JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from tests.crash.ledger.lending_app import CLERK, COLLEAGUE, HEAD, LENDING_APP, ROWS
from yakuba.kernel.access.api import Face, Person, anyone, page
from yakuba.kernel.approval.api import Outcome, decide, requests_on
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Refusal, SystemClock
from yakuba.office.appbuilder.models import App, Record
from yakuba.office.appbuilder.services import AlreadyPressed, add_record, change_record, press_button
from yakuba.office.appbuilder.services.bring_in import bring_in
from yakuba.office.appbuilder.tests.world import acting

CLOCK = SystemClock()


def _staff(number: str) -> Person:
    return acting(Staff.objects.get(number=number))


def _app() -> App:
    return App.objects.get(title=LENDING_APP)


def _create(given: dict[str, str]) -> Record:
    price = 200_000 if given["way"] == "ask" else 500
    values = {"item": given["key"], "price": price}
    return add_record(by=_staff(CLERK), app=_app(), values=values, clock=CLOCK)


def _change(given: dict[str, str]) -> Record:
    values = {"note": f"変更 {given['key']}"}
    return change_record(
        by=_staff(CLERK), record=_held(given), values=values, version=int(given["version"]), clock=CLOCK
    )


def _press(given: dict[str, str]) -> Record:
    button, values = given["button"], {"due_on": "2026-12-01"} if given["button"] == "hand_out" else {}
    by = _staff(COLLEAGUE if button == "hand_out" else CLERK)
    return press_button(
        by=by, record=_held(given), button=button, values=values, version=int(given["version"]), clock=CLOCK
    )


def _decide(given: dict[str, str]) -> Record:
    record = _held(given)
    [request] = requests_on(ref_of(record))
    decide(by=_staff(HEAD), request=request, outcome=Outcome(given["outcome"]), comment="確かめた", clock=CLOCK)
    return record


def _bring_in(given: dict[str, str]) -> Record:
    rows = [{"item": f"取込 {number}", "note": given["key"]} for number in range(ROWS)]
    batch = bring_in(by=_staff(CLERK), app=_app(), filename=given["key"], rows=rows, clock=CLOCK)
    return batch.records.first()


_ACTS: dict[str, Callable[[dict[str, str]], Record]] = {
    "create": _create,
    "change": _change,
    "press": _press,
    "decide": _decide,
    "import": _bring_in,
}


def _held(given: dict[str, str]) -> Record:
    return Record.objects.select_related("app").get(public_id=given["record"])


@csrf_exempt
@page(Face.MACHINE, may=anyone)
def act(request: HttpRequest, name: str) -> HttpResponse:
    """Do it; 409 with the version that stands there when the house refuses, as somebody at a page would read it."""
    given: dict[str, Any] = request.POST.dict()
    try:
        record = _ACTS[name](given)
    except AlreadyPressed:
        record = _held(given)
    except Refusal as refusal:
        stands = Record.objects.filter(public_id=given.get("record", "")).first()
        said = {"refused": refusal.message, "version": stands.version if stands else 0}
        return JsonResponse(said, status=409)
    record.refresh_from_db()
    return JsonResponse({"record": record.public_id, "version": record.version})
