"""The editors: a question (new or there already), a step, the texts of the form. Whatever is typed stays on every fault."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.api import Face, NotAllowed, NotVisible, page, signed_in_staff
from yakuba.kernel.expressions.api import Named
from yakuba.kernel.forms.exchange.differences import compare_questions
from yakuba.kernel.forms.exchange.settings import TYPE_WORDS
from yakuba.kernel.forms.forms.condition import editor_table
from yakuba.kernel.forms.forms.kind_settings import FIRST
from yakuba.kernel.forms.forms.question import QuestionForm
from yakuba.kernel.forms.forms.structure import END, FormTextsForm, StepForm
from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.forms.rules.definition import DefinitionFault, FormDefinition, read_definition
from yakuba.kernel.forms.rules.editing import (
    EditFault,
    Spot,
    add_questions,
    keys_in,
    question_at,
    replace_question,
    replace_step,
    spot_of,
    step_at,
)
from yakuba.kernel.forms.rules.naming import named_before, names_of_question
from yakuba.kernel.forms.services.versions import EditedMeanwhile
from yakuba.kernel.forms.views.builder import anchor_of
from yakuba.kernel.forms.views.draft import back_to_draft, head_of, may_change, save_definition, version_for
from yakuba.kernel.forms.views.preview import LANGUAGES, preview_context, preview_page, unfinished_preview
from yakuba.kernel.values.api import Refusal

Json = dict[str, Any]


class _Place:
    """Where a question stands or will stand, and what its rules may speak of."""

    def __init__(
        self, version: FormVersion, definition: FormDefinition, *, spot: Spot, question: Json, path: str
    ) -> None:
        self.version, self.definition, self.spot, self.question, self.path = version, definition, spot, question, path
        before = path or (f"{spot.group}." if spot.group else "?")
        self.names: dict[str, Named] = named_before(definition, spot.step, before)

    @property
    def own_names(self) -> dict[str, Named]:
        """What the question gives to its own checks."""
        if not self.path:
            return {}
        head, dot, inner = self.path.partition(".")
        question = self.definition.question(head)
        if dot:
            question = next(one for one in question.questions if one.key == inner)
        return names_of_question(question, "row." if dot else "")

    def form(self, data: Any = None) -> QuestionForm:
        taken = frozenset(keys_in(self.version.definition, self.spot.group))
        return QuestionForm(
            data,
            question=self.question,
            names=self.names,
            own_names=self.own_names,
            taken=taken,
            is_new=not self.path,
            in_group=bool(self.spot.group),
        )

    def changed(self, result: Json) -> tuple[Json, str]:
        """The form with the question in its place, and the path it has there."""
        stored = self.version.definition
        if not self.path:
            new, paths = add_questions(stored, [result], self.spot)
            return new, paths[0]
        return replace_question(stored, self.path, result), (
            f"{self.spot.group}.{result['key']}" if self.spot.group else result["key"]
        )


def _new_place(request: HttpRequest, version: FormVersion, definition: FormDefinition) -> _Place:
    kind = request.GET.get("kind", "")
    step, group, after = (request.GET.get(name, "")[:60] for name in ("step", "group", "after"))
    if kind not in TYPE_WORDS or (group and kind == "group"):
        raise NotVisible
    try:
        spot = _new_spot(version.definition, step, group, after)
    except EditFault:
        raise NotVisible from None
    question: Json = {"type": kind, "key": "", "label": {}, **FIRST.get(kind, {})}
    return _Place(version, definition, spot=spot, question=question, path="")


def _new_spot(form: Json, step: str, group: str, after: str) -> Spot:
    """Behind a question, or at the end of a step or group. Raises `EditFault`."""
    if after:
        spot = spot_of(form, after)
        return Spot(spot.step, spot.group, spot.at + 1)
    if group:
        return Spot(spot_of(form, group).step, group, len(question_at(form, group).get("questions", [])))
    return Spot(step, "", len(step_at(form, step).get("questions", [])))


@page(Face.OFFICE, may=signed_in_staff)
@require_http_methods(["GET", "POST"])
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
def new_question(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new question of a kind (``?kind=choice&step=…``)."""
    version = _draft(request, public_id)
    return _edit(request, _new_place(request, version, version.read()))


@page(Face.OFFICE, may=signed_in_staff)
@require_http_methods(["GET", "POST"])
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
def question(request: HttpRequest, public_id: str, path: str) -> HttpResponse:
    """One question with everything that can be set at it."""
    version = _draft(request, public_id)
    return _edit(request, _stored_place(version, path, request.GET.get("kind", "")[:30]))


