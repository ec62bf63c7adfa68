"""Versions of the plan: what changed, and how to load a revision."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.plan import services
from yakuba.plan.access import MAY_STEER, get_for, visible_to
from yakuba.plan.forms import PlanFileForm, PlanRevisionForm
from yakuba.plan.models import Plan, PlanVersion
from yakuba.plan.queries.current import content_of, newest_version, plan_in_force
from yakuba.plan.rules.check_plan_file import PlanFileRefused, check_plan_file, read_plan_file
from yakuba.plan.rules.plan_difference import plan_difference
from yakuba.plan.rules.plan_file import PlanFile
from yakuba.plan.rules.read_plan_file import LONGEST_FILE, Fault, decode_plan_file
from yakuba.plan.views.acting import attempt, posted
from yakuba.plan.views.asking import person_and_clock


@page(Face.OFFICE, may=office_seat)
def office_versions(request: HttpRequest) -> HttpResponse:
    """All plans and their versions."""
    person, _ = person_and_clock(request)
    rows = visible_to(person, PlanVersion).select_related("plan").defer("text", "document")
    return render(
        request,
        "plan/office/versions.html",
        {"versions": rows.order_by("-plan__is_shown", "plan", "-number"), "may_steer": MAY_STEER.allows(person)},
    )


@page(Face.OFFICE, may=office_seat)
def office_version(request: HttpRequest, public_id: str) -> HttpResponse:
    """One version: what it changed, and its text."""
    person, _ = person_and_clock(request)
    version = get_for(person, PlanVersion, public_id)
    before = visible_to(person, PlanVersion).filter(plan=version.plan, number=version.number - 1).first()
    changes = plan_difference(content_of(before), content_of(version)) if before else ()
    return render(
        request,
        "plan/office/version.html",
        {"version": version, "before": before, "changes": changes, "content": content_of(version)},
    )


@page(Face.OFFICE, may=office_seat)
def office_version_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file of a version, as it was loaded."""
    person, _ = person_and_clock(request)
    version = get_for(person, PlanVersion, public_id)
    response = HttpResponse(version.text.encode("utf-8"), content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{version.plan.key}-{version.number}.toml"'
    return response


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["GET", "HEAD", "POST"])
def office_revise(request: HttpRequest) -> HttpResponse:
    """Upload a plan file: its faults, or what it would change."""
    form = PlanFileForm(posted(request), request.FILES if request.method == "POST" else None)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        text: str | Fault = (
            Fault(1, "", "ファイルが大きすぎます。計画ファイルは1MBまでです。")
            if upload.size > LONGEST_FILE * 4
            else decode_plan_file(upload.read())
        )
        faults = [text] if isinstance(text, Fault) else check_plan_file(text)
        if not faults and isinstance(text, str):
            return _preview(request, text, PlanRevisionForm(initial={"text": text}))
    return render(
        request,
        "plan/office/revise.html",
        {"form": form, "faults": faults},
        status=422 if faults or (form.is_bound and form.errors) else 200,
    )


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["POST"])
def office_revise_confirm(request: HttpRequest) -> HttpResponse:
    """Load what was looked at."""
    person, clock = person_and_clock(request)
    form = PlanRevisionForm(request.POST)
    # Browsers send line ends as CR LF; the file keeps its own.
    text = form.data.get("text", "").replace("\r\n", "\n")
    try:
        content = read_plan_file(text)
    except PlanFileRefused as refused:
        return render(
            request, "plan/office/revise.html", {"form": PlanFileForm(), "faults": refused.faults}, status=422
        )
    version = attempt(
        form,
        lambda: services.load_plan(by=person, text=text, note=form.cleaned_data["note"], show=True, clock=clock),
    )
    if version is None:
        return _preview(request, text, form, content)
    messages.success(request, f"第{version.number}版として読み込みました。前の版も残っています。")
    return redirect("office-plan-version", version.public_id)


def _preview(request: HttpRequest, text: str, form: PlanRevisionForm, content: PlanFile | None = None) -> HttpResponse:
    found = content or read_plan_file(text)
    person, _ = person_and_clock(request)
    plan = visible_to(person, Plan).filter(key=found.plan.id).first()
    newest = newest_version(plan) if plan else None
    shown = plan_in_force()
    return render(
        request,
        "plan/office/revise_preview.html",
        {
            "form": form,
            "content": found,
            "newest": newest,
            "changes": plan_difference(content_of(newest), found) if newest else (),
            "replaces": shown if shown and shown.plan.key != found.plan.id else None,
            "back_url": reverse("office-plan-revise"),
        },
        status=422 if form.is_bound and form.errors else 200,
    )
