"""The live preview (見本表示): the very page a resident gets, in an own frame, without anything being kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, page, signed_in_staff
from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.forms.presentation import PageShown, Showing, show_page
from yakuba.kernel.forms.rules.definition import FormDefinition, Group
from yakuba.kernel.forms.rules.evaluate import evaluate_form
from yakuba.kernel.forms.rules.reading import read_page
from yakuba.kernel.forms.views.draft import version_for

LANGUAGES = (("ja", "日本語"), ("ja-easy", "やさしい日本語"), ("en", "English"))
WIDTHS = (("phone", "スマートフォン"), ("desktop", "パソコン"))
MODES = (("all", "全部の質問"), ("live", "答えに応じて"))
_KEPT = "forms-preview"


def preview_context(
    request: HttpRequest, version: FormVersion, definition: FormDefinition, step: str = ""
) -> dict[str, Any]:
    """How the preview stands beside a page; what was chosen stays for the session."""
    kept: dict[str, str] = dict(request.session.get(_KEPT, {}))
    for name, choices in (("language", LANGUAGES), ("width", WIDTHS), ("mode", MODES)):
        asked = request.GET.get(f"preview-{name}", "")
        if asked in dict(choices):
            kept[name] = asked
    if kept != request.session.get(_KEPT, {}):
        request.session[_KEPT] = kept
    language, width, mode = kept.get("language", "ja"), kept.get("width", "phone"), kept.get("mode", "all")
    steps = [one.key for one in definition.steps]
    asked = request.GET.get("preview-step", step)
    address = reverse("office-form-preview", args=[version.public_id])
    wanted = f"&step={asked}" if asked in steps else ""
    return {
        "preview": {
            "address": f"{address}?language={language}&mode={mode}{wanted}",
            "language": language,
            "width": width,
            "mode": mode,
            "step": asked if asked in steps else "",
            "languages": LANGUAGES,
            "widths": WIDTHS,
            "modes": MODES,
            "steps": [(one.key, one.title.ja) for one in definition.steps],
        }
    }


@page(Face.OFFICE, may=signed_in_staff)
@require_http_methods(["GET", "POST"])
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})  # type: ignore[arg-type]
def preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form as residents see it. With ``mode=live`` answers typed into it count, and are forgotten at once."""
    version = version_for(request, public_id)
    definition = version.read()
    language = _language(request.GET.get("language", ""))
    step = request.GET.get("step", "")
    keys = [step] if step in [one.key for one in definition.steps] else [one.key for one in definition.steps]
    if request.GET.get("mode") == "live":
        asking: Any = request
        typed = {name: request.POST.getlist(name) for name in request.POST}
        return HttpResponse(_live(request, definition, language, keys, typed, asking.clock.today()))
    return HttpResponse(preview_page(request, definition, language, keys))


def preview_page(
    request: HttpRequest, definition: FormDefinition, language: str, keys: Iterable[str], *, mark: str = ""
) -> str:
    """The page with every question on it, whatever its condition; one row of each repeating group. ``mark``: the path
    of the question that is being edited."""
    asking: Any = request
    shown = opened(definition)
    rows: dict[str, Any] = {one.key: [{}] for one in shown.questions() if isinstance(one, Group)}
    evaluation = evaluate_form(shown, rows, today=asking.clock.today())
    return _written(request, shown, language, show_page(evaluation, keys, Showing(language)), mode="all", mark=mark)


def opened(definition: FormDefinition) -> FormDefinition:
    """The form with every condition taken away, so that all of it can be seen."""
    steps = tuple(
        one.model_copy(update={"when": None, "ways": (), "questions": tuple(_opened(each) for each in one.questions)})
        for one in definition.steps
    )
    return definition.model_copy(update={"steps": steps})


def _opened(question: Any) -> Any:
    changed: dict[str, Any] = {"when": None}
    if isinstance(question, Group):
        changed["questions"] = tuple(_opened(one) for one in question.questions)
    if getattr(question, "options", ()):
        changed["options"] = tuple(one.model_copy(update={"when": None}) for one in question.options)
    return question.model_copy(update=changed)


def _live(
    request: HttpRequest,
    definition: FormDefinition,
    language: str,
    keys: Iterable[str],
    typed: Mapping[str, list[str]],
    today: Any,
) -> str:
    every = [one.key for one in definition.steps]
    reading = read_page(definition, every, typed, {})
    answers = dict(reading.answers)
    act = request.POST.get("action", "")[:120]
    verb, _colon, target = act.partition(":")
    if verb == "add":
        answers[target] = [*(answers.get(target) or []), {}]
    elif verb == "remove":
        name, _colon, number = target.rpartition(":")
        rows = list(answers.get(name) or [])
        if number.isdigit() and int(number[:4]) < len(rows):
            rows.pop(int(number[:4]))
            answers[name] = rows
            typed = {key: value for key, value in typed.items() if not key.startswith(f"{name}.")}
    evaluation = evaluate_form(definition, answers, today=today)
    showing = Showing(language, typed=typed, read_faults=reading.faults, shows_faults=act == "next")
    if act == "next":
        showing = replace(showing, asked_before=frozenset(request.POST.get("_shown", "")[:20_000].split()))
    return _written(request, definition, language, show_page(evaluation, keys, showing), mode="live")


def _written(
    request: HttpRequest, definition: FormDefinition, language: str, shown: PageShown, *, mode: str, mark: str = ""
) -> str:
    with translation.override(language):
        return render_to_string(
            "forms/office/preview.html",
            {
                "shown": shown,
                "form_title": definition.title.in_language(language),
                "language": language,
                "mode": mode,
                # In a repeating group the first row is the one that is shown.
                "mark": "q-" + mark.replace(".", "-0-") if mark else "",
                "title": shown.steps[0].title if len(shown.steps) == 1 else "",
            },
            request,
        )


def _language(asked: str) -> str:
    return asked if asked in dict(LANGUAGES) else "ja"


def unfinished_preview(request: HttpRequest, words: str) -> HttpResponse:
    """What stands in the frame while what is typed makes no form yet."""
    return render(request, "forms/office/preview_unfinished.html", {"words": words})
