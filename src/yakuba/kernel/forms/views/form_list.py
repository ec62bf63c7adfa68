"""``/office/forms/``: the forms of the town, and a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, NotAllowed, Person, Role, page, signed_in_staff
from yakuba.kernel.forms.access import visible_to
from yakuba.kernel.forms.exchange.take_in import TakenIn, take_in
from yakuba.kernel.forms.fillings import TRIAL
from yakuba.kernel.forms.forms.new_form import NewFormForm
from yakuba.kernel.forms.library import library_forms
from yakuba.kernel.forms.models import AnswerSet, Filling, Form, FormVersion
from yakuba.kernel.forms.rules.definition import DefinitionFault, FormDefinition, read_definition
from yakuba.kernel.forms.rules.lifecycle import LegalGround, VersionState
from yakuba.kernel.forms.services import change_draft, create_form
from yakuba.kernel.forms.views.draft import BADGES
from yakuba.kernel.forms.views.exchange import keep_marked
from yakuba.kernel.organisation.api import sections_on
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.kernel.values.api import Refusal, business_date


def listed(forms: QuerySet[Form]) -> QuerySet[Form]:
    """Forms with what the listing shows: the latest version, the live one, how often begun and sent."""
    latest = FormVersion.objects.filter(form=OuterRef("pk")).order_by("-number")
    live = FormVersion.objects.filter(form=OuterRef("pk"), state=VersionState.LIVE.value)
    begun = (
        Filling.objects.filter(version__form=OuterRef("pk"))
        .exclude(about=TRIAL)
        .order_by()
        .values("version__form")
        .annotate(number=Count("pk"))
        .values("number")
    )
    sent = (
        AnswerSet.objects.filter(version__form=OuterRef("pk"), previous=None)
        .order_by()
        .values("version__form")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return forms.select_related("section").annotate(
        latest_id=Subquery(latest.values("public_id")[:1]),
        latest_number=Subquery(latest.values("number")[:1]),
        latest_state=Subquery(latest.values("state")[:1]),
        live_number=Subquery(live.values("number")[:1]),
        live_since=Subquery(live.values("live_at")[:1]),
        begun=Coalesce(Subquery(begun), 0),
        sent=Coalesce(Subquery(sent), 0),
    )


def _state_words(form: Any) -> str:
    if form.latest_state is None:
        return "版なし"
    words = f"第{form.latest_number}版 {VersionState(form.latest_state).label}"
    if form.live_number and form.live_number != form.latest_number:
        words += f"（第{form.live_number}版を公開中）"
    return words


def _live_day(form: Any) -> Any:
    return business_date(form.live_since) if form.live_since else None


def _address(form: Any) -> str:
    return reverse("office-form-version", args=[form.latest_id]) if form.latest_id else ""


def _by_state(forms: QuerySet[Any], state: str) -> QuerySet[Any]:
    return forms.filter(versions__state=state).distinct()


_LISTING = Listing(
    name="forms",
    title="オンライン様式",
    columns=(
        Column("title", "題名", "title", sort="title", search=("title", "key"), url=_address),
        Column("section", "担当", "section.name", sort="section__order", search=("section__name",)),
        Column(
            "state", "版と状態", _state_words, sort="latest_state",
            badge=lambda form: BADGES[VersionState(form.latest_state)] if form.latest_state else "",
        ),
        Column("live", "公開日", _live_day, sort="live_since", kind=Kind.DATE),
        Column("begun", "入力開始", "begun", sort="begun", kind=Kind.NUMBER),
        Column("sent", "送信", "sent", sort="sent", kind=Kind.NUMBER),
        Column("key", "名前（英数字）", "key", sort="key", shown=False),
    ),
    filters=(
        Filter("state", "状態", [(one.value, one.label) for one in VersionState], apply=_by_state),
    ),
    order=("title",),
    empty_title="様式はまだありません",
    empty_text="「新しい様式」から、白紙、備え付けの様式、Excelのどれからでも始められます。",
)  # fmt: skip


@page(Face.OFFICE, may=signed_in_staff)
@require_safe
def form_list(request: HttpRequest) -> HttpResponse:
    """The forms the person may open."""
    asking: Any = request
    return _LISTING.answer(
        request,
        listed(visible_to(asking.person)),
        template="forms/office/list.html",
        context={"may_create": bool(_sections(asking.person, asking.clock.today()).exists())},
    )


def _sections(person: Person, today: Any) -> QuerySet[Section]:
    """Where a person may put a new form: the own sections; the secretariat anywhere."""
    if person.is_read_only:
        return Section.objects.none()
    sections = sections_on(today)
    return sections if person.has(Role.SECRETARIAT) else sections.filter(pk__in=person.section_ids)


@page(Face.OFFICE, may=signed_in_staff)
@require_http_methods(["GET", "POST"])
def new_form(request: HttpRequest) -> HttpResponse:
    """A new form as a draft; whatever it is made from, the builder opens next."""
    asking: Any = request
    person = asking.person
    sections = _sections(person, asking.clock.today())
    if not sections.exists():
        raise NotAllowed("様式を作れるのは、課・班に所属する職員とDX推進事務局です。")
    library = {one.definition.key: one for one in library_forms()}
    form = NewFormForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        copies=visible_to(person).filter(versions__isnull=False).distinct(),
        library=[(key, one.definition.title.ja) for key, one in library.items()],
        sections=sections,
        source=request.GET.get("source", "blank"),
        own=sections.filter(pk__in=person.section_ids).first(),
    )
    taken: TakenIn | None = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = _made_from(form, library)
                if isinstance(made, TakenIn):
                    taken = made
                    if made.definition is not None:
                        return _created(request, form, made.definition, LegalGround())
                else:
                    return _created(request, form, *made)
            except Refusal as refusal:
                form.add_error(_field_of(refusal, form), f"{refusal.message}{refusal.hint or ''}")
    return render(
        request,
        "forms/office/new.html",
        {
            "form": form,
            "taken": taken,
            "marked": keep_marked(request, taken.marked) if taken is not None and taken.marked is not None else "",
            "crumbs": [{"title": "オンライン様式", "url": reverse("office-forms")}, {"title": "新しい様式"}],
        },
        status=status,
    )


def _made_from(form: NewFormForm, library: Mapping[str, Any]) -> TakenIn | tuple[FormDefinition, LegalGround]:
    cleaned = form.cleaned_data
    title = cleaned["title"].strip()
    if cleaned["source"] == "file":
        upload = cleaned["file"]
        return take_in(upload.read(), upload.name or "")
    if cleaned["source"] == "library":
        chosen = library[cleaned["library"]]
        return _titled(chosen.definition.to_json(), title), chosen.ground
    if cleaned["source"] == "copy":
        source = cleaned["copy"].versions.order_by("-number").first()
        words = title or f"{source.form.title}の写し"
        return _titled(source.definition, words), source.ground
    blank = {
        "key": "blank",
        "title": {"ja": title},
        "steps": [{"key": "step1", "title": {"ja": "申請する人"}, "questions": []}],
    }
    return read_definition(blank), LegalGround()


def _titled(definition: Mapping[str, Any], title: str) -> FormDefinition:
    if not title:
        return read_definition(dict(definition))
    old = definition["title"]
    texts = {"ja": old} if isinstance(old, str) else dict(old)
    return read_definition({**definition, "title": {"ja": title} if title != texts.get("ja") else texts})


def _created(request: HttpRequest, form: NewFormForm, definition: FormDefinition, ground: LegalGround) -> HttpResponse:
    asking: Any = request
    cleaned = form.cleaned_data
    given = definition.to_json()
    given["key"] = cleaned["key"].strip() or _free_key(definition.key)
    if cleaned["title"].strip() and cleaned["source"] == "file":
        given["title"] = {"ja": cleaned["title"].strip()}
    version = create_form(
        by=asking.person, definition=read_definition(given), section=cleaned["section"], clock=asking.clock
    )
    if ground != LegalGround():
        version = change_draft(
            by=asking.person, version=version, seen_edition=version.edition, ground=ground, clock=asking.clock
        )
    messages.success(request, f"「{version.form.title}」の下書きを作りました。")
    return redirect("office-form-version", public_id=version.public_id)


def _free_key(wanted: str) -> str:
    """The wanted key if nobody has it, else one with a number."""
    base = "form" if wanted == "blank" else wanted[:52]
    if base != "form" and not Form.objects.filter(key=base).exists():
        return base
    taken = set(Form.objects.filter(Q(key=base) | Q(key__startswith=f"{base}-")).values_list("key", flat=True))
    number = 1 if base == "form" else 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def _field_of(refusal: Refusal, form: NewFormForm) -> str | None:
    if refusal.field in form.fields:
        return str(refusal.field)
    if isinstance(refusal, DefinitionFault) and refusal.field == "key":
        return "key"
    return "file" if form.cleaned_data.get("source") == "file" else None
