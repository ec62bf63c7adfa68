"""What all pages of one version share: the gate, the head with its tabs, changing the draft, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yakuba.kernel.access.api import Person
from yakuba.kernel.forms.access import get_for, may_edit
from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.forms.rules.check import Finding, Weight, check_definition
from yakuba.kernel.forms.rules.definition import DefinitionFault, FormDefinition, read_definition
from yakuba.kernel.forms.rules.lifecycle import VersionState
from yakuba.kernel.forms.services import change_draft
from yakuba.kernel.forms.services.versions import EditedMeanwhile
from yakuba.kernel.values.api import Refusal

BADGES = {
    VersionState.DRAFT: "warning",
    VersionState.REVIEWED: "info",
    VersionState.LIVE: "success",
    VersionState.CLOSED: "",
    VersionState.ARCHIVED: "",
}


def version_for(request: HttpRequest, public_id: str) -> FormVersion:
    """The version, for whoever may open it. Raises `NotVisible`."""
    asking: Any = request
    return get_for(asking.person, public_id)


def may_change(person: Person, version: FormVersion) -> bool:
    """Whether this person may change this version now."""
    return version.life is VersionState.DRAFT and may_edit(person, version.form)


def head_of(
    request: HttpRequest, version: FormVersion, *, tab: str, definition: FormDefinition | None = None
) -> dict[str, Any]:
    """What the head of every page of a version needs."""
    asking: Any = request
    definition = definition or version.read()
    findings = check_definition(definition)
    musts = [one for one in findings if one.weight is Weight.MUST]
    ground = version.ground.missing()
    is_draft = version.life is VersionState.DRAFT
    addresses = [
        ("build", "質問", "office-form-version", ""),
        ("ground", "根拠と受付", "office-form-ground", len(ground) or "" if is_draft else ""),
        ("check", "公開", "office-form-check", len(musts) or "" if is_draft else ""),
        ("try", "試し入力", "office-form-try", ""),
        ("exchange", "読み書き・印刷", "office-form-exchange", ""),
        ("history", "履歴", "office-form-history", ""),
    ]
    return {
        "version": version,
        "definition": definition,
        "findings": findings,
        "musts": musts,
        "missing_ground": ground,
        "state": version.life,
        "state_badge": BADGES[version.life],
        "is_draft": is_draft,
        "may_change": may_change(asking.person, version),
        "may_edit_form": may_edit(asking.person, version.form),
        "tab": tab,
        "tabs": [
            {"title": title, "url": reverse(name, args=[version.public_id]), "current": key == tab, "badge": badge}
            for key, title, name, badge in addresses
        ],
        "crumbs": [{"title": "オンライン様式", "url": reverse("office-forms")}, {"title": version.form.title}],
        "title": version.form.title,
    }


def seen_edition(request: HttpRequest) -> int:
    """The edition the page was made from."""
    given = request.POST.get("edition", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0


def save_definition(
    request: HttpRequest, version: FormVersion, form: Mapping[str, Any], label: str, *, edition: int | None = None
) -> FormVersion:
    """Store a changed definition as the next state of the draft.

    Raises `DefinitionFault` naming the place, `EditedMeanwhile`, `Refusal`.
    """
    asking: Any = request
    return change_draft(
        by=asking.person,
        version=version,
        seen_edition=seen_edition(request) if edition is None else edition,
        definition=read_definition(dict(form)),
        label=label,
        clock=asking.clock,
    )


def told(request: HttpRequest, refusal: Refusal) -> None:
    """Say a refusal on the next page."""
    messages.error(request, f"{refusal.message}{refusal.hint or ''}")


def back_to_draft(version: FormVersion, anchor: str = "", *, more: str = "") -> HttpResponse:
    """To the list of questions; ``more`` is the step or group whose kinds of questions lie open there."""
    answer = redirect("office-form-version", public_id=version.public_id)
    if more:
        answer["Location"] += f"?more={more}"
    if anchor:
        answer["Location"] += f"#{anchor}"
    return answer


def tell_meanwhile(request: HttpRequest, version: FormVersion, late: EditedMeanwhile) -> HttpResponse:
    """Somebody else changed the draft since the page was made, and nothing was typed that could be lost."""
    messages.warning(request, f"{late.message}{late.hint or ''}")
    return back_to_draft(version)


def place_words(definition: FormDefinition, finding: Finding) -> str:
    """Where a finding stands, in the words of the form."""
    if not finding.step:
        return "様式全体"
    step = next((one for one in definition.steps if one.key == finding.step), None)
    words = [f"画面「{step.title.ja}」" if step else finding.step]
    head, dot, inner = finding.question.partition(".")
    for question in definition.questions():
        if head and question.key == head:
            words.append(f"「{question.label.ja}」")
            words += [f"「{one.label.ja}」" for one in getattr(question, "questions", ()) if dot and one.key == inner]
    return " › ".join([*words, finding.place] if finding.place else words)


def refused(request: HttpRequest, template: str, context: Mapping[str, Any], fault: DefinitionFault) -> HttpResponse:
    """The page again with a fault of the whole definition."""
    return render(request, template, {**context, "fault": fault}, status=422)
