"""One procedure in the office: what is told of it, how it is received, its editions; editing with a preview."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.catalogue import services
from yakuba.kernel.catalogue.access import KEEPS_ALL, WORKS_HERE, may_edit
from yakuba.kernel.catalogue.api import Procedure, missing_for_online
from yakuba.kernel.catalogue.queries.procedures import places_of
from yakuba.kernel.catalogue.rules.content import ContentRefused, read_content
from yakuba.kernel.catalogue.rules.kinds import Fact
from yakuba.kernel.catalogue.rules.merge import Difference, differences
from yakuba.kernel.catalogue.rules.missing import missing_in
from yakuba.kernel.catalogue.services.deliver import offered_content
from yakuba.kernel.catalogue.services.edit_procedure import with_parts
from yakuba.kernel.organisation.api import sections_on
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.forms.catalogue import PART_FORMS, NewProcedureForm, PartForm, SectionForm
from yakuba.residents.procedures.views.catalogue_office.asking import (
    attempt,
    form_page,
    person_and_clock,
    posted,
    procedure_in,
)
from yakuba.residents.procedures.views.public_catalogue import page_of


def url_of(procedure: Procedure) -> str:
    """The office's page of a procedure."""
    return reverse("office-procedure", args=[procedure.key])


@page(Face.OFFICE, may=office_seat)
def office_procedure(request: HttpRequest, key: str) -> HttpResponse:
    """Everything the town hall knows of a procedure."""
    person, clock = person_and_clock(request)
    procedure = procedure_in(request, key)
    content = procedure.content
    return render(
        request,
        "procedures/catalogue_office/procedure.html",
        {
            "procedure": procedure,
            "content": content,
            "place": places_of([procedure], clock.today())[procedure.pk],
            "facts": [(fact, content.evidence_of(fact)) for fact in Fact],
            "missing": missing_in(content),
            "for_online": missing_for_online(content),
            "channels": list(procedure.channels.all()),
            "entries": list(procedure.counting_entries.select_related("channel")),
            "editions": list(procedure.editions.all()[:20]),
            "offered": differences(content, offered_content(procedure)) if procedure.offered else (),
            "may_edit": may_edit(person, procedure, clock.today()),
            "parts": [(name, form.title) for name, form in PART_FORMS.items()],
            "public_url": reverse("procedure", args=[procedure.key]),
            "short_url": reverse("procedure-short", args=[procedure.number]),
        },
    )