def _stored_place(version: FormVersion, path: str, kind: str = "") -> _Place:
    try:
        spot = spot_of(version.definition, path)
    except EditFault:
        raise NotVisible from None
    stored = question_at(version.definition, path)
    place = _Place(version, version.read(), spot=spot, question=stored, path=path)
    if kind and kind != stored["type"]:
        if kind not in kinds_to(place):
            raise NotVisible
        place.question = _as_kind(stored, kind)
    return place


_STAY = ("key", "label", "help", "why", "required", "when", "is_sensitive")
"""What a question keeps when its kind changes."""


def _as_kind(stored: Json, kind: str) -> Json:
    """The question as one of another kind; options stay between the two kinds that have them."""
    both = {"choice", "choices"} == {stored["type"], kind}
    first = {name: value for name, value in FIRST.get(kind, {}).items() if name != "label"}
    kept = {name: stored[name] for name in (*_STAY, *(("options", "has_other") if both else ())) if name in stored}
    return {**first, **kept, "type": kind}


def kinds_to(place: _Place) -> dict[str, str]:
    """The kinds a stored question can be changed to, with their words. A repeating group keeps its kind."""
    if not place.path or question_at(place.version.definition, place.path)["type"] == "group":
        return {}
    return {kind: words for kind, words in TYPE_WORDS.items() if not (place.spot.group and kind == "group")}


def _draft(request: HttpRequest, public_id: str) -> FormVersion:
    asking: Any = request
    version = version_for(request, public_id)
    if not may_change(asking.person, version):
        raise NotAllowed("この版の質問は変えられません。下書きの版を、担当課の職員かDX推進事務局が変えられます。")
    return version


def _edit(request: HttpRequest, place: _Place) -> HttpResponse:
    form = place.form(request.POST if request.method == "POST" else None)
    context: Json = {}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            changed, path = place.changed(form.result)
            label = _label(form.result)
            save_definition(request, place.version, changed, f"「{label}」を{'変更' if place.path else '追加'}")
        except EditedMeanwhile as late:
            context, status = _both(request, place, form.result, late), 409
        except DefinitionFault as fault:
            form.add_error(_field_of(form, fault), fault.message.partition("）：")[2] or fault.message)
            status = 422
        except EditFault as fault:
            form.add_error("key" if fault.field == "key" else None, f"{fault.message}{fault.hint or ''}")
            status = 422
        else:
            messages.success(request, f"「{label}」を{'保存しました' if place.path else '追加しました'}。")
            return _onward(request, place, path)
    elif request.method == "POST":
        status = 422
    return _editor(request, place, form, context, status)


def _onward(request: HttpRequest, place: _Place, path: str) -> HttpResponse:
    """Back to the list, where the next question can be chosen at once, or on to one more of the same kind."""
    if request.POST.get("act") == "again":
        address = reverse("office-form-new-question", args=[place.version.public_id])
        return redirect(f"{address}?kind={place.question['type']}&after={path}")
    more = "" if place.path else place.spot.group or place.spot.step
    return back_to_draft(place.version, anchor_of(path), more=more)


def _field_of(form: QuestionForm, fault: DefinitionFault) -> str | None:
    last = (fault.field or "").rpartition(".")[2]
    for name in (last, f"{last}_ja"):
        if name in form.fields:
            return name
    return "options" if "options" in (fault.field or "") and "options" in form.fields else None


def _both(request: HttpRequest, place: _Place, result: Json, late: EditedMeanwhile) -> Json:
    """Mine and theirs beside each other; what was typed stays and can be saved over the newer state."""
    theirs = late.theirs
    now = theirs.read()
    current: Any = None
    if place.path:
        try:
            current = question_at(theirs.definition, place.path)
        except EditFault:
            current = None
    mine = _read_alone(result)
    there = _read_alone(current) if current is not None else None
    return {
        "late": late,
        "is_gone": bool(place.path) and current is None,
        "differences": compare_questions(there, mine, now) if there is not None and mine is not None else (),
        "new_edition": theirs.edition,
    }


def _read_alone(question: Json) -> Any:
    try:
        form = read_definition(
            {"key": "aa", "title": "x", "steps": [{"key": "s", "title": "x", "questions": [question]}]}
        )
    except DefinitionFault:
        return None
    return next(form.questions())


