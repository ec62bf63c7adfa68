"""The pages of a form being filled in, the same for the person and for a clerk who enters what came on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from yakuba.kernel.access.api import Face
from yakuba.kernel.catalogue.api import Procedure
from yakuba.kernel.files.api import Limits, discard_file, receive_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.forms.api import (
    AlreadySent,
    ChangedMeanwhile,
    Evaluation,
    Showing,
    add_file,
    add_row,
    answer_page,
    evaluation_of,
    remove_file,
    remove_row,
    show_page,
    typed_of,
)
from yakuba.kernel.forms.models import Filling, FillingState
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.asking import asker, clock_of
from yakuba.residents.procedures.attachments import files_of, limits_for

WHOLE = "all"
"""In place of a step: all of them on one page."""


@dataclass(frozen=True)
class FillingPages:
    """Where the pages of a filling live: their addresses by name, their template, whose fillings they show.

    ``find`` gives the filling of whoever asks and raises ``Http404`` for everybody else's; ``procedure`` the procedure
    it is for.
    """

    face: Face
    template: str
    step_url: str
    check_url: str
    begin_url: str
    saved_url: str
    find: Callable[[HttpRequest, str], Filling]
    procedure: Callable[[HttpRequest, str], Procedure]

    def step(self, request: HttpRequest, public_id: str, key: str) -> HttpResponse:
        """One step of the form (or all, for those who want one long page): show it, take what was typed."""
        filling = self.find(request, public_id)
        if filling.state != FillingState.OPEN:
            return self._go(self.check_url, filling.public_id)
        evaluation = evaluation_of(filling, clock=clock_of(request))
        keys = keys_of(evaluation, key)
        if keys is None:
            # The answers lead past this step now; nothing is lost by going where they lead.
            return HttpResponseRedirect(self.address_of_next(filling, evaluation))
        if request.method == "GET":
            return self._show(request, filling, evaluation, key, keys, shows_faults=bool(typed_of(filling)))
        try:
            return self._take(request, filling, key, keys)
        except ChangedMeanwhile as refusal:
            filling = self.find(request, public_id)
            messages.warning(request, f"{refusal.message}{refusal.hint or ''}")
            now = evaluation_of(filling, clock=clock_of(request))
            return self._show(request, filling, now, key, keys, status=409)
        except AlreadySent:
            return self._go(self.check_url, filling.public_id)

    def address_of_next(self, filling: Filling, evaluation: Evaluation) -> str:
        """Where the answers lead: the first step at fault, else the last look."""
        unfinished = evaluation.first_unfinished()
        if unfinished is None:
            return reverse(self.check_url, args=[filling.public_id])
        return reverse(self.step_url, args=[filling.public_id, unfinished.step.key])

    def _go(self, name: str, *args: str) -> HttpResponse:
        return HttpResponseRedirect(reverse(name, args=args))

    def _address_before(self, filling: Filling, evaluation: Evaluation, key: str) -> str:
        before = evaluation.before(key)
        if before is None:
            return reverse(self.begin_url, args=[filling.about])
        return reverse(self.step_url, args=[filling.public_id, before.step.key])

    def _take(self, request: HttpRequest, filling: Filling, key: str, keys: tuple[str, ...]) -> HttpResponse:
        action = request.POST.get("action", "next")[:120]
        edition = request.POST.get("edition", "")
        reading = answer_page(
            by=asker(request),
            filling=filling,
            seen_edition=int(edition) if edition.isascii() and edition.isdigit() and len(edition) < 9 else 0,
            steps=keys,
            typed={name: request.POST.getlist(name) for name in request.POST},
            position=key if key != WHOLE else keys[0],
            clock=clock_of(request),
        )
        filling.refresh_from_db()
        refused = take_files(request, filling, keys)
        filling.refresh_from_db()
        evaluation = evaluation_of(filling, clock=clock_of(request))
        if action.startswith(("add:", "remove:", "drop:")):
            return self._rows(request, filling, key, action)
        if action == "back":
            return HttpResponseRedirect(self._address_before(filling, evaluation, key))
        if action == "save":
            return HttpResponseRedirect(reverse(self.saved_url, args=[filling.public_id]))
        asked = frozenset(request.POST.get("_shown", "")[:20_000].split())
        stays = action in ("upload", "refresh") or refused
        shows_faults = action not in ("refresh", "upload")
        typed = {name: request.POST.getlist(name) for name in request.POST}
        shown = self._page(
            request, filling, evaluation, keys_of(evaluation, key) or keys, reading.faults, asked, shows_faults, typed
        )
        if refused or shown.errors or stays or shown.has_new_questions:
            status = 422 if shown.errors or refused else 200
            return self._render(request, filling, evaluation, key, shown, refused=refused, status=status)
        following = None if key == WHOLE else evaluation.after(key)
        if following is not None:
            return HttpResponseRedirect(reverse(self.step_url, args=[filling.public_id, following.step.key]))
        return HttpResponseRedirect(reverse(self.check_url, args=[filling.public_id]))

    def _rows(self, request: HttpRequest, filling: Filling, key: str, action: str) -> HttpResponse:
        verb, _colon, rest = action.partition(":")
        name, _colon, number = rest.rpartition(":") if verb != "add" else (rest, "", "")
        anchor = ""
        try:
            if verb == "add":
                filling = add_row(by=asker(request), filling=filling, group=name, clock=clock_of(request))
                anchor = f"#q-{name}"
            elif verb == "remove":
                index = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
                remove_row(by=asker(request), filling=filling, group=name, number=index, clock=clock_of(request))
                anchor = f"#q-{name}"
            else:
                remove_file(by=asker(request), filling=filling, path=name, file_id=number, clock=clock_of(request))
                discard(request, filling, number)
        except Refusal as refusal:
            messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        return HttpResponseRedirect(reverse(self.step_url, args=[filling.public_id, key]) + anchor)

    def _page(
        self,
        request: HttpRequest,
        filling: Filling,
        evaluation: Evaluation,
        keys: tuple[str, ...],
        faults: Any,
        asked: frozenset[str] | None,
        shows_faults: bool,
        typed: Any = None,
    ) -> Any:
        return show_page(
            evaluation,
            keys,
            Showing(
                language=get_language() or "ja",
                typed=typed_of(filling) if typed is None else typed,
                read_faults=faults,
                files=files_of(filling, asker(request), face=self.face),
                sources=filling.sources,
                shows_faults=shows_faults,
                asked_before=asked,
            ),
        )

    def _show(
        self,
        request: HttpRequest,
        filling: Filling,
        evaluation: Evaluation,
        key: str,
        keys: tuple[str, ...],
        *,
        shows_faults: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        shown = self._page(request, filling, evaluation, keys, {}, None, shows_faults)
        return self._render(request, filling, evaluation, key, shown, status=status)

    def _render(
        self,
        request: HttpRequest,
        filling: Filling,
        evaluation: Evaluation,
        key: str,
        shown: Any,
        *,
        refused: list[tuple[str, str]] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        keys = [one.step.key for one in evaluation.steps]
        place = keys.index(key) + 1 if key in keys else 1
        language = get_language() or "ja"
        return render(
            request,
            self.template,
            {
                "filling": filling,
                "procedure": self.procedure(request, filling.about),
                "form_title": evaluation.definition.title.in_language(language),
                "shown": shown,
                "key": key,
                "is_whole": key == WHOLE,
                "title": shown.steps[0].title if key != WHOLE and shown.steps else "",
                "place": place,
                "count": len(keys) + 1,
                "percent": round(100 * (place - 1) / (len(keys) + 1)),
                "refused": refused or [],
                "whole_key": WHOLE,
                "language": language,
            },
            status=status,
        )


def keys_of(evaluation: Evaluation, key: str) -> tuple[str, ...] | None:
    """The steps a key stands for; ``None`` for one the answers do not lead to."""
    if key == WHOLE:
        return tuple(one.step.key for one in evaluation.steps)
    return (key,) if evaluation.step(key) is not None else None


def discard(request: HttpRequest, filling: Filling, file_id: str) -> None:
    """Throw away a file that was taken from its question."""
    file = StoredFile.objects.filter(public_id=file_id, owner_kind="forms.filling", owner_id=filling.public_id).first()
    if file is not None:
        discard_file(by=asker(request), file=file, reason="本人が外した")


def take_files(request: HttpRequest, filling: Filling, keys: tuple[str, ...]) -> list[tuple[str, str]]:
    """Take in the files of the page; the refused ones as (path, sentence)."""
    refused: list[tuple[str, str]] = []
    limits = limits_for(filling.version.read(), keys)
    for path in request.FILES:
        allowed: Limits | None = limits.get(_question_path(path))
        if allowed is None:
            continue
        for upload in request.FILES.getlist(path)[:20]:
            try:
                file = receive_file(
                    by=asker(request),
                    stream=upload,
                    filename=upload.name or "",
                    clock=clock_of(request),
                    owner=ref_of(filling),
                    limits=allowed,
                )
                add_file(by=asker(request), filling=filling, path=path, file=file, clock=clock_of(request))
            except Refusal as refusal:
                refused.append((path, f"{refusal.message}{refusal.hint or ''}"))
    return refused


def _question_path(path: str) -> str:
    """``group.0.key`` → ``group.*.key``."""
    head, _dot, rest = path.partition(".")
    _number, dot, inner = rest.partition(".")
    return f"{head}.*.{inner}" if dot else path
