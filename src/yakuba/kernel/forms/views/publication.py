"""From draft to live and back: ground and opening, the check before publishing, asking, closing, history, comparison."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotAllowed, NotVisible, page, signed_in_staff
from yakuba.kernel.approval.api import requests_on, stamps_of
from yakuba.kernel.forms.access import may_edit, visible_to
from yakuba.kernel.forms.exchange.differences import compare
from yakuba.kernel.forms.forms.publication import AskForm, GroundForm, NewVersionForm, SectionForm
from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.forms.rules.check import Finding, Weight
from yakuba.kernel.forms.rules.lifecycle import VersionState
from yakuba.kernel.forms.services import (
    archive_version,
    ask_for_publication,
    assign_form,
    change_draft,
    close_version,
    draft_version,
    reopen_version,
)
from yakuba.kernel.forms.services.versions import EditedMeanwhile
from yakuba.kernel.forms.views.draft import BADGES, head_of, place_words, seen_edition, told, version_for
from yakuba.kernel.organisation.api import sections_on
from yakuba.kernel.organisation.models import Authority
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Refusal

Json = dict[str, Any]


@page(Face.OFFICE, may=signed_in_staff)
@require_http_methods(["GET", "POST"])
def ground(request: HttpRequest, public_id: str) -> HttpResponse:
    """The legal ground of the form, and when and for how many it is open."""
    asking: Any = request
    version = version_for(request, public_id)
    head = head_of(request, version, tab="ground")
    form = GroundForm(request.POST if request.method == "POST" else None, version=version)
    context: Json = {"edition": version.edition}
    status = 200
    if request.method == "POST":
        if not head["may_change"]:
            raise NotAllowed("この版の根拠と受付は、変えられません。")
        status = 422
        if form.is_valid():
            try:
                change_draft(
                    by=asking.person,
                    version=version,
                    seen_edition=seen_edition(request),
                    ground=form.ground,
                    opening=form.opening,
                    clock=asking.clock,
                )
            except EditedMeanwhile as late:
                context, status = _both(late, form), 409
            except Refusal as refusal:
                form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
            else:
                messages.success(request, "根拠と受付を保存しました。")
                return redirect("office-form-ground", public_id=version.public_id)
    return render(request, "forms/office/ground.html", {**head, "form": form, **context}, status=status)


def _both(late: EditedMeanwhile, form: GroundForm) -> Json:
    """What stands there now beside what was typed."""
    theirs = late.theirs
    now = {
        "law": theirs.law,
        "online": theirs.online_ground,
        "signature": theirs.signature_rule,
        "purpose": theirs.purpose,
    }
    rows = [
        {"what": form.fields[name].label, "before": words, "after": form.cleaned_data[name]}
        for name, words in now.items()
        if words != form.cleaned_data[name].strip()
    ]
    return {"late": late, "edition": theirs.edition, "differences": rows}


@page(Face.OFFICE, may=signed_in_staff)
@require_safe
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything that must be right before publishing; asking for the decision; how it stands."""
    return _checked(request, version_for(request, public_id))


def _checked(request: HttpRequest, version: FormVersion, ask: AskForm | None = None, status: int = 200) -> HttpResponse:
    asking: Any = request
    head = head_of(request, version, tab="check")
    definition, findings = head["definition"], head["findings"]
    requests = requests_on(ref_of(version))
    is_author = version.author_id is not None and version.author_id == asking.person.staff_id
    newer = version.form.versions.filter(number__gt=version.number).first()
    return render(
        request,
        "forms/office/check.html",
        {
            **head,
            "must_rows": [_finding(version, definition, one) for one in findings if one.weight is Weight.MUST],
            "should_rows": _by_place(
                _finding(version, definition, one) for one in findings if one.weight is Weight.SHOULD
            ),
            "is_author": is_author,
            "may_ask": head["may_change"] and not is_author,
            "ask": ask or _ask_form(version),
            "requests": [(one, stamps_of(one), BADGES_OF_REQUESTS.get(one.state, "")) for one in requests],
            "begun": version.fillings.filter(state="open").exclude(about="試し入力").count(),
            "sent": version.answer_sets.filter(previous=None).count(),
            "newer": newer,
            "may_reopen": version.life is VersionState.CLOSED
            and not version.form.versions.filter(state=VersionState.LIVE.value).exists(),
            "new_version": NewVersionForm(),
            "life": [
                (
                    one.label,
                    one is version.life,
                    "done" if _order(one) < _order(version.life) else "current" if one is version.life else "",
                )
                for one in VersionState
            ],
        },
        status=status,
    )


_NO_TEXT = "の文がありません。"

BADGES_OF_REQUESTS = {
    "waiting": "info",
    "approved": "success",
    "refused": "error",
    "returned": "warning",
    "withdrawn": "",
}


def _order(state: VersionState) -> int:
    return list(VersionState).index(state)


def _finding(version: FormVersion, definition: Any, finding: Finding) -> Json:
    """A finding with the address where it can be put right."""
    keys = {question.key for question in definition.questions()}
    if finding.question.partition(".")[0] in keys:
        url = reverse("office-form-question", args=[version.public_id, finding.question])
    elif finding.step:
        url = reverse("office-form-step", args=[version.public_id, finding.step])
    else:
        url = reverse("office-form-texts", args=[version.public_id])
    return {"where": place_words(definition, finding), "message": finding.message, "url": url}


