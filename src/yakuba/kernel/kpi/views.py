"""Measures in the office: definitions, series, values by hand and their approval."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

from yakuba.kernel.access.api import Face, office_seat, page, role, signed_in_staff
from yakuba.kernel.audit.api import history_of, label_of
from yakuba.kernel.files.api import attach_file, file_link, receive_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.kpi.forms import HandMeasurementForm
from yakuba.kernel.kpi.models import HandMeasurement, HandState
from yakuba.kernel.kpi.queries import series, series_of
from yakuba.kernel.kpi.registry import Direction, known_measures
from yakuba.kernel.kpi.services import approve_measurement, enter_measurement, reject_measurement
from yakuba.kernel.kpi.services.hand_measurements import MAY_APPROVE
from yakuba.kernel.things.api import DataClass, ref_of
from yakuba.kernel.ui.api import without_my_number
from yakuba.kernel.ui.charts import Point as ChartPoint
from yakuba.kernel.ui.charts import line_chart
from yakuba.kernel.values.api import FiscalYear, Refusal


@page(Face.OFFICE, may=office_seat)
def measures(request: HttpRequest) -> HttpResponse:
    """指標の一覧: what is measured, how, and the latest value of each."""
    found = known_measures()
    values = series_of(found)
    rows = [
        {"measure": one, "latest": values[key][-1] if values.get(key) else None, "count": len(values.get(key, []))}
        for key, one in found.items()
    ]
    waiting = list(HandMeasurement.objects.filter(state=HandState.PROPOSED)[:50])
    may_enter = signed_in_staff.allows(request.person)  # type: ignore[attr-defined]
    context = {"rows": rows, "waiting": waiting, "names": found, "may_enter": may_enter}
    return render(request, "kpi/measures.html", context)


@page(Face.OFFICE, may=office_seat)
def measure(request: HttpRequest, measure_id: str) -> HttpResponse:
    """One measure: definition, chart, every value with its source."""
    asking: Any = request
    found = known_measures().get(measure_id)
    if found is None:
        raise Http404
    points = series(measure_id)
    chart = None
    if points:
        first, last = FiscalYear.of(points[0].on), FiscalYear.of(asking.clock.today())
        chart = line_chart(
            title=found.title.in_language("ja"),
            unit=found.unit,
            first=first,
            last=max(first, last),
            measured=[ChartPoint(point.on, point.value) for point in points],
            today=asking.clock.today(),
        )
    drill = ""
    if found.drill_down:
        try:
            drill = reverse(found.drill_down)
        except NoReverseMatch:
            drill = ""
    context = {
        "measure": found,
        "points": points[::-1][:400],
        "chart": chart,
        "drill": drill,
        "may_enter": signed_in_staff.allows(asking.person),
        "better": "大きいほど良い" if found.direction is Direction.UP else "小さいほど良い",
        "by_hand": HandMeasurement.objects.filter(measure_id=measure_id)[:50],
    }
    return render(request, "kpi/measure.html", context)


@page(Face.OFFICE, may=signed_in_staff)
def enter(request: HttpRequest) -> HttpResponse:
    """手入力: propose a value with its evidence."""
    asking: Any = request
    first = {"measure_id": request.GET.get("measure", "")[:80], "on": asking.clock.today()}
    form = HandMeasurementForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = _entered(asking, dict(form.cleaned_data))
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal) + (refusal.hint or ""))
        else:
            messages.success(request, "登録しました。ほかの人が承認すると、値として数えられます。")
            return redirect("kpi-hand", public_id=made.public_id)
    return render(request, "kpi/enter.html", {"form": form}, status=422 if form.errors else 200)


def _entered(asking: Any, said: dict[str, Any]) -> HandMeasurement:
    """Take the evidence in first: a file that is refused leaves no half-entered value."""
    upload = said.pop("evidence_file")
    file = None
    if upload:
        try:
            file = receive_file(
                by=asking.person, stream=upload, filename=upload.name, clock=asking.clock, data_class=DataClass.OPEN
            )
        except Refusal as refusal:
            raise refusal.at("evidence_file") from None
    made = enter_measurement(by=asking.person, evidence_file=file.public_id if file else "", clock=asking.clock, **said)
    if file:
        attach_file(by=asking.person, file=file, owner=ref_of(made))
    return made


def _hand(public_id: str) -> HandMeasurement:
    found = HandMeasurement.objects.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _evidence_url(found: HandMeasurement, person: Any) -> str:
    """A link to the evidence that opens for this person only, or "" when there is none."""
    file = StoredFile.objects.filter(public_id=found.evidence_file).first() if found.evidence_file else None
    return file_link(file, to=person, purpose="kpi.evidence") if file else ""


def _shown(found: HandMeasurement, person: Any) -> dict[str, Any]:
    """What the page of one value by hand shows this person."""
    may_decide = found.state == HandState.PROPOSED and person.has(*MAY_APPROVE)
    return {
        "hand": found,
        "measure": known_measures().get(found.measure_id),
        "may_decide": may_decide and found.entered_by != person.id,
        "is_own": may_decide and found.entered_by == person.id,
        "evidence_url": _evidence_url(found, person),
        "history": [(event.at, label_of(event.verb), event.capacity) for event in history_of(ref_of(found))],
        "error": "",
    }


@page(Face.OFFICE, may=office_seat)
def hand(request: HttpRequest, public_id: str) -> HttpResponse:
    """One value by hand: evidence, state, and the second person's decision."""
    asking: Any = request
    found = _hand(public_id)
    return render(request, "kpi/hand.html", _shown(found, asking.person))


@page(Face.OFFICE, may=role(*MAY_APPROVE))
@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Approve a value or send it back."""
    asking: Any = request
    found = _hand(public_id)
    reason = request.POST.get("reason", "")
    try:
        if request.POST.get("decision") == "approve":
            approve_measurement(by=asking.person, measurement=found, clock=asking.clock)
            messages.success(request, "承認しました。今から値として数えられます。")
        else:
            without_my_number(reason, field="reason")
            reject_measurement(by=asking.person, measurement=found, reason=reason, clock=asking.clock)
            messages.success(request, "差し戻しました。")
    except Refusal as refusal:
        refused = {"error": f"{refusal.message}{refusal.hint or ''}", "reason": reason[:400]}
        return render(request, "kpi/hand.html", _shown(found, asking.person) | refused, status=422)
    return redirect("kpi-hand", public_id=public_id)
