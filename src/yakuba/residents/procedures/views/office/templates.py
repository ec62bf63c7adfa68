"""``/office/cases/templates/``: a section's templates of words (定型文)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, NotVisible, Person, Role, page
from yakuba.kernel.cases.access import sections_of
from yakuba.kernel.cases.models import AnswerTemplate, TemplateUse
from yakuba.kernel.cases.services import keep_template
from yakuba.kernel.catalogue.api import Procedure
from yakuba.kernel.organisation.api import sections_on
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.access import MAY_READ, MAY_WORK
from yakuba.residents.procedures.forms.keeping import TemplateForm
from yakuba.residents.procedures.views.office.asking import person_and_clock


def templates_of(person: Person) -> QuerySet[AnswerTemplate]:
    """The templates of a person's sections; the auditor sees all."""
    rows = AnswerTemplate.objects.select_related("section", "procedure")
    return rows if person.has(Role.AUDITOR) else rows.filter(section_id__in=sections_of(person))


@page(Face.OFFICE, may=MAY_READ)
@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """The templates with where they are offered."""
    person, _ = person_and_clock(request)
    may_work = MAY_WORK.allows(person) and not person.is_read_only
    return (_LISTING if may_work else _LISTING_TO_READ).answer(
        request,
        templates_of(person),
        template="procedures/office/templates.html",
        context={"may_work": may_work},
    )


@page(Face.OFFICE, may=MAY_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A further template."""
    return _edit(request, None)


@page(Face.OFFICE, may=MAY_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a template, or take it out of use."""
    person, _ = person_and_clock(request)
    found = templates_of(person).filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return _edit(request, found)


def _edit(request: HttpRequest, template: AnswerTemplate | None) -> HttpResponse:
    person, clock = person_and_clock(request)
    own = sections_of(person)
    sections: list[Section] = [one for one in sections_on(clock.today()) if one.pk in own]
    if template is not None:
        sections = [template.section]
    procedures = list(Procedure.objects.filter(section_id__in=own).order_by("number"))
    initial: dict[str, Any] = (
        {
            "section": template.section.public_id,
            "procedure": template.procedure.key if template.procedure else "",
            "use": template.use,
            "title": template.title,
            "words": template.words,
            "is_retired": template.is_retired,
        }
        if template is not None
        else {}
    )
    form = TemplateForm(
        request.POST if request.method == "POST" else None,
        prefix="template",
        sections=sections,
        procedures=procedures,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            keep_template(
                by=person,
                section=form.sections[said["section"]],
                procedure=form.procedures.get(said["procedure"]),
                use=TemplateUse(said["use"]),
                title=said["title"],
                words=said["words"],
                is_retired=said["is_retired"],
                template=template,
                clock=clock,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"定型文「{said['title']}」を登録しました。")
            return redirect("office-case-templates")
    return render(
        request,
        "procedures/office/template.html",
        {"form": form, "template": template},
        status=422 if form.is_bound else 200,
    )


def _listing(*, leads_on: bool) -> Listing:
    return Listing(
        name="templates",
        title="定型文",
        columns=(
            Column(
                "title",
                "題名",
                "title",
                sort="title",
                search=("title", "words"),
                url=(lambda one: reverse("office-case-template", args=[one.public_id])) if leads_on else None,
            ),
            Column("use", "使うところ", "get_use_display", sort="use", kind=Kind.TIGHT),
            Column("words", "文", lambda one: one.words if len(one.words) <= 60 else f"{one.words[:60]}…", kind=Kind.WIDE, exported=False),
            Column("whole", "文", "words", shown=False),
            Column("procedure", "手続き", lambda one: one.procedure.title_ja if one.procedure else "どの手続きでも", sort="procedure__number"),
            Column("section", "所属", "section.name", sort="section__order", kind=Kind.TIGHT),
            Column("state", "状態", lambda one: "使わない" if one.is_retired else "", badge=lambda one: ""),
        ),
        filters=(Filter("use", "使うところ", TemplateUse.choices, apply="use"),),
        order=("use", "title"),
        empty_title="定型文はまだありません",
        empty_text="よく書く文を登録すると、補正の依頼や理由の欄で選べます。",
    )  # fmt: skip


_LISTING = _listing(leads_on=True)
_LISTING_TO_READ = _listing(leads_on=False)