def _editor(
    request: HttpRequest, place: _Place, form: QuestionForm, context: Mapping[str, Any], status: int
) -> HttpResponse:
    version = place.version
    is_changing = bool(place.path) and question_at(version.definition, place.path)["type"] != form.kind
    if place.path:
        live = reverse("office-form-question-live", args=[version.public_id, place.path])
        if is_changing:
            live += f"?kind={form.kind}"
    else:
        live = f"{reverse('office-form-new-question-live', args=[version.public_id])}?{request.GET.urlencode()}"
    head = head_of(request, version, tab="build", definition=place.definition)
    return render(
        request,
        "forms/office/question.html",
        {
            **head,
            **preview_context(request, version, place.definition, place.spot.step),
            "form": form,
            "path": place.path,
            "kind_words": TYPE_WORDS[form.kind],
            "is_new": not place.path,
            "is_changing": is_changing,
            "kinds": [one for one in kinds_to(place).items() if one[0] != form.kind],
            "table_json": json.dumps(editor_table({**place.names, **place.own_names}), ensure_ascii=False),
            "live": live,
            "live_join": "&" if "?" in live else "?",
            "edition": context.get("new_edition", version.edition),
            "in_group": place.spot.group,
            "back": f"{reverse('office-form-version', args=[version.public_id])}#{anchor_of(place.path) if place.path else 's-' + place.spot.step}",
            **context,
        },
        status=status,
    )


@page(Face.OFFICE, may=signed_in_staff)
@require_POST
@xframe_options_sameorigin
def new_question_live(request: HttpRequest, public_id: str) -> HttpResponse:
    """The preview of a question that is not stored yet, and its conditions in words."""
    version = _draft(request, public_id)
    return _live(request, _new_place(request, version, version.read()))


@page(Face.OFFICE, may=signed_in_staff)
@require_POST
@xframe_options_sameorigin
def question_live(request: HttpRequest, public_id: str, path: str) -> HttpResponse:
    """The preview of a question as it is being typed, and its conditions in words. Nothing is kept."""
    return _live(request, _stored_place(_draft(request, public_id), path, request.GET.get("kind", "")[:30]))


def _live(request: HttpRequest, place: _Place) -> HttpResponse:
    form = place.form(request.POST)
    words, shown = "", ""
    if form.is_valid():
        try:
            changed, path = place.changed(form.result)
            definition = read_definition(changed)
            language = request.GET.get("language", "") or request.session.get("forms-preview", {}).get("language", "ja")
            language = language if language in dict(LANGUAGES) else "ja"
            shown = preview_page(request, definition, language, [place.spot.step], mark=path)
        except Refusal as refusal:
            words = refusal.message
    else:
        words = "入力の途中です。"
    sentences = {one.prefix: one.sentence for one in form.editors}
    if form.kind in ("computed", "fee"):
        sentences["value"] = form.value_sentence if form.result else ""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"page": shown, "sentences": sentences, "note": words})
    return HttpResponse(shown) if shown else unfinished_preview(request, words)


@page(Face.OFFICE, may=signed_in_staff)
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """A step: title, introduction, when it is shown, where it leads."""
    version = _draft(request, public_id)
    definition = version.read()
    try:
        stored = step_at(version.definition, key)
    except EditFault:
        raise NotVisible from None
    keys = [one.key for one in definition.steps]
    later = definition.steps[keys.index(key) + 1 :]
    after = named_before(definition, key, "?")
    form = StepForm(
        request.POST if request.method == "POST" else None,
        step=stored,
        names=named_before(definition, key),
        after=after,
        targets=[*((one.key, one.title.ja) for one in later), (END, "終わり（内容の確認へ）")],
    )
    context: Json = {}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                changed = replace_step(version.definition, key, form.changed())
                save_definition(request, version, changed, f"画面「{_ja(form.changed()['title'])}」を変更")
            except EditedMeanwhile as late:
                context, status = {"late": late, "new_edition": late.theirs.edition, "differences": ()}, 409
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, "画面を保存しました。")
                return back_to_draft(version, f"s-{key}")
    return render(
        request,
        "forms/office/step.html",
        {
            **head_of(request, version, tab="build", definition=definition),
            "form": form,
            "step": stored,
            "table_json": json.dumps(editor_table(after), ensure_ascii=False),
            "edition": context.get("new_edition", version.edition),
            **context,
        },
        status=status,
    )


@page(Face.OFFICE, may=signed_in_staff)
@require_http_methods(["GET", "POST"])
def texts(request: HttpRequest, public_id: str) -> HttpResponse:
    """Title, introduction and closing words of the form."""
    version = _draft(request, public_id)
    form = FormTextsForm(request.POST if request.method == "POST" else None, form=version.definition)
    context: Json = {}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save_definition(request, version, form.changed(), "題名・説明を変更")
            except EditedMeanwhile as late:
                context, status = {"late": late, "new_edition": late.theirs.edition, "differences": ()}, 409
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, "題名・説明を保存しました。")
                return back_to_draft(version)
    head = head_of(request, version, tab="build")
    return render(
        request,
        "forms/office/texts.html",
        {**head, "form": form, "edition": context.get("new_edition", version.edition), **context},
        status=status,
    )


def _label(question: Mapping[str, Any]) -> str:
    return _ja(question["label"])


def _ja(text: Any) -> str:
    return str(text if isinstance(text, str) else text.get("ja", ""))
