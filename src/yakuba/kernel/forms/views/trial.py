"""``/office/forms/try/…``: fill a form in exactly as a resident does (試し入力). Nothing is received; all of it is
forgotten at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.api import Face, NotVisible, page, signed_in_staff
from yakuba.kernel.files.api import discard_file, receive_file
from yakuba.kernel.forms.fillings import TRIAL, AlreadySent, ChangedMeanwhile, evaluation_of, typed_of
from yakuba.kernel.forms.forms.trial import TrialForm
from yakuba.kernel.forms.models import Filling, FillingState, FormVersion
from yakuba.kernel.forms.presentation import PageShown, Showing, answer_sections, show_page
from yakuba.kernel.forms.rules.evaluate import Evaluation
from yakuba.kernel.forms.rules.kinds.numbers import yen_in_words
from yakuba.kernel.forms.services import (
    add_file,
    add_row,
    answer_page,
    begin_filling,
    give_up_filling,
    remove_file,
    remove_row,
)
from yakuba.kernel.forms.trial_files import files_of_trial, limits_of, stored_files
from yakuba.kernel.forms.views.draft import head_of, seen_edition, told, version_for
from yakuba.kernel.forms.views.preview import LANGUAGES
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Refusal


@page(Face.OFFICE, may=signed_in_staff)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin a trial, with what would be known of the person; or go on with one."""
    asking: Any = request
    version = version_for(request, public_id)
    form = TrialForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        begun = begin_filling(
            by=asking.person,
            version=version,
            about=TRIAL,
            language=form.cleaned_data["language"],
            facts=form.facts,
            known={},
            clock=asking.clock,
            is_trial=True,
        )
        return redirect("office-form-trial", public_id=begun.filling.public_id, key=begun.filling.position)
    mine = Filling.objects.filter(
        version=version, about=TRIAL, staff_id=asking.person.staff_id, state=FillingState.OPEN
    ).order_by("-touched_at")[:5]
    return render(
        request,
        "forms/office/try.html",
        {**head_of(request, version, tab="try"), "form": form, "mine": list(mine)},
        status=422 if form.errors else 200,
    )


def _filling(request: HttpRequest, public_id: str) -> Filling:
    """A trial of one's own. Raises `NotVisible`."""
    asking: Any = request
    filling = (
        Filling.objects.select_related("version", "version__form")
        .filter(public_id=public_id, about=TRIAL, staff_id=asking.person.staff_id, staff__isnull=False)
        .exclude(state=FillingState.GIVEN_UP)
        .first()
    )
    if filling is None:
        raise NotVisible
    version_for(request, filling.version.public_id)
    return filling


@page(Face.OFFICE, may=signed_in_staff)
@never_cache
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """One step of the trial: the same page, the same judgement as for a resident."""
    filling = _filling(request, public_id)
    asking: Any = request
    evaluation = evaluation_of(filling, clock=asking.clock)
    if evaluation.step(key) is None:
        unfinished = evaluation.first_unfinished()
        return _to(filling, unfinished.step.key if unfinished else "check")
    with translation.override(filling.language):
        if request.method == "GET":
            shown = _page(filling, evaluation, key, {}, None, bool(typed_of(filling)))
            return _shown(request, filling, evaluation, key, shown)
        try:
            return _take(request, filling, key)
        except ChangedMeanwhile as refusal:
            told(request, refusal)
            return _to(filling, key)
        except AlreadySent:
            raise NotVisible from None


def _take(request: HttpRequest, filling: Filling, key: str) -> HttpResponse:
    asking: Any = request
    action = request.POST.get("action", "next")[:120]
    typed = {name: request.POST.getlist(name) for name in request.POST}
    reading = answer_page(
        by=asking.person,
        filling=filling,
        seen_edition=seen_edition(request),
        steps=(key,),
        typed=typed,
        position=key,
        clock=asking.clock,
    )
    filling.refresh_from_db()
    refused = _take_files(request, filling, key)
    filling.refresh_from_db()
    if action.startswith(("add:", "remove:", "drop:")):
        return _rows(request, filling, key, action)
    evaluation = evaluation_of(filling, clock=asking.clock)
    if action == "back":
        before = evaluation.before(key)
        return (
            _to(filling, before.step.key)
            if before
            else redirect("office-form-try", public_id=filling.version.public_id)
        )
    if evaluation.step(key) is None:
        return _to(filling, "check")
    asked = frozenset(request.POST.get("_shown", "")[:20_000].split())
    shown = _page(filling, evaluation, key, reading.faults, asked, action == "next", typed)
    if refused or shown.errors or shown.has_new_questions or action in ("refresh", "upload"):
        return _shown(request, filling, evaluation, key, shown, refused, 422 if shown.errors or refused else 200)
    following = evaluation.after(key)
    return _to(filling, following.step.key if following else "check")


