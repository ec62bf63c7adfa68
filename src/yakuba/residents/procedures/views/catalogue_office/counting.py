"""The counting list behind the KPI: every line with its evidence, and what it adds up to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.catalogue import services
from yakuba.kernel.catalogue.access import KEEPS_ALL, WORKS_HERE, get_for
from yakuba.kernel.catalogue.models import CountingEntry
from yakuba.kernel.catalogue.queries.counting import MEASURE, count_on, counting_list, sample_online_procedures
from yakuba.kernel.paper.api import Problem, write_csv
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.residents.procedures.baseline_list import HEADS, read_baseline_list
from yakuba.residents.procedures.forms.catalogue import BaselineListForm, EntryForm, StrikeForm
from yakuba.residents.procedures.views.catalogue_office.asking import (
    LARGEST_FILE,
    attempt,
    download,
    form_page,
    keep_for,
    kept_for,
    person_and_clock,
    posted,
)


def _state(entry: CountingEntry) -> str:
    if entry.struck_on is not None:
        return "取り消し"
    if entry.is_sample:
        return "見本（数えない）"
    return "終了" if entry.ended_on is not None else "数える"


def _badge(entry: CountingEntry) -> str:
    if entry.struck_on is not None or entry.ended_on is not None:
        return ""
    return "sample" if entry.is_sample else "success"


def _by_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "struck":
        return rows.filter(struck_on__isnull=False)
    rows = rows.filter(struck_on__isnull=True)
    if value == "sample":
        return rows.filter(is_sample=True)
    rows = rows.filter(is_sample=False)
    if value == "baseline":
        return rows.filter(is_baseline=True)
    return rows.filter(ended_on__isnull=value == "counts")


ENTRIES = Listing(
    name="数えた手続き",
    title="数えた手続き",
    columns=(
        Column(
            "procedure",
            "手続き",
            "procedure.title_ja",
            sort="procedure__number",
            search=("procedure__title_ja", "procedure__key"),
            url=lambda one: reverse("office-procedure", args=[one.procedure.key]),
            kind=Kind.WIDE,
        ),
        Column(
            "state",
            "状態",
            _state,
            badge=_badge,
            url=lambda one: reverse("office-procedures-entry", args=[one.public_id]),
            kind=Kind.TIGHT,
        ),
        Column("kind", "方法", "get_channel_kind_display", sort="channel_kind"),
        Column("since", "オンラインになった日", "first_online_on", sort="first_online_on", kind=Kind.DATE),
        Column("decision", "公開を決めた決裁", "decision", search=("decision",)),
        Column("first", "最初の受付日", "first_submission_on", sort="first_submission_on", kind=Kind.DATE),
        Column("ended", "終えた日", "ended_on", sort="ended_on", kind=Kind.DATE),
        Column("baseline", "基準値の内訳", lambda one: "○" if one.is_baseline else "", kind=Kind.TIGHT),
        Column("source", "出典", "source", search=("source",), kind=Kind.WIDE),
        Column("who", "登録した人", "acted_name", shown=False),
    ),
    filters=(
        Filter(
            "state",
            "状態",
            [
                ("counts", "数える"),
                ("baseline", "基準値の内訳"),
                ("ended", "終了"),
                ("sample", "見本"),
                ("struck", "取り消し"),
            ],
            apply=_by_state,
        ),
    ),
    order=("first_online_on", "procedure__number"),
    empty_title="数えた手続きはまだありません",
    empty_text="オンラインの受付を始めると、決裁とともにここに載ります。基準値の内訳は「内訳を取り込む」から入れます。",
)


@page(Face.OFFICE, may=office_seat)
def office_counting(request: HttpRequest) -> HttpResponse:
    """The number, what it is made of, and every line with its evidence."""
    person, clock = person_and_clock(request)
    today = clock.today()
    return ENTRIES.answer(
        request,
        counting_list(person),
        template="procedures/catalogue_office/counting.html",
        context={
            "count": count_on(today),
            "samples": len(sample_online_procedures(today)),
            "is_sample_town": is_sample_town(),
            "today": today,
            "keeps_all": KEEPS_ALL.allows(person),
            "measure_url": reverse("kpi-measure", args=[MEASURE]),
            "enter_url": f"{reverse('kpi-enter')}?measure={MEASURE}",
        },
    )


@page(Face.OFFICE, may=WORKS_HERE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_entry(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct a line, or strike it."""
    person, clock = person_and_clock(request)
    entry = get_for(person, CountingEntry, public_id=public_id)
    is_strike = "strike" in request.POST
    names = ("first_online_on", "ended_on", "first_submission_on", "decision", "source")
    form = EntryForm(
        request.POST if request.method == "POST" and not is_strike else None,
        initial={**{name: getattr(entry, name) for name in names}, "seen_edition": entry.edition},
    )
    strike = StrikeForm(request.POST if is_strike else None)
    if request.method == "POST":
        if is_strike:
            done = attempt(
                strike,
                lambda: services.strike_entry(
                    by=person, entry=entry, reason=strike.cleaned_data["reason"], clock=clock
                ),
            )
        else:
            done = attempt(
                form, lambda: services.correct_entry(by=person, entry=entry, clock=clock, **form.cleaned_data)
            )
        if done:
            messages.success(request, "取り消しました。" if is_strike else "直しました。")
            return redirect("office-procedures-counting")
    status = 422 if (form.is_bound and form.errors) or (strike.is_bound and strike.errors) else 200
    context = {"entry": entry, "form": form, "strike": strike}
    return render(request, "procedures/catalogue_office/entry.html", context, status=status)