def _by_place(rows: Iterable[Json]) -> list[Json]:
    """Findings at one place in one line; languages a text is missing in are named together."""
    found: dict[tuple[str, str], Json] = {}
    for row in rows:
        there = found.setdefault((row["where"], row["url"]), {**row, "message": ""})
        last, said = there["message"], row["message"]
        if last.endswith(_NO_TEXT) and said.endswith(_NO_TEXT):
            there["message"] = f"{last.removesuffix(_NO_TEXT)}と{said}"
        else:
            there["message"] = last + said
    return list(found.values())


def _ask_form(version: FormVersion, data: Any = None) -> AskForm:
    section = version.form.section
    first = section.authority if section is not None else None
    return AskForm(data, authorities=Authority.objects.all(), first=first)


@page(Face.OFFICE, may=signed_in_staff)
@require_POST
def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that the draft is right, and ask for the decision to publish it."""
    asking: Any = request
    version = version_for(request, public_id)
    form = _ask_form(version, request.POST)
    if not form.is_valid():
        return _checked(request, version, form, status=422)
    try:
        if version.edition != seen_edition(request):
            raise EditedMeanwhile(version)
        ask_for_publication(
            by=asking.person, version=version, authority=form.cleaned_data["authority"], clock=asking.clock
        )
    except Refusal as refusal:
        form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
        return _checked(request, version_for(request, public_id), form, status=409)
    messages.success(request, "公開の決裁を求めました。決裁が下りると、すぐに公開されます。")
    return redirect("office-form-check", public_id=version.public_id)


_ACTS = {
    "close": (close_version, "受付を終えました。書きかけの申請は、まだ送れます。"),
    "reopen": (reopen_version, "受付を再開しました。"),
    "archive": (archive_version, "保管に移しました。"),
}


@page(Face.OFFICE, may=signed_in_staff)
@require_POST
def move_on(request: HttpRequest, public_id: str, doing: str) -> HttpResponse:
    """Close, reopen, put away."""
    asking: Any = request
    version = version_for(request, public_id)
    if doing not in _ACTS:
        raise NotVisible
    verb, words = _ACTS[doing]
    try:
        verb(by=asking.person, version=version, clock=asking.clock)
    except Refusal as refusal:
        told(request, refusal)
    else:
        messages.success(request, words)
    return redirect("office-form-check", public_id=version.public_id)


@page(Face.OFFICE, may=signed_in_staff)
@require_POST
def new_version(request: HttpRequest, public_id: str) -> HttpResponse:
    """The next version as a draft, with what this one asks."""
    asking: Any = request
    version = version_for(request, public_id)
    form = NewVersionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "新しい版で変えることを書いてください。")
        return redirect("office-form-check", public_id=version.public_id)
    try:
        made = draft_version(
            by=asking.person,
            form=version.form,
            definition=version.read(),
            note=form.cleaned_data["note"],
            clock=asking.clock,
        )
    except Refusal as refusal:
        told(request, refusal)
        return redirect("office-form-check", public_id=version.public_id)
    messages.success(request, f"第{made.number}版の下書きを作りました。公開中の版は、そのまま受け付けています。")
    return redirect("office-form-version", public_id=made.public_id)


@page(Face.OFFICE, may=signed_in_staff)
@require_http_methods(["GET", "POST"])
def history(request: HttpRequest, public_id: str) -> HttpResponse:
    """The versions of the form, the states of the draft, and whose the form is."""
    asking: Any = request
    version = version_for(request, public_id)
    form = SectionForm(
        request.POST if request.method == "POST" else None,
        sections=sections_on(asking.clock.today()),
        first=version.form.section,
    )
    if request.method == "POST" and form.is_valid():
        assign_form(by=asking.person, form=version.form, section=form.cleaned_data["section"])
        messages.success(request, "担当を変えました。")
        if not visible_to(asking.person).filter(pk=version.form_id).exists():
            return redirect("office-forms")
        return redirect("office-form-history", public_id=version.public_id)
    versions = list(version.form.versions.select_related("author", "reviewer").order_by("-number"))
    return render(
        request,
        "forms/office/history.html",
        {
            **head_of(request, version, tab="history"),
            "versions": [(one, BADGES[one.life], versions[n + 1] if n + 1 < len(versions) else None) for n, one in enumerate(versions)],
            "draft_steps": list(version.steps.all()),
            "section_form": form if may_edit(asking.person, version.form) else None,
        },
    )  # fmt: skip


@page(Face.OFFICE, may=signed_in_staff)
@require_safe
def comparison(request: HttpRequest, public_id: str, other_id: str) -> HttpResponse:
    """What differs between two versions of a form: ``other`` is the earlier one."""
    version, other = version_for(request, public_id), version_for(request, other_id)
    if version.form_id != other.form_id:
        raise NotVisible
    return render(
        request,
        "forms/office/compare.html",
        {
            **head_of(request, version, tab="history"),
            "other": other,
            "differences": compare(other.read(), version.read()),
            "ground_rows": [
                {"what": words, "before": getattr(other, name), "after": getattr(version, name)}
                for name, words in (
                    ("law", "手続の根拠"),
                    ("online_ground", "オンラインで受け付ける根拠"),
                    ("signature_rule", "署名・押印の定めと扱い"),
                    ("purpose", "個人情報の利用目的"),
                )
                if getattr(other, name) != getattr(version, name)
            ],
        },
    )
