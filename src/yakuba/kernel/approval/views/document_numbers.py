"""文書番号簿: every number that was given, voids among them; the symbols of the sections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, page, signed_in_staff
from yakuba.kernel.approval.access import get_number_for, numbers_visible_to
from yakuba.kernel.approval.forms import SymbolForm, VoidForm
from yakuba.kernel.approval.models import DocumentNumber, NumberSeries, SectionSymbol
from yakuba.kernel.approval.queries.symbols import symbols_on
from yakuba.kernel.approval.rules.document_numbers import propose_symbols
from yakuba.kernel.approval.services import name_section_symbol, void_document_number
from yakuba.kernel.approval.services.document_numbers import may_void
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.organisation.api import may_edit, sections_on
from yakuba.kernel.organisation.models import Section, SectionKind
from yakuba.kernel.things.api import show
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.kernel.values.api import FiscalYear, Refusal

_MAY = signed_in_staff
_BOOK = viewing("approval.number_book", label="文書番号簿の閲覧")
_PAGE = viewing("approval.number_page", label="文書番号の閲覧")


def _years() -> list[tuple[str, str]]:
    years = NumberSeries.objects.values_list("fiscal_year", flat=True).distinct().order_by("-fiscal_year")
    return [(str(year), FiscalYear(year).label) for year in years]


def _symbols() -> list[tuple[str, str]]:
    return [(one, one) for one in NumberSeries.objects.values_list("symbol", flat=True).distinct().order_by("symbol")]


def _title(number: DocumentNumber) -> str:
    return number.titled.title if hasattr(number, "titled") else ""


def _of_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(void__isnull=value != "void")


BOOK = Listing(
    name="document-numbers",
    title="文書番号簿",
    columns=(
        Column(
            "written",
            "文書番号",
            "written",
            sort=("series__fiscal_year", "series__symbol", "number"),
            search=("written",),
            url=lambda one: reverse("approval-number", args=[one.public_id]),
        ),
        Column("on", "日付", "on", sort="on", kind=Kind.DATE),
        Column("title", "件名", _title, search=("titled__title",), kind=Kind.WIDE),
        Column("section", "所属", "section.name", sort="section__order", search=("section__name",)),
        Column("by", "取った人", "issued_name", search=("issued_name",)),
        Column("state", "状態", lambda one: "欠番" if one.is_void else "", badge=lambda one: "warning"),
        Column("reason", "欠番の理由", lambda one: one.void.reason if one.is_void else "", shown=False),
    ),
    filters=(
        Filter("year", "年度", _years, apply="series__fiscal_year"),
        Filter("symbol", "文書記号", _symbols, apply="series__symbol"),
        Filter("state", "状態", [("used", "使ったもの"), ("void", "欠番")], apply=_of_state),
    ),
    order=("-series__fiscal_year", "series__symbol", "-number"),
    empty_title="文書番号はまだありません",
    empty_text="通知書などの文書を作ると、その所属の次の番号がここに載ります。",
)


@page(Face.OFFICE, may=_MAY)
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """The book: numbers of the person's sections, or all of it for who keeps it."""
    asking: Any = request

    def shown(things: Sequence[Any], how: str) -> None:
        record_view(by=asking.person, subjects=things, what=_BOOK, detail=how)

    return BOOK.answer(
        request,
        numbers_visible_to(asking.person, on=asking.clock.today()),
        template="approval/numbers.html",
        context={"may_edit": may_edit(asking.person)},
        on_show=shown,
    )


@page(Face.OFFICE, may=_MAY)
@require_safe
def number(request: HttpRequest, public_id: str) -> HttpResponse:
    """One number: what bears it, who took it, and voiding it."""
    asking: Any = request
    found = get_number_for(asking.person, public_id, on=asking.clock.today())
    return _shown(asking, found, VoidForm())


@page(Face.OFFICE, may=_MAY)
@require_POST
def void(request: HttpRequest, public_id: str) -> HttpResponse:
    """Mark a number as not used."""
    asking: Any = request
    found = get_number_for(asking.person, public_id, on=asking.clock.today())
    form = VoidForm(request.POST)
    if form.is_valid():
        try:
            void_document_number(by=asking.person, number=found, reason=form.cleaned_data["reason"], clock=asking.clock)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"「{found.written}」を欠番にしました。番号簿には残ります。")
            return redirect("approval-number", public_id=public_id)
    return _shown(asking, found, form, status=422)


def _shown(asking: Any, found: DocumentNumber, form: VoidForm, *, status: int = 200) -> HttpResponse:
    record_view(by=asking.person, subjects=[found], what=_PAGE)
    about = found.about
    context = {
        "number": found,
        "title": _title(found),
        "about": show(about, to=asking.person) if about else None,
        "form": form if not found.is_void and may_void(asking.person, found) else None,
        "crumbs": [{"title": "文書番号簿", "url": reverse("approval-numbers")}, {"title": found.written}],
    }
    return render(asking, "approval/number.html", context, status=status)


@page(Face.OFFICE, may=_MAY)
@require_safe
def symbols(request: HttpRequest) -> HttpResponse:
    """文書記号: each section with its symbol, those without one with a proposal."""
    asking: Any = request
    today = asking.clock.today()
    sections = list(sections_on(today).exclude(kind=SectionKind.UNIT).order_by("authority__order", "order", "code"))
    held = symbols_on(today)
    coming = {one.section_code: one for one in SectionSymbol.objects.filter(starts_on__gt=today).order_by("-starts_on")}
    without = [one for one in sections if one.code not in held and one.code not in coming]
    proposed = dict(
        zip(
            (one.code for one in without),
            propose_symbols([one.name for one in without], taken=[one.symbol for one in held.values()]),
            strict=True,
        )
    )
    rows = [
        {
            "section": one,
            "symbol": held.get(one.code),
            "coming": coming.get(one.code),
            "proposed": proposed.get(one.code, ""),
            "inherited": one.parent.name if one.parent and one.code not in held else "",
        }
        for one in sections
    ]
    context = {
        "rows": rows,
        "may_edit": may_edit(asking.person),
        "crumbs": [{"title": "文書番号簿", "url": reverse("approval-numbers")}, {"title": "文書記号"}],
    }
    return render(request, "approval/symbols.html", context)


@page(Face.OFFICE, may=_MAY)
def symbol(request: HttpRequest, public_id: str) -> HttpResponse:
    """Register the symbol of one section from a day on."""
    asking: Any = request
    today = asking.clock.today()
    found: Section | None = sections_on(today).filter(public_id=public_id).first()
    if found is None or not may_edit(asking.person):
        raise NotVisible
    held = symbols_on(today).get(found.code)
    proposed = held.symbol if held else propose_symbols([found.name])[0]
    start = FiscalYear.of(today).next.start if held else FiscalYear.of(today).start
    form = SymbolForm(request.POST or None, initial={"symbol": proposed, "starts_on": start})
    if request.method == "POST" and form.is_valid():
        try:
            name_section_symbol(by=asking.person, section=found, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"「{found.name}」の文書記号を登録しました。")
            return redirect("approval-symbols")
    context = {
        "section": found,
        "held": held,
        "form": form,
        "crumbs": [
            {"title": "文書番号簿", "url": reverse("approval-numbers")},
            {"title": "文書記号", "url": reverse("approval-symbols")},
            {"title": found.name},
        ],
    }
    return render(request, "approval/symbol.html", context, status=422 if form.errors else 200)
