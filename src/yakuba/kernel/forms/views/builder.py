"""``/office/forms/<version>/``: the questions of a draft by step, and everything that moves them about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yakuba.kernel.access.api import Face, page, signed_in_staff
from yakuba.kernel.expressions.api import Named
from yakuba.kernel.forms.exchange.settings import TYPE_WORDS
from yakuba.kernel.forms.forms.condition import sentence_of
from yakuba.kernel.forms.forms.kind_settings import palette
from yakuba.kernel.forms.forms.question import question_from_words
from yakuba.kernel.forms.forms.structure import LinesForm, StepTitleForm
from yakuba.kernel.forms.library import shared_blocks
from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.forms.rules.definition import FormDefinition, Group
from yakuba.kernel.forms.rules.editing import (
    EditFault,
    Spot,
    add_questions,
    add_step,
    duplicate_question,
    keys_in,
    move_question,
    move_step,
    place_question,
    question_at,
    remove_question,
    remove_step,
    step_at,
    used_by,
)
from yakuba.kernel.forms.rules.naming import every_name
from yakuba.kernel.forms.rules.options import lines_of
from yakuba.kernel.forms.services import undo_draft
from yakuba.kernel.forms.services.versions import EditedMeanwhile
from yakuba.kernel.forms.views.draft import (
    back_to_draft,
    head_of,
    save_definition,
    seen_edition,
    tell_meanwhile,
    told,
    version_for,
)
from yakuba.kernel.forms.views.preview import preview_context
from yakuba.kernel.values.api import Refusal

Json = dict[str, Any]
END = "end"


@page(Face.OFFICE, may=signed_in_staff)
@require_safe
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
def build(request: HttpRequest, public_id: str) -> HttpResponse:
    """The questions by step with the preview beside them; what may be done depends on the state of the version."""
    version = version_for(request, public_id)
    definition = version.read()
    current = version.steps.filter(is_current=True).first()
    known = (
        {
            one.number: one
            for one in version.steps.filter(number__gte=current.number - 1, number__lte=current.number + 1)
        }
        if current
        else {}
    )
    return render(
        request,
        "forms/office/build.html",
        {
            **head_of(request, version, tab="build", definition=definition),
            **preview_context(request, version, definition),
            "steps": shown_steps(definition),
            "palette": palette(),
            "is_empty": not any(step.questions for step in definition.steps),
            "more": request.GET.get("more", ""),
            "blocks": block_rows(),
            "undo": current if current and current.number - 1 in known else None,
            "redo": known.get(current.number + 1) if current else None,
            "step_form": StepTitleForm(),
            "lines_form": LinesForm(steps=[(one.key, one.title.ja) for one in definition.steps]),
        },
    )  # fmt: skip


def shown_steps(definition: FormDefinition) -> list[Json]:
    """The steps with their questions as the list shows them."""
    names: dict[str, dict[str, Named]] = {"": every_name(definition)}
    titles = {one.key: one.title.ja for one in definition.steps} | {END: "終わり（内容の確認へ）"}
    number = 0
    found = []
    for place, step in enumerate(definition.steps):
        rows = []
        for at, question in enumerate(step.questions):
            number += 1
            inner = []
            if isinstance(question, Group):
                names[question.key] = every_name(definition, question.key)
                inner = [
                    _row(
                        one,
                        names[question.key],
                        f"{number}-{count}",
                        question.key,
                        step.key,
                        count - 1,
                        len(question.questions),
                    )
                    for count, one in enumerate(question.questions, start=1)
                ]
            rows.append(
                {**_row(question, names[""], str(number), "", step.key, at, len(step.questions)), "inner": inner}
            )
        found.append(
            {
                "key": step.key,
                "title": step.title.ja,
                "number": place + 1,
                "is_first": place == 0,
                "is_last": place == len(definition.steps) - 1,
                "when": sentence_of(step.when, names[""]),
                "ways": [(sentence_of(way.when, names[""]), titles.get(way.to, way.to)) for way in step.ways],
                "rows": rows,
            }
        )
    for step_number, one in enumerate(found):
        shown_rows: Any = one["rows"]
        for row in shown_rows:
            row["is_first"] = row["is_top"] and step_number == 0
            row["is_last"] = row["is_bottom"] and step_number == len(found) - 1
    return found


def _row(question: Any, names: Mapping[str, Named], number: str, group: str, step: str, at: int, count: int) -> Json:
    required = question.required
    return {
        "path": f"{group}.{question.key}" if group else question.key,
        "anchor": anchor_of(f"{group}.{question.key}" if group else question.key),
        "number": number,
        "label": question.label.ja,
        "kind": question.type,
        "kind_words": TYPE_WORDS[question.type],
        "is_asked": question.type not in ("text_block", "computed", "fee"),
        "is_required": required is True,
        "is_optional": required is False,
        "required_when": "" if isinstance(required, bool) else sentence_of(required, names),
        "when": sentence_of(question.when, names),
        "value": sentence_of(getattr(question, "value", None), names, as_value=True),
        "options": [one.label.ja for one in getattr(question, "options", ())],
        "has_other": getattr(question, "has_other", False),
        "step": step,
        "group": group,
        "at": at,
        "is_top": at == 0,
        "is_bottom": at == count - 1,
        "is_first": bool(group) and at == 0,
        "is_last": bool(group) and at == count - 1,
        "inner": [],
    }


def block_rows() -> list[Json]:
    """The blocks of the library by what they ask."""
    return [
        {"name": name, "words": "、".join(_ja(one["label"]) for one in questions)}
        for name, questions in shared_blocks().items()
    ]


@page(Face.OFFICE, may=signed_in_staff)
@require_POST
def act(request: HttpRequest, public_id: str) -> HttpResponse:
    """One change of the order of things: ``up:path``, ``down:path``, ``copy:path``, ``delete:path``, ``undo`` …"""
    version = version_for(request, public_id)
    verb, _colon, target = request.POST.get("act", "")[:120].partition(":")
    try:
        if verb in ("undo", "redo"):
            return _undo(request, version, -1 if verb == "undo" else 1)
        doing = _ACTS.get(verb)
        if doing is None:
            raise EditFault("この操作はありません。", hint="画面を開き直してください。")
        form, label, anchor = doing(version.definition, target)
        save_definition(request, version, form, label)
    except EditedMeanwhile as late:
        return tell_meanwhile(request, version, late)
    except Refusal as refusal:
        told(request, refusal)
        return back_to_draft(version)
    if verb.startswith("delete"):
        messages.success(request, f"{label}。「元に戻す」で取り消せます。")
    return back_to_draft(version, anchor)


def _undo(request: HttpRequest, version: FormVersion, steps: int) -> HttpResponse:
    asking: Any = request
    undo_draft(by=asking.person, version=version, seen_edition=seen_edition(request), steps=steps, clock=asking.clock)
    messages.success(request, "一つ前の状態に戻しました。" if steps < 0 else "やり直しました。")
    return back_to_draft(version)


Done = tuple[Json, str, str]


def _moved(form: Json, path: str, by: int) -> Done:
    words = _label(form, path)
    return move_question(form, path, by), f"「{words}」を{'上' if by < 0 else '下'}へ", anchor_of(path)


def _copied(form: Json, path: str) -> Done:
    new, at = duplicate_question(form, path)
    return new, f"「{_label(form, path)}」を複製", anchor_of(at)


def _deleted(form: Json, path: str) -> Done:
    words = _label(form, path)
    places = used_by(form, path)
    also = f"（{len(places)}か所の条件で使っていました。「公開」の画面で確かめてください）" if places else ""
    return remove_question(form, path), f"「{words}」を削除{also}", ""


def _step_moved(form: Json, key: str, by: int) -> Done:
    return (
        move_step(form, key, by),
        f"画面「{_ja(step_at(form, key)['title'])}」を{'前' if by < 0 else '後ろ'}へ",
        f"s-{key}",
    )


def _step_deleted(form: Json, key: str) -> Done:
    return remove_step(form, key), f"画面「{_ja(step_at(form, key)['title'])}」を削除", ""


def _placed(form: Json, target: str) -> Done:
    """``path>step>group>at``: where something was dropped."""
    path, step, group, at = [*target.split(">"), "", "", "", ""][:4]
    if not at.isdigit() or len(at) > 4:
        raise EditFault("動かす先が分かりません。", hint="画面を開き直してください。")
    words = _label(form, path)
    new = place_question(form, path, Spot(step, group, int(at)))
    return new, f"「{words}」を移動", ""


_ACTS: dict[str, Callable[[Json, str], Done]] = {
    "up": lambda form, path: _moved(form, path, -1),
    "down": lambda form, path: _moved(form, path, 1),
    "copy": _copied,
    "delete": _deleted,
    "place": _placed,
    "step-up": lambda form, key: _step_moved(form, key, -1),
    "step-down": lambda form, key: _step_moved(form, key, 1),
    "delete-step": _step_deleted,
}


@page(Face.OFFICE, may=signed_in_staff)
@require_POST
def new_step(request: HttpRequest, public_id: str) -> HttpResponse:
    """One more step at the end."""
    version = version_for(request, public_id)
    form = StepTitleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "画面の題名を入力してください。")
        return back_to_draft(version, "new-step")
    try:
        changed, key = add_step(version.definition, form.cleaned_data["title"])
        save_definition(request, version, changed, f"画面「{form.cleaned_data['title']}」を追加")
    except EditedMeanwhile as late:
        return tell_meanwhile(request, version, late)
    except Refusal as refusal:
        told(request, refusal)
        return back_to_draft(version)
    return back_to_draft(version, f"s-{key}")


@page(Face.OFFICE, may=signed_in_staff)
@require_POST
def new_lines(request: HttpRequest, public_id: str) -> HttpResponse:
    """Several questions at once, one a line; their kinds are told from their words."""
    version = version_for(request, public_id)
    steps = [(one["key"], _ja(one["title"])) for one in version.definition["steps"]]
    form = LinesForm(request.POST, steps=steps)
    if not form.is_valid():
        messages.error(request, "追加する質問を、一行に一つ書いてください。個人番号は書けません。")
        return back_to_draft(version, "new-lines")
    try:
        taken = keys_in(version.definition)
        questions = []
        for line in lines_of(form.cleaned_data["lines"])[:100]:
            questions.append(question_from_words(line, taken))
            taken.add(questions[-1]["key"])
        step = form.cleaned_data["step"]
        at = len(step_at(version.definition, step).get("questions", []))
        changed, paths = add_questions(version.definition, questions, Spot(step, "", at))
        save_definition(request, version, changed, f"質問をまとめて追加（{len(paths)}個）")
    except EditedMeanwhile as late:
        return tell_meanwhile(request, version, late)
    except Refusal as refusal:
        told(request, refusal)
        return back_to_draft(version)
    messages.success(request, f"質問を{len(paths)}個追加しました。種類を確かめてください。")
    return back_to_draft(version, anchor_of(paths[0]) if paths else "")


@page(Face.OFFICE, may=signed_in_staff)
@require_POST
def new_block(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """A block of shared questions at the end of a step."""
    version = version_for(request, public_id)
    name = request.POST.get("block", "")[:60]
    questions = shared_blocks().get(name)
    try:
        if questions is None:
            raise EditFault("この共通の質問はありません。", hint="画面を開き直してください。")
        at = len(step_at(version.definition, step).get("questions", []))
        changed, paths = add_questions(version.definition, questions, Spot(step, "", at))
        save_definition(
            request, version, changed, f"共通の質問を追加（{'、'.join(_ja(one['label']) for one in questions)}）"
        )
    except EditedMeanwhile as late:
        return tell_meanwhile(request, version, late)
    except Refusal as refusal:
        told(request, refusal)
        return back_to_draft(version)
    return back_to_draft(version, anchor_of(paths[0]))


def anchor_of(path: str) -> str:
    """The place of a question on the page."""
    return "q-" + path.replace(".", "-")


def question_address(version: FormVersion, path: str) -> str:
    """The editor of a question."""
    return reverse("office-form-question", args=[version.public_id, path])


def _label(form: Mapping[str, Any], path: str) -> str:
    return _ja(question_at(form, path)["label"])


def _ja(text: Any) -> str:
    return str(text if isinstance(text, str) else text.get("ja", ""))
