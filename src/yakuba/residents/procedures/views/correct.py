"""``/my/cases/<id>/correct/`` and ``…/withdraw/``: answering a correction (補正), taking a case back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.cases.api import (
    Action,
    Case,
    answer_correction,
    correction_evaluation,
    open_actions,
    open_correction,
    withdraw_case,
)
from yakuba.kernel.files.api import receive_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.forms.api import Evaluation, FileShown, Incomplete, Showing, read_page, show_page, without_row
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.ui.api import TownForm
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.asking import asker, clock_of
from yakuba.residents.procedures.attachments import files_of, limits_for
from yakuba.residents.procedures.views.own_case_gate import acting_in, case_for

FILES = "._files"


class WithdrawForm(TownForm):
    """Why; nobody has to say."""

    reason = forms.CharField(
        label=lazy("理由"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("書かなくてもかまいません。"),
    )


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """The questions the town asked to put right, and those that come up because of the new answers."""
    case = case_for(request, public_id)
    return answer_asked(
        request, case, template="procedures/cases/correct.html", back=reverse("own-case", args=[case.public_id])
    )


def answer_asked(
    request: HttpRequest, case: Case, *, template: str, back: str, face: Face = Face.RESIDENT
) -> HttpResponse:
    """Show and take the answer to what was asked; for the person's own page, and for the clerk who enters what came on
    paper or by telephone."""
    correction = open_correction(case)
    if correction is None:
        messages.info(request, _("直していただくところは、いまありません。"))
        return HttpResponseRedirect(back)
    asked = frozenset(str(one["path"]) for one in correction.items)
    if request.method == "GET":
        answers = correction.before.every_answer()
        evaluation = correction_evaluation(correction, answers, clock=clock_of(request))
        return _show(request, case, correction, evaluation, asked, template=template, back=back, face=face)
    typed, refused = _typed(request, case, correction, asked)
    definition = correction.before.version.read()
    steps = [one.key for one in definition.steps]
    reading = read_page(definition, steps, typed, correction.before.every_answer())
    answers = _with_files(reading.answers, typed, asked)
    evaluation = correction_evaluation(correction, answers, clock=clock_of(request))
    action = request.POST.get("action", "send")[:120]
    new = _visible(evaluation) - _visible_before(correction, request)
    shown_before = frozenset(request.POST.get("_shown", "")[:20_000].split())
    if action == "send" and not refused and not reading.faults and evaluation.is_complete:
        try:
            answer_correction(
                by=acting_in(request, case),
                case=case,
                answers=answers,
                sources={},
                clock=clock_of(request),
            )
        except Incomplete as refusal:
            messages.error(request, refusal.message)
        except Refusal as refusal:
            messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, _("直した内容を送りました。"))
            return HttpResponseRedirect(back)
    return _show(
        request,
        case,
        correction,
        evaluation,
        asked | new,
        template=template,
        back=back,
        face=face,
        typed=typed,
        faults=reading.faults,
        shows_faults=action == "send",
        asked_before=shown_before,
        refused=refused,
        status=422 if action == "send" else 200,
    )


def _typed(
    request: HttpRequest, case: Case, correction: Any, asked: frozenset[str]
) -> tuple[dict[str, list[str]], list[str]]:
    """What was sent, with rows added or taken out and files taken in; and the sentences about refused files."""
    typed = {name: request.POST.getlist(name) for name in request.POST}
    verb, _colon, rest = request.POST.get("action", "")[:120].partition(":")
    if verb == "add":
        typed[f"{rest}.rows"] = [str(_count(typed, rest) + 1)]
    elif verb == "remove":
        group, _colon, number = rest.rpartition(":")
        if number.isascii() and number.isdigit() and len(number) < 4:
            typed = without_row(typed, group, int(number))
            typed[f"{group}.rows"] = [str(max(_count(typed, group) - 1, 0))]
    elif verb == "drop":
        path, _colon, file_id = rest.rpartition(":")
        typed[path + FILES] = [one for one in typed.get(path + FILES, []) if one != file_id]
    refused: list[str] = []
    definition = correction.before.version.read()
    limits = limits_for(definition, [one.key for one in definition.steps])
    for path in request.FILES:
        head, _dot, tail = path.partition(".")
        _number, dot, inner = tail.partition(".")
        allowed = limits.get(f"{head}.*.{inner}" if dot else path)
        if allowed is None or not (path in asked or head in asked):
            continue
        for upload in request.FILES.getlist(path)[:20]:
            try:
                file = receive_file(
                    by=asker(request),
                    stream=upload,
                    filename=upload.name or "",
                    clock=clock_of(request),
                    owner=ref_of(case),
                    limits=allowed,
                )
                typed[path + FILES] = [*typed.get(path + FILES, []), file.public_id]
            except Refusal as refusal:
                refused.append(f"{refusal.message}{refusal.hint or ''}")
    return typed, refused


def _count(typed: dict[str, list[str]], group: str) -> int:
    given = typed.get(f"{group}.rows", ["0"])[-1]
    return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0


def _with_files(answers: dict[str, Any], typed: dict[str, list[str]], asked: frozenset[str]) -> dict[str, Any]:
    """The ids of the files the page holds, put to their questions; whether they belong to the case is asked later."""
    found = dict(answers)
    for name, ids in typed.items():
        if not name.endswith(FILES):
            continue
        path = name.removesuffix(FILES)
        key, dot, rest = path.partition(".")
        if not dot:
            found[key] = ids
            if not ids:
                found.pop(key)
            continue
        number, _dot, inner = rest.partition(".")
        rows = found.get(key)
        if isinstance(rows, list) and number.isascii() and number.isdigit() and int(number[:4]) < len(rows):
            rows = [dict(row) for row in rows]
            rows[int(number)][inner] = ids
            if not ids:
                rows[int(number)].pop(inner)
            found[key] = rows
    return found


def _visible(evaluation: Evaluation) -> frozenset[str]:
    return frozenset(entry.path for step in evaluation.steps for entry in step.entries)


def _visible_before(correction: Any, request: HttpRequest) -> frozenset[str]:
    before = correction_evaluation(correction, correction.before.every_answer(), clock=clock_of(request))
    return _visible(before)


def _show(
    request: HttpRequest,
    case: Case,
    correction: Any,
    evaluation: Evaluation,
    only: frozenset[str],
    *,
    template: str,
    back: str,
    face: Face,
    typed: dict[str, list[str]] | None = None,
    faults: Any = None,
    shows_faults: bool = False,
    asked_before: frozenset[str] | None = None,
    refused: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    language = get_language() or "ja"
    filling = case.first_answers.filling
    files = files_of(filling, asker(request), face=face) if filling else {}
    files |= {
        one.public_id: FileShown(one.public_id, one.name, one.size)
        for one in StoredFile.objects.filter(owner_kind="cases.case", owner_id=case.public_id)
    }
    notes = {str(one["path"]): str(one["comment"]) for one in correction.items}
    shown = show_page(
        evaluation,
        [one.step.key for one in evaluation.steps],
        Showing(
            language=language,
            typed=typed or {},
            read_faults=faults or {},
            files=files,
            shows_faults=shows_faults,
            asked_before=asked_before,
            only=only,
            notes=notes,
        ),
    )
    return render(
        request,
        template,
        {
            "case": case,
            "back": back,
            "correction": correction,
            "shown": shown,
            "kept_files": _kept_files(evaluation, only),
            "refused": refused or [],
            "is_overdue": correction.deadline < clock_of(request).today(),
            "language": language,
        },
        status=status,
    )


def _kept_files(evaluation: Evaluation, only: frozenset[str]) -> list[tuple[str, str]]:
    """The hidden fields that carry the ids of files from one sending to the next."""
    return [
        (entry.path + FILES, one)
        for step in evaluation.steps
        for entry in step.answered()
        if entry.question.type == "files" and (entry.path in only or entry.path.partition(".")[0] in only)
        for one in entry.value or ()
    ]


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a case back while that is possible."""
    case = case_for(request, public_id)
    actions = open_actions(case, acting_in(request, case))
    if not {Action.WITHDRAW, Action.DECLINE} & set(actions):
        messages.info(request, _("この手続きは、いまは取り下げられません。担当課へご相談ください。"))
        return HttpResponseRedirect(reverse("own-case", args=[case.public_id]))
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            withdraw_case(
                by=acting_in(request, case), case=case, reason=form.cleaned_data["reason"], clock=clock_of(request)
            )
        except Refusal as refusal:
            messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, _("取り下げました。"))
        return HttpResponseRedirect(reverse("own-case", args=[case.public_id]))
    context = {"case": case, "form": form, "language": get_language() or "ja"}
    return render(request, "procedures/cases/withdraw.html", context, status=422 if form.is_bound else 200)
