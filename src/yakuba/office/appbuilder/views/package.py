"""An app out as a file for another town, and an app out of such a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.files.api import file_response, safe_name
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, managed_app
from yakuba.office.appbuilder.forms.package import PackageForm
from yakuba.office.appbuilder.queries.package import OUT, packed
from yakuba.office.appbuilder.services.package import take_in_package

_MOST_TOLD = 12


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def give(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the file will hold and what it will not; then the file."""
    asking: Any = request
    app, definition, _ = managed_app(asking.person, public_id)
    package = packed(app, definition)
    if "download" in request.GET:
        record_view(by=asking.person, subjects=[app], what=OUT)
        name = safe_name(f"{definition.title}_アプリ.json")
        return file_response(package.to_bytes(), name=name, media_type="application/json")
    shown = {"app": app, "definition": definition, "package": package, "size": len(package.to_bytes())}
    return render(request, "appbuilder/package_out.html", shown)


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Send a file: the app in it becomes a draft of one's own section."""
    asking: Any = request
    is_sent = request.method == "POST"
    form = PackageForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        try:
            made = take_in_package(by=asking.person, package=form.cleaned_data["file"], clock=asking.clock)
        except Refusal as refusal:
            form.add_error("file", f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(
                request,
                f"アプリ「{made.app.title}」の下書きを作りました。項目と権限を確かめてから、使い始めてください。",
            )
            for note in made.notes[:_MOST_TOLD]:
                messages.info(request, note)
            return redirect("office-app-fields", public_id=made.app.public_id)
    return render(request, "appbuilder/package_in.html", {"form": form}, status=422 if form.errors else 200)