def _rows(request: HttpRequest, filling: Filling, key: str, action: str) -> HttpResponse:
    asking: Any = request
    verb, _colon, rest = action.partition(":")
    name, _colon, number = rest.rpartition(":") if verb != "add" else (rest, "", "")
    try:
        if verb == "add":
            add_row(by=asking.person, filling=filling, group=name, clock=asking.clock)
        elif verb == "remove":
            at = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
            remove_row(by=asking.person, filling=filling, group=name, number=at, clock=asking.clock)
        else:
            remove_file(by=asking.person, filling=filling, path=name, file_id=number, clock=asking.clock)
            for file in stored_files(filling):
                if file.public_id == number:
                    discard_file(by=asking.person, file=file, reason="試し入力から外した")
    except Refusal as refusal:
        told(request, refusal)
    answer = _to(filling, key)
    if verb != "drop":
        answer["Location"] += f"#q-{name}"
    return answer


def _take_files(request: HttpRequest, filling: Filling, key: str) -> list[str]:
    asking: Any = request
    refused: list[str] = []
    limits = limits_of(filling.version.read(), [key])
    for path in request.FILES:
        head, dot, rest = path.partition(".")
        allowed = limits.get(f"{head}.*.{rest.partition('.')[2]}" if dot else path)
        if allowed is None:
            continue
        for upload in request.FILES.getlist(path)[:20]:
            try:
                file = receive_file(
                    by=asking.person,
                    stream=upload,
                    filename=upload.name or "",
                    clock=asking.clock,
                    owner=ref_of(filling),
                    limits=allowed,
                )
                add_file(by=asking.person, filling=filling, path=path, file=file, clock=asking.clock)
            except Refusal as refusal:
                refused.append(f"{refusal.message}{refusal.hint or ''}")
    return refused


@page(Face.OFFICE, may=signed_in_staff)
@never_cache
@require_http_methods(["GET"])
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """All answers at the end, as a resident sees them before sending. There is nothing to send here."""
    filling = _filling(request, public_id)
    asking: Any = request
    evaluation = evaluation_of(filling, clock=asking.clock)
    unfinished = evaluation.first_unfinished()
    if unfinished is not None:
        messages.info(request, "まだ入力が終わっていないところがあります。")
        return _to(filling, unfinished.step.key)
    with translation.override(filling.language):
        sections = [
            {
                "step": one.step,
                "title": one.title,
                "rows": one.rows,
                "change_url": reverse("office-form-trial", args=[filling.public_id, one.step]),
            }
            for one in answer_sections(evaluation, filling.language, filling.sources)
        ]
        return render(
            request,
            "forms/office/trial_check.html",
            {
                **_common(filling, evaluation),
                "sections": sections,
                "fee": evaluation.fee,
                "fee_words": yen_in_words(evaluation.fee, filling.language),
                "last": evaluation.steps[-1].step.key,
                "page_title": _("内容の確認"),
            },
        )


@page(Face.OFFICE, may=signed_in_staff)
@require_POST
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """Forget the trial with its files."""
    filling = _filling(request, public_id)
    asking: Any = request
    for file in stored_files(filling):
        discard_file(by=asking.person, file=file, reason="試し入力を終えた")
    give_up_filling(by=asking.person, filling=filling, clock=asking.clock)
    messages.success(request, "試し入力を終えました。入力した内容は残っていません。")
    return redirect("office-form-version", public_id=filling.version.public_id)


def _page(
    filling: Filling,
    evaluation: Evaluation,
    key: str,
    faults: Mapping[str, Any],
    asked: frozenset[str] | None,
    shows_faults: bool,
    typed: Mapping[str, list[str]] | None = None,
) -> PageShown:
    showing = Showing(
        language=filling.language,
        typed=typed_of(filling) if typed is None else typed,
        read_faults=faults,
        files=files_of_trial(filling),
        shows_faults=shows_faults,
        asked_before=asked,
    )
    return show_page(evaluation, [key], showing)


def _shown(
    request: HttpRequest,
    filling: Filling,
    evaluation: Evaluation,
    key: str,
    shown: PageShown,
    refused: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    keys = [one.step.key for one in evaluation.steps]
    return render(
        request,
        "forms/office/trial.html",
        {
            **_common(filling, evaluation),
            "shown": shown,
            "page_title": shown.steps[0].title if shown.steps else "",
            "place": keys.index(key) + 1,
            "count": len(keys) + 1,
            "refused": refused or [],
        },
        status=status,
    )


def _common(filling: Filling, evaluation: Evaluation) -> dict[str, Any]:
    version: FormVersion = filling.version
    return {
        "filling": filling,
        "version": version,
        "form_title": evaluation.definition.title.in_language(filling.language),
        "language": filling.language,
        "language_words": dict(LANGUAGES).get(filling.language, "日本語"),
    }


def _to(filling: Filling, key: str) -> HttpResponseRedirect:
    if key == "check":
        return HttpResponseRedirect(reverse("office-form-trial-check", args=[filling.public_id]))
    return HttpResponseRedirect(reverse("office-form-trial", args=[filling.public_id, key]))