@page(Face.OFFICE, may=KEEPS_ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def office_baseline_list(request: HttpRequest) -> HttpResponse:
    """Import the list behind the baseline; wrong cells come back marked in a sheet."""
    person, clock = person_and_clock(request)
    baseline = count_on(clock.today()).baseline
    form = BaselineListForm(
        posted(request),
        request.FILES if request.method == "POST" else None,
        initial={"as_of": baseline.on if baseline else None},
    )
    problems: tuple[Problem, ...] = ()
    token = ""

    def act() -> list[CountingEntry] | None:
        nonlocal problems, token
        upload = form.cleaned_data["file"]
        if upload.size > LARGEST_FILE:
            form.add_error("file", "ファイルが大きすぎます。5MBまでにしてください。")
            return None
        read = read_baseline_list(upload.read(), upload.name)
        problems = read.problems
        if read.errors is not None:
            token = keep_for(person, read.errors)
            form.add_error("file", f"{len(problems)}か所を直してください。何も取り込んでいません。")
            return None
        return services.import_baseline_list(by=person, rows=read.rows, as_of=form.cleaned_data["as_of"], clock=clock)

    if request.method == "POST":
        done = attempt(form, act)
        if done:
            messages.success(request, f"基準値の内訳として{len(done)}件を取り込みました。")
            return redirect("office-procedures-counting")
    return form_page(
        request,
        form,
        title="基準値の内訳を取り込む",
        back=("数えた手続きに戻る", reverse("office-procedures-counting")),
        template="import",
        submit="取り込む",
        lead="計画の現状値がどの手続きを数えたものか、一覧を取り込みます。取り込むと、数はこの一覧から数えます。",
        template_url=reverse("office-procedures-baseline-template"),
        problems=problems[:50],
        more=max(0, len(problems) - 50),
        token=token,
    )


@page(Face.OFFICE, may=KEEPS_ALL)
def office_baseline_template(request: HttpRequest) -> HttpResponse:
    """An empty file with the right columns and an example row, which is passed over."""
    example = [
        "例",
        "ぴったりサービス（マイナポータル）",
        "2023-02-01",
        "5坂第3号",
        "2023-02-14",
        "令和5年度の公開の起案",
    ]
    return download(write_csv(HEADS, [example]).content, "基準値の内訳のひな形.csv", "text/csv; charset=utf-8")


@page(Face.OFFICE, may=KEEPS_ALL)
def office_import_errors(request: HttpRequest, token: str) -> HttpResponse:
    """The sheet with the marked cells, for the person who sent the file."""
    person, _ = person_and_clock(request)
    return kept_for(person, token)