@page(Face.OFFICE, may=WORKS_HERE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_procedure_edit(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """Edit one part. 「プレビュー」 shows the public page as it would be, without keeping anything."""
    person, clock = person_and_clock(request)
    if part not in PART_FORMS:
        raise Http404("この編集の画面はありません。")
    procedure = procedure_in(request, key)
    content = procedure.content
    form = PART_FORMS[part](posted(request), content=content, edition=procedure.edition)
    between: tuple[Difference, ...] = ()
    if request.method == "POST" and "preview" not in request.POST and form.is_valid():
        try:
            services.edit_procedure(
                by=person,
                procedure=procedure,
                seen_edition=form.cleaned_data["seen_edition"],
                parts=form.parts(),
                note=form.cleaned_data["note"],
                clock=clock,
            )
        except services.ChangedMeanwhile as refusal:
            between = refusal.between
            form.add_error(None, f"{refusal.message}{refusal.hint or ''}")
            # Whoever has both before him and sends again means it: the edition seen is now the newest.
            sent: Any = form.data
            sent = sent.copy()
            sent["seen_edition"] = str(refusal.kept.edition)
            form.data = sent
        except ContentRefused as refusal:
            for fault in refusal.faults:
                form.add_error(None, f"{fault.key}：{fault.reason}")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"「{form.title}」を登録しました。")
            return redirect(url_of(procedure))
    if request.method != "POST":
        preview: dict[str, Any] | None = page_of(request, procedure)
    else:
        preview = _preview(request, procedure, form) if "preview" in request.POST else None
    return form_page(
        request,
        form,
        title=f"{form.title}：{procedure}",
        back=("手続きに戻る", url_of(procedure)),
        template="edit",
        procedure=procedure,
        lead=form.lead,
        groups=form.text_groups(),
        between=between,
        preview=preview,
        preview_url=reverse("office-procedure-preview", args=[procedure.key, part]),
    )


@page(Face.OFFICE, may=WORKS_HERE)
@require_POST
def office_procedure_preview(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """The public page of what stands in the form now, for the live preview beside it."""
    if part not in PART_FORMS:
        raise Http404("この編集の画面はありません。")
    procedure = procedure_in(request, key)
    form = PART_FORMS[part](request.POST, content=procedure.content, edition=procedure.edition)
    return render(
        request,
        "procedures/catalogue_office/preview.html",
        {"preview": _preview(request, procedure, form), "form": form},
    )


def _preview(request: HttpRequest, procedure: Procedure, form: PartForm) -> dict[str, Any] | None:
    """What the public page would show; `None` while the form has errors."""
    if not form.is_valid():
        return None
    try:
        procedure.values = with_parts(procedure.content, form.parts()).to_dict()
    except Refusal:
        return None
    return page_of(request, procedure)


@page(Face.OFFICE, may=KEEPS_ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def office_procedure_new(request: HttpRequest) -> HttpResponse:
    """A procedure of the town's own."""
    person, clock = person_and_clock(request)
    form = NewProcedureForm(posted(request))
    if request.method == "POST":
        made = attempt(form, lambda: services.add_procedure(by=person, values=form.values(), note="新規", clock=clock))
        if made:
            messages.success(request, f"「{made}」を加えました。足りない事項を埋めてください。")
            return redirect(url_of(made))
    return form_page(request, form, title="手続きを加える", back=("一覧に戻る", reverse("office-procedures")))


@page(Face.OFFICE, may=WORKS_HERE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_procedure_section(request: HttpRequest, key: str) -> HttpResponse:
    """Which section is in charge."""
    person, clock = person_and_clock(request)
    procedure = procedure_in(request, key)
    sections = list(sections_on(clock.today()).order_by("order", "code"))
    form = SectionForm(
        posted(request),
        sections=sections,
        initial={
            "section": procedure.section.public_id if procedure.section else "",
            "seen_edition": procedure.edition,
        },
    )
    if request.method == "POST":

        def act() -> Procedure:
            chosen = next((one for one in sections if one.public_id == form.cleaned_data["section"]), None)
            seen = form.cleaned_data["seen_edition"]
            return services.assign_section(
                by=person, procedure=procedure, section=chosen, seen_edition=seen, clock=clock
            )

        if attempt(form, act):
            messages.success(request, "担当を登録しました。")
            return redirect(url_of(procedure))
    return form_page(request, form, title=f"担当：{procedure}", back=("手続きに戻る", url_of(procedure)))


@page(Face.OFFICE, may=WORKS_HERE)
@require_POST
def office_procedure_act(request: HttpRequest, key: str, act: str) -> HttpResponse:
    """Show, hide; take the delivery over or leave it."""
    person, clock = person_and_clock(request)
    procedure = procedure_in(request, key)
    try:
        if act in ("show", "hide"):
            services.show_procedure(by=person, procedure=procedure, is_shown=act == "show", clock=clock)
            messages.success(request, "公開しました。" if act == "show" else "公開ページから外しました。")
        elif act == "accept":
            seen = request.POST.get("seen_edition", "")
            services.accept_offer(
                by=person,
                procedure=procedure,
                seen_edition=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0,
                clock=clock,
            )
            messages.success(request, "配布データの内容に合わせました。")
        elif act == "decline":
            services.decline_offer(by=person, procedure=procedure, clock=clock)
            messages.success(request, "町の内容のままにしました。")
        else:
            raise Http404("この操作はありません。")
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return redirect(url_of(procedure))


@page(Face.OFFICE, may=office_seat)
def office_procedure_edition(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """An earlier edition beside the present one."""
    procedure = procedure_in(request, key)
    edition = procedure.editions.filter(number=number).first()
    if edition is None:
        raise Http404("この版はありません。")
    before = procedure.editions.filter(number__lt=number).first()
    then = read_content(edition.values)
    return render(
        request,
        "procedures/catalogue_office/edition.html",
        {
            "procedure": procedure,
            "edition": edition,
            "changed": differences(then, read_content(before.values)) if before else (),
            "since": differences(procedure.content, then),
            "back_url": url_of(procedure),
        },
    )
