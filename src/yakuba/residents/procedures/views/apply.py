"""``/my/apply/…``: a resident fills in the form of a procedure, checks it and sends it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.catalogue.api import ChannelKind, Procedure, channels_of, procedures_to_read
from yakuba.kernel.files.api import Limits, discard_file, receive_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.forms.api import (
    KEPT_FOR,
    AlreadySent,
    ChangedMeanwhile,
    Evaluation,
    NotOpen,
    Showing,
    add_file,
    add_row,
    answer_page,
    answer_sections,
    begin_filling,
    document_of,
    evaluation_of,
    find_filling,
    give_up_filling,
    live_version,
    remove_file,
    remove_row,
    show_page,
    typed_of,
    yen_in_words,
)
from yakuba.kernel.forms.models import Filling, FillingState, FormVersion
from yakuba.kernel.identity.api import SignatureLevel, signature_level_of, way_to_sign
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.applicant import known_of
from yakuba.residents.procedures.asking import asker, clock_of
from yakuba.residents.procedures.attachments import files_of, limits_for
from yakuba.residents.procedures.doors import Door, door_for
from yakuba.residents.procedures.qr import qr_code
from yakuba.residents.procedures.sending import receive_case
from yakuba.residents.procedures.views.answers_shown import with_files
from yakuba.residents.procedures.views.filling_session import filling_for, fillings_held, hold_key, key_held

WHOLE = "all"
LATER_STAGES = ("-report", "-claim", "-change")
"""Endings of the forms of later stages of a subsidy; they are begun from the case, not from the catalogue."""


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """What to know before starting; POST starts. Goes on with what this browser or account has begun."""
    procedure = _procedure(request, key)
    versions = open_forms(procedure)
    version = _chosen(request, versions)
    door = door_for(request, procedure, onward=request.path)
    context: dict[str, Any] = {
        "procedure": procedure,
        "version": version,
        "versions": [(one, one.read().title) for one in versions],
        "door": door,
        "begun": _begun(request, procedure),
        "language": get_language(),
        "definition": version.read() if version else None,
    }
    if version is None or request.method == "GET":
        return render(request, "procedures/apply/begin.html", context, status=200 if versions else 404)
    if not door.is_open:
        return render(request, "procedures/apply/begin.html", context, status=403)
    try:
        begun = begin_filling(
            by=asker(request),
            version=version,
            about=procedure.key,
            language=get_language() or "ja",
            facts=door.facts,
            known=known_of(request, door.mail),
            clock=clock_of(request),
        )
    except NotOpen as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        return render(request, "procedures/apply/begin.html", context, status=409)
    hold_key(request, begun.filling, begun.key)
    return HttpResponseRedirect(reverse("apply-step", args=[begun.filling.public_id, begun.filling.position]))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """One step of the form (or all, for those who want one long page): show it, take what was typed."""
    filling = filling_for(request, public_id)
    if filling.state != FillingState.OPEN:
        return HttpResponseRedirect(reverse("apply-check", args=[filling.public_id]))
    evaluation = evaluation_of(filling, clock=clock_of(request))
    keys = _keys(evaluation, key)
    if keys is None:
        # The answers lead past this step now; nothing is lost by going where they lead.
        return HttpResponseRedirect(_address_of_next(filling, evaluation))
    if request.method == "GET":
        return _show(request, filling, evaluation, key, keys, shows_faults=bool(typed_of(filling)))
    try:
        return _take(request, filling, key, keys)
    except ChangedMeanwhile as refusal:
        filling = filling_for(request, public_id)
        messages.warning(request, f"{refusal.message}{refusal.hint or ''}")
        return _show(request, filling, evaluation_of(filling, clock=clock_of(request)), key, keys, status=409)
    except AlreadySent:
        return HttpResponseRedirect(reverse("apply-check", args=[filling.public_id]))


def _take(request: HttpRequest, filling: Filling, key: str, keys: tuple[str, ...]) -> HttpResponse:
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
    refused = _take_files(request, filling, keys)
    filling.refresh_from_db()
    evaluation = evaluation_of(filling, clock=clock_of(request))
    if action.startswith(("add:", "remove:", "drop:")):
        return _rows(request, filling, key, action)
    if action == "back":
        return HttpResponseRedirect(_address_before(filling, evaluation, key))
    if action == "save":
        return HttpResponseRedirect(reverse("apply-saved", args=[filling.public_id]))
    asked = frozenset(request.POST.get("_shown", "")[:20_000].split())
    stays = action in ("upload", "refresh") or refused
    shows_faults = action not in ("refresh", "upload")
    typed = {name: request.POST.getlist(name) for name in request.POST}
    shown = _page(
        request, filling, evaluation, _keys(evaluation, key) or keys, reading.faults, asked, shows_faults, typed
    )
    if refused or shown.errors or stays or shown.has_new_questions:
        status = 422 if shown.errors or refused else 200
        return _render(request, filling, evaluation, key, shown, refused=refused, status=status)
    following = None if key == WHOLE else evaluation.after(key)
    if following is not None:
        return HttpResponseRedirect(reverse("apply-step", args=[filling.public_id, following.step.key]))
    return HttpResponseRedirect(reverse("apply-check", args=[filling.public_id]))


def _rows(request: HttpRequest, filling: Filling, key: str, action: str) -> HttpResponse:
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
            _discard(request, filling, number)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return HttpResponseRedirect(reverse("apply-step", args=[filling.public_id, key]) + anchor)


def _discard(request: HttpRequest, filling: Filling, file_id: str) -> None:
    file = StoredFile.objects.filter(public_id=file_id, owner_kind="forms.filling", owner_id=filling.public_id).first()
    if file is not None:
        discard_file(by=asker(request), file=file, reason="本人が外した")


def _take_files(request: HttpRequest, filling: Filling, keys: tuple[str, ...]) -> list[tuple[str, str]]:
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


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """All answers for a last look; POST sends. Sent twice, it leads to the same receipt."""
    filling = filling_for(request, public_id)
    if filling.state == FillingState.SENT:
        return HttpResponseRedirect(reverse("apply-receipt", args=[filling.public_id]))
    evaluation = evaluation_of(filling, clock=clock_of(request))
    unfinished = evaluation.first_unfinished()
    if unfinished is not None:
        messages.info(request, _("まだ入力が終わっていないところがあります。続きを入力してください。"))
        return HttpResponseRedirect(reverse("apply-step", args=[filling.public_id, unfinished.step.key]))
    procedure = _procedure(request, filling.about)
    door = door_for(request, procedure, onward=request.path)
    if request.method == "POST":
        if not door.is_open:
            return HttpResponseRedirect(reverse("apply-begin", args=[procedure.key]))
        try:
            receive_case(request, procedure=procedure, filling=filling, evaluation=evaluation, shown=door.shown)
        except NotOpen as refusal:
            messages.error(request, f"{refusal.message}{refusal.hint or ''}")
            return HttpResponseRedirect(reverse("apply-begin", args=[procedure.key]))
        except Refusal as refusal:
            messages.error(request, f"{refusal.message}{refusal.hint or ''}")
            return HttpResponseRedirect(reverse("apply-check", args=[filling.public_id]))
        return HttpResponseRedirect(reverse("apply-receipt", args=[filling.public_id]))
    files = files_of(filling, asker(request))
    language = get_language() or "ja"
    return render(
        request,
        "procedures/apply/check.html",
        {
            "procedure": procedure,
            "filling": filling,
            "sections": [
                {
                    "step": section.step,
                    "title": section.title,
                    "rows": with_files(section.rows, files),
                    "change_url": reverse("apply-step", args=[filling.public_id, section.step]),
                }
                for section in answer_sections(evaluation, language, _worth_telling(filling))
            ],
            "fee": evaluation.fee,
            "fee_words": yen_in_words(evaluation.fee, language),
            "last": evaluation.steps[-1].step.key,
            "may_accept_enotice": procedure.kind in ("application", "subsidy"),
            "language": language,
            **_signing(request, procedure, filling, evaluation, door),
        },
    )


def _worth_telling(filling: Filling) -> dict[str, str]:
    """Where answers came from that the person did not type here: those deserve a second look."""
    return {key: source for key, source in filling.sources.items() if source != "typed"}


def _signing(
    request: HttpRequest, procedure: Procedure, filling: Filling, evaluation: Evaluation, door: Door
) -> dict[str, Any]:
    """Whether these very answers are signed, and where to sign them."""
    if not door.must_sign:
        return {"must_sign": False}
    document = document_of(filling, evaluation)
    about = ref_of(filling)
    is_signed = signature_level_of(about, document) is SignatureLevel.ELECTRONIC_SIGNATURE
    way = (
        ""
        if is_signed
        else way_to_sign(
            request,
            document=document,
            title=procedure.title_ja,
            about=about,
            onward=reverse("apply-check", args=[filling.public_id]),
        )
    )
    return {"must_sign": True, "is_signed": is_signed, "sign_url": way}


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_GET
def saved(request: HttpRequest, public_id: str) -> HttpResponse:
    """How to come back later: on this device, on another by a link, or from the account's page."""
    filling = filling_for(request, public_id)
    if filling.state != FillingState.OPEN:
        return HttpResponseRedirect(reverse("apply-receipt", args=[filling.public_id]))
    key = key_held(request, filling.public_id)
    link = ""
    if key:
        link = request.build_absolute_uri(reverse("apply-resume", args=[filling.public_id, key]))
    return render(
        request,
        "procedures/apply/saved.html",
        {
            "filling": filling,
            "procedure": _procedure(request, filling.about),
            "link": link,
            "qr": qr_code(link) if link else "",
            "forgotten_on": filling.touched_at + KEPT_FOR,
            "language": get_language(),
        },
    )


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_GET
def resume(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Come back by the link; the key moves into the session and out of the address."""
    filling = find_filling(public_id, key=key)
    if filling is None or filling.staff_id is not None:
        raise Http404
    hold_key(request, filling, key)
    if filling.state != FillingState.OPEN:
        return HttpResponseRedirect(reverse("apply-receipt", args=[filling.public_id]))
    return HttpResponseRedirect(reverse("apply-step", args=[filling.public_id, filling.position]))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_POST
def give_up(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw away what was written."""
    filling = filling_for(request, public_id)
    about = filling.about
    try:
        give_up_filling(by=asker(request), filling=filling, clock=clock_of(request))
    except AlreadySent:
        return HttpResponseRedirect(reverse("apply-receipt", args=[filling.public_id]))
    messages.success(request, _("書きかけの内容を消しました。"))
    return HttpResponseRedirect(reverse("apply-begin", args=[about]))


def _procedure(request: HttpRequest, key: str) -> Procedure:
    found = procedures_to_read(asker(request)).filter(key=key).first()
    if found is None:
        raise Http404
    return found


def open_forms(procedure: Procedure) -> list[FormVersion]:
    """The live forms a procedure is received by; of a subsidy only the first stage, the others follow a decision."""
    found = [
        version
        for channel in channels_of(procedure)
        if channel.kind == ChannelKind.YAKUBA_FORM.value
        and channel.live_since is not None
        and (version := live_version(channel.target)) is not None
    ]
    return [one for one in found if not one.form.key.endswith(LATER_STAGES)] or found


def _chosen(request: HttpRequest, versions: list[FormVersion]) -> FormVersion | None:
    """The form asked for; the only one where there is no choice."""
    if len(versions) == 1:
        return versions[0]
    wanted = (request.POST if request.method == "POST" else request.GET).get("form", "")
    return next((one for one in versions if one.form.key == wanted), None)


def _begun(request: HttpRequest, procedure: Procedure) -> list[Filling]:
    held = Filling.objects.filter(about=procedure.key, state=FillingState.OPEN, staff=None)
    mine = held.filter(public_id__in=fillings_held(request))
    if asker(request).is_signed_in:
        mine = mine | held.filter(account_id=asker(request).id)
    return list(mine.select_related("version").order_by("-touched_at")[:5])


def _keys(evaluation: Evaluation, key: str) -> tuple[str, ...] | None:
    if key == WHOLE:
        return tuple(one.step.key for one in evaluation.steps)
    return (key,) if evaluation.step(key) is not None else None


def _address_of_next(filling: Filling, evaluation: Evaluation) -> str:
    unfinished = evaluation.first_unfinished()
    if unfinished is None:
        return reverse("apply-check", args=[filling.public_id])
    return reverse("apply-step", args=[filling.public_id, unfinished.step.key])


def _address_before(filling: Filling, evaluation: Evaluation, key: str) -> str:
    before = evaluation.before(key)
    if before is None:
        return reverse("apply-begin", args=[filling.about])
    return reverse("apply-step", args=[filling.public_id, before.step.key])


def _page(
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
            files=files_of(filling, asker(request)),
            sources=filling.sources,
            shows_faults=shows_faults,
            asked_before=asked,
        ),
    )


def _show(
    request: HttpRequest,
    filling: Filling,
    evaluation: Evaluation,
    key: str,
    keys: tuple[str, ...],
    *,
    shows_faults: bool = False,
    status: int = 200,
) -> HttpResponse:
    shown = _page(request, filling, evaluation, keys, {}, None, shows_faults)
    return _render(request, filling, evaluation, key, shown, status=status)


def _render(
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
        "procedures/apply/step.html",
        {
            "filling": filling,
            "procedure": _procedure(request, filling.about),
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
