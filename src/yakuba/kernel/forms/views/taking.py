"""Questions of another form, copied into a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, NotAllowed, NotVisible, page, signed_in_staff
from yakuba.kernel.forms.access import visible_to
from yakuba.kernel.forms.exchange.settings import TYPE_WORDS
from yakuba.kernel.forms.forms.structure import TakeForm
from yakuba.kernel.forms.models import Form
from yakuba.kernel.forms.rules.editing import Spot, add_questions, step_at
from yakuba.kernel.forms.services.versions import EditedMeanwhile
from yakuba.kernel.forms.views.builder import anchor_of
from yakuba.kernel.forms.views.draft import (
    back_to_draft,
    head_of,
    may_change,
    save_definition,
    tell_meanwhile,
    version_for,
)
from yakuba.kernel.values.api import Refusal


@page(Face.OFFICE, may=signed_in_staff)
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose a form, then its questions. Conditions among the copied questions stay; others are found before publishing."""
    asking: Any = request
    version = version_for(request, public_id)
    if not may_change(asking.person, version):
        raise NotAllowed("この版の質問は変えられません。")
    others = visible_to(asking.person).filter(versions__isnull=False).exclude(pk=version.form_id).distinct()
    chosen = request.GET.get("from", "")
    other = others.filter(public_id=chosen).first() if chosen else None
    if chosen and other is None:
        raise NotVisible
    source = other.versions.order_by("-number").first() if other else None
    steps = [(one["key"], _ja(one["title"])) for one in version.definition["steps"]]
    offered = _offered(source.definition) if source else []
    form = TakeForm(
        request.POST if request.method == "POST" else None,
        questions=[(one["key"], one["label"]) for _step, rows in offered for one in rows],
        steps=steps,
    )
    if request.method == "POST" and source is not None and other is not None and form.is_valid():
        try:
            return _taken(request, version, source.definition, other, form)
        except EditedMeanwhile as late:
            return tell_meanwhile(request, version, late)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
    return render(
        request,
        "forms/office/take.html",
        {
            **head_of(request, version, tab="build"),
            "others": others.order_by("title"),
            "other": other,
            "offered": offered,
            "form": form,
            "chosen": set(form["questions"].value() or ()) if form.is_bound else set(),
        },
        status=422 if form.errors else 200,
    )


def _taken(request: HttpRequest, version: Any, source: dict[str, Any], other: Form, form: TakeForm) -> HttpResponse:
    wanted = set(form.cleaned_data["questions"])
    questions = [one for step in source["steps"] for one in step.get("questions", ()) if one["key"] in wanted]
    step = form.cleaned_data["step"]
    at = len(step_at(version.definition, step).get("questions", []))
    changed, paths = add_questions(version.definition, questions, Spot(step, "", at))
    save_definition(request, version, changed, f"「{other.title}」から{len(paths)}個の質問を写した")
    messages.success(request, f"「{other.title}」から質問を{len(paths)}個写しました。")
    return back_to_draft(version, anchor_of(paths[0]) if paths else "")


def _offered(definition: dict[str, Any]) -> list[tuple[str, list[dict[str, str]]]]:
    """The questions of another form by step."""
    return [
        (
            _ja(step["title"]),
            [
                {"key": one["key"], "label": _ja(one["label"]), "kind": TYPE_WORDS[one["type"]]}
                for one in step.get("questions", ())
            ],
        )
        for step in definition["steps"]
    ]


def _ja(text: Any) -> str:
    return str(text if isinstance(text, str) else text.get("ja", ""))
