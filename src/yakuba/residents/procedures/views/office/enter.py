"""``/office/cases/enter/…``: a clerk enters what came by telephone, over the counter or on paper into the same forms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, Person, page
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.cases.access import READ_CASE, sections_of, visible_to
from yakuba.kernel.cases.api import Arrival, Case, Party, submit_case
from yakuba.kernel.catalogue.api import ChannelKind, Procedure
from yakuba.kernel.forms.api import (
    AlreadySent,
    Incomplete,
    NotOpen,
    answer_sections,
    begin_filling,
    evaluation_of,
    give_up_filling,
    yen_in_words,
)
from yakuba.kernel.forms.models import Filling, FillingState
from yakuba.kernel.people.api import Question, RegisterUnavailable, Resident, find_residents, read_resident
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.access import MAY_WORK
from yakuba.residents.procedures.attachments import files_of
from yakuba.residents.procedures.forms.entering import AgentForm, BeginForm, SendForm
from yakuba.residents.procedures.qr import qr_code
from yakuba.residents.procedures.queries.at_hand import known_of_resident
from yakuba.residents.procedures.sending import new_password, party_in
from yakuba.residents.procedures.views.answers_shown import with_files
from yakuba.residents.procedures.views.apply import open_forms
from yakuba.residents.procedures.views.filling_pages import WHOLE, FillingPages
from yakuba.residents.procedures.views.office.asking import person_and_clock

_PASSWORDS = "procedures.entered_passwords"
_MAY = MAY_WORK


def procedures_to_enter(person: Person) -> QuerySet[Procedure]:
    """The procedures that have a form open now; a clerk takes in what belongs to other sections too, and hands it over
    with it."""
    return (
        Procedure.objects.filter(
            channels__kind=ChannelKind.YAKUBA_FORM.value,
            channels__live_since__isnull=False,
            channels__closed_on=None,
            is_shown=True,
        )
        .select_related("section")
        .distinct()
    )


@page(Face.OFFICE, may=_MAY)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which procedure; those of one's own sections first."""
    person, _ = person_and_clock(request)
    own = sections_of(person)
    begun = (
        Filling.objects.filter(staff_id=person.staff_id or 0, state=FillingState.OPEN, about__in=_keys())
        .select_related("version__form")
        .order_by("-touched_at")[:5]
    )

    def whose(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(section_id__in=own) if value == "own" else rows

    return _listing(whose).answer(
        request,
        procedures_to_enter(person),
        template="procedures/office/enter_choose.html",
        context={"begun": [{"filling": one, "title": one.version.read().title.ja} for one in begun]},
    )


@page(Face.OFFICE, may=_MAY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """How it came and who it is about; the register fills in what it knows, and the look-up is logged."""
    person, clock = person_and_clock(request)
    procedure = _procedure(person, key)
    versions = open_forms(procedure)
    if not versions:
        raise NotVisible
    form = BeginForm(
        request.POST if request.method == "POST" else None,
        prefix="begin",
        choices=[(one.form.key, one.form.title) for one in versions],
        initial={"form": versions[0].form.key},
    )
    context: dict[str, Any] = {"procedure": procedure, "form": form, "has_choice": len(versions) > 1}
    if request.method != "POST":
        return render(request, "procedures/office/enter_begin.html", context)
    if not form.is_valid():
        return render(request, "procedures/office/enter_begin.html", context, status=422)
    if "search" in request.POST:
        return _searched(request, form, context)
    try:
        resident = _resident(person, form.cleaned_data["resident"])
        wanted = form.cleaned_data["form"]
        version = next((one for one in versions if one.form.key == wanted), versions[0])
        begun = begin_filling(
            by=person,
            version=version,
            about=procedure.key,
            language="ja",
            facts={
                "channel": form.cleaned_data["arrival"],
                "is_agent": form.cleaned_data["is_agent"],
                "is_signed_in": False,
                "is_certified": False,
            },
            known=known_of_resident(resident) if resident is not None else {},
            clock=clock,
        )
    except (NotOpen, Refusal) as refusal:
        form.refuse(refusal)
        return render(request, "procedures/office/enter_begin.html", context, status=422)
    if resident is not None and resident.is_protected:
        messages.warning(request, "支援措置の対象者です。住所は入りません。住民担当に確かめてから入力してください。")
    return HttpResponseRedirect(reverse("office-enter-step", args=[begun.filling.public_id, WHOLE]))


@page(Face.OFFICE, may=_MAY)
@never_cache
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """The form itself: the very pages residents see, all on one by default."""
    return PAGES.step(request, public_id, key)


@page(Face.OFFICE, may=_MAY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """All answers for a last look with the person; POST makes the case. Sent twice it is the same case."""
    person, clock = person_and_clock(request)
    filling = _find(request, public_id)
    if filling.state == FillingState.SENT:
        return redirect("office-enter-receipt", public_id=filling.public_id)
    evaluation = evaluation_of(filling, clock=clock)
    if evaluation.first_unfinished() is not None:
        messages.info(request, "まだ入力が終わっていないところがあります。続きを入力してください。")
        return HttpResponseRedirect(PAGES.address_of_next(filling, evaluation))
    procedure = _procedure(person, filling.about)
    given = request.POST if request.method == "POST" else None
    form = SendForm(given, prefix="send")
    agent = AgentForm(given, prefix="agent") if filling.facts.get("is_agent") else None
    if given is not None and form.is_valid() and (agent is None or agent.is_valid()):
        password = _password(request, filling) if form.cleaned_data["with_password"] else ""
        try:
            submit_case(
                by=person,
                procedure=procedure,
                filling=filling,
                applicant=party_in(evaluation, by=person),
                agent=_agent(agent) if agent is not None else None,
                channel=Arrival(str(filling.facts.get("channel", Arrival.COUNTER.value))),
                password=password,
                language="ja",
                clock=clock,
            )
        except (Incomplete, NotOpen, Refusal) as refusal:
            form.refuse(refusal)
        else:
            return redirect("office-enter-receipt", public_id=filling.public_id)
    record_view(by=person, subjects=[filling], what=READ_CASE, detail="enter")
    files = files_of(filling, person, face=Face.OFFICE)
    return render(
        request,
        "procedures/office/enter_check.html",
        {
            "procedure": procedure,
            "filling": filling,
            "form": form,
            "agent": agent,
            "sections": [
                {
                    "step": one.step,
                    "title": one.title,
                    "rows": with_files(one.rows, files),
                    "change_url": reverse("office-enter-step", args=[filling.public_id, one.step]),
                }
                for one in answer_sections(evaluation, "ja", filling.sources)
            ],
            "fee_words": yen_in_words(evaluation.fee, "ja") if evaluation.fee else "",
            "whole": WHOLE,
        },
        status=422 if given is not None else 200,
    )


@page(Face.OFFICE, may=_MAY)
@never_cache
@require_safe
def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the person takes home: number, password, two-dimensional code. Only for who entered it."""
    person, _ = person_and_clock(request)
    filling = _find(request, public_id)
    case = Case.objects.select_related("procedure", "section").filter(first_answers__filling=filling).first()
    if case is None:
        return redirect("office-enter-check", public_id=filling.public_id)
    record_view(by=person, subjects=[case], what=READ_CASE, detail="receipt")
    password = str(request.session.get(_PASSWORDS, {}).get(filling.public_id, ""))
    look_up = request.build_absolute_uri(reverse("look-up") + f"?number={case.number}") if case.password_hash else ""
    return render(
        request,
        "procedures/office/enter_receipt.html",
        {
            "case": case,
            "arrival": Arrival(case.arrival).label,
            "password": password,
            "look_up": look_up,
            "qr": qr_code(look_up) if look_up else "",
            "may_see": visible_to(person).filter(pk=case.pk).exists(),
        },
    )


@page(Face.OFFICE, may=_MAY)
@require_POST
def give_up(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw away what was entered."""
    person, clock = person_and_clock(request)
    filling = _find(request, public_id)
    try:
        give_up_filling(by=person, filling=filling, clock=clock)
    except AlreadySent:
        return redirect("office-enter-receipt", public_id=filling.public_id)
    messages.success(request, "書きかけの入力を消しました。")
    return redirect("office-enter")


@page(Face.OFFICE, may=_MAY)
@require_safe
def saved(request: HttpRequest, public_id: str) -> HttpResponse:
    """Kept for later: it waits on the first page of entering."""
    filling = _find(request, public_id)
    messages.success(
        request, f"「{filling.version.form.title}」の入力を保存しました。下の「書きかけ」から続けられます。"
    )
    return redirect("office-enter")


def _searched(request: HttpRequest, form: BeginForm, context: dict[str, Any]) -> HttpResponse:
    """The page with the residents found; nothing typed is lost when the register gives no answer."""
    person, clock = person_and_clock(request)
    said = form.cleaned_data
    try:
        found = find_residents(
            by=person, question=Question(name=said["name"], born_on=said["born_on"], address=said["address"])
        )
    except RegisterUnavailable as fault:
        form.add_error(None, f"{fault.message}{fault.hint or ''}（住民記録を使わずに始められます）")
        return render(request, "procedures/office/enter_begin.html", context, status=503)
    except Refusal as refusal:
        form.add_error("name", f"{refusal.message}{refusal.hint or ''}")
        return render(request, "procedures/office/enter_begin.html", context, status=422)
    residents = [
        {"resident": one, "age": one.age_on(clock.today()), "address": str(one.address) if one.address else ""}
        for one in found.residents
    ]
    return render(
        request,
        "procedures/office/enter_begin.html",
        context | {"residents": residents, "is_cut": found.is_cut, "is_searched": True},
    )


def _resident(person: Person, number: str) -> Resident | None:
    if not number:
        return None
    found = read_resident(by=person, number=number)
    if found is None:
        raise Refusal("この人は、住民記録にありません。", hint="もう一度探してください。")
    return found


def _agent(form: AgentForm) -> Party:
    said = form.cleaned_data
    return Party(name=said["name"], kana=said["kana"], phone=said["phone"], address=said["address"])


def _password(request: HttpRequest, filling: Filling) -> str:
    """The password of a case, made once per filling and shown on its receipt in this browser."""
    known = dict(request.session.get(_PASSWORDS, {}))
    password = str(known.get(filling.public_id) or new_password())
    known[filling.public_id] = password
    request.session[_PASSWORDS] = dict(list(known.items())[-20:])
    request.session.save()  # before the verb: a receipt whose password nobody knows would be worthless
    return password


def _find(request: HttpRequest, public_id: str) -> Filling:
    """A filling this clerk entered. Raises ``Http404`` for everybody else's."""
    person, _ = person_and_clock(request)
    found = (
        Filling.objects.select_related("version", "version__form")
        .filter(public_id=public_id, staff_id=person.staff_id or 0)
        .exclude(Q(state=FillingState.GIVEN_UP) | Q(about=""))
        .first()
    )
    if found is None or found.about not in _keys():
        raise Http404
    return found


def _procedure(person: Person, key: str) -> Procedure:
    found = procedures_to_enter(person).filter(key=key).first()
    if found is None:
        raise NotVisible
    return found


def _keys() -> set[str]:
    return set(Procedure.objects.values_list("key", flat=True))


PAGES = FillingPages(
    face=Face.OFFICE,
    template="procedures/office/enter_step.html",
    step_url="office-enter-step",
    check_url="office-enter-check",
    begin_url="office-enter-begin",
    saved_url="office-enter-saved",
    find=_find,
    procedure=lambda request, key: _procedure(person_and_clock(request)[0], key),
)
"""The clerk's pages of a filling."""


def _listing(whose: Any) -> Listing:
    return Listing(
        name="enter",
        title="窓口・電話・郵送の入力",
        columns=(
            Column(
                "title",
                "手続き",
                "title_ja",
                sort="title_ja",
                search=("title_ja",),
                url=lambda one: reverse("office-enter-begin", args=[one.key]),
                kind=Kind.WIDE,
            ),
            Column("kind", "種類", lambda one: one.content.kind.label, sort="kind", kind=Kind.TIGHT),
            Column("section", "所属", "section.name", sort="section__order", kind=Kind.TIGHT),
            Column("number", "番号", "number", sort="number", kind=Kind.NUMBER),
        ),
        filters=(Filter("whose", "担当", [("own", "自分の所属の手続き")], apply=whose, default="own"),),
        order=("number",),
        empty_title="受け付けられる手続きがありません",
        empty_text="様式を公開すると、ここに出ます。",
    )
