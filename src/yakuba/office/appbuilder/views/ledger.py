"""アプリ台帳: every app with its owner, keepers, purpose and state; and the ledger's page of one app."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, NotVisible, page
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.kernel.values.api import TOKYO, Refusal
from yakuba.office.appbuilder.access import MAY_USE
from yakuba.office.appbuilder.access_ledger import caring_for, has_ledger, in_ledger
from yakuba.office.appbuilder.forms.caring import CareForm, HoursForm
from yakuba.office.appbuilder.forms.posted import posted_number
from yakuba.office.appbuilder.models import App, AppEvent, HoursEntry
from yakuba.office.appbuilder.queries.ledger import Entry, entries, with_counts
from yakuba.office.appbuilder.rules.care import personal_fields
from yakuba.office.appbuilder.rules.definition import FieldClass
from yakuba.office.appbuilder.services.caring import enter_hours
from yakuba.office.appbuilder.views.building import Desk

_CARE = ("管理する人がいない", "所管課が廃止された", "所管課がない", "12か月使われていない", "個人情報ファイル簿の確認")
_STATES = ("使用中", "作りかけ", "使用終了")


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger, on the page or as a file. It never shows a record."""
    asking: Any = request
    if not has_ledger(asking.person):
        raise NotVisible
    today = asking.clock.today()
    seen = with_counts(in_ledger(asking.person))
    known = entries(list(seen), today=today)
    return _listing(known).answer(
        request, seen, template="appbuilder/ledger.html", context={"lead": _lead(known.values())}
    )


def _lead(known: Any) -> str:
    open_ones = [one for one in known if not one.is_closed]
    troubled = sum(bool(one.problems) for one in open_ones)
    return f"使用中・作りかけ {len(open_ones)}件。気をつけるところのあるもの {troubled}件。"


def _listing(known: dict[int, Entry]) -> Listing:
    def of(read: Callable[[Entry], object]) -> Callable[[Any], object]:
        return lambda app: read(known[app.pk]) if app.pk in known else None

    def only(allowed: Callable[[Entry, str], bool]) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
        return lambda rows, value: rows.filter(pk__in=[pk for pk, one in known.items() if allowed(one, value)])

    sections = {one.app.section for one in known.values() if one.app.section is not None}
    return Listing(
        name="アプリ台帳",
        title="アプリ台帳",
        columns=(
            Column("title", "アプリ", "title", sort="title", search=["title"], url=_url),
            Column("state", "状態", of(lambda one: one.state), badge=_state_badge(known)),
            Column("problems", "気をつけるところ", of(lambda one: "、".join(one.problems))),
            Column("section", "所管課", "section", sort="section__name"),
            Column("keepers", "管理する人", of(lambda one: "、".join(one.keepers))),
            Column("class", "情報", of(lambda one: one.data_class.label), badge=_class_badge(known)),
            Column("records", "記録", "record_count", sort="record_count", kind=Kind.NUMBER),
            Column("used", "最後に使った日", _used_on, sort="used_at", kind=Kind.DATE),
            Column("years", "保存", of(lambda one: _years(one)), kind=Kind.TIGHT, exported=False),
            Column("saved", "減った時間", of(lambda one: one.saved), kind=Kind.NUMBER),
            Column("purpose", "利用目的", of(lambda one: one.definition.care.purpose), shown=False),
            Column("personal", "個人情報の項目", of(_personal), shown=False),
            Column("kept", "保存期間", of(lambda one: one.definition.care.kept_words), shown=False),
            Column("version", "版", of(lambda one: one.version or None), shown=False),
            Column("reach", "つながり", of(lambda one: one.reach.words), shown=False),
            Column("made_by", "作った人", "made_by_name", shown=False),
        ),
        filters=(
            Filter("section", "所管課", _choices(sections), apply="section__public_id"),
            Filter("state", "状態", [(one, one) for one in _STATES], apply=only(lambda one, value: one.state == value)),
            Filter(
                "class",
                "情報",
                [(one.value, one.label) for one in FieldClass],
                apply=only(lambda one, value: one.data_class.value == value),
            ),
            Filter(
                "problem",
                "気をつけるところ",
                [("any", "何かある"), *((one, one) for one in _CARE)],
                apply=only(lambda one, value: bool(one.problems) if value == "any" else value in one.problems),
            ),
        ),
        order=("title",),
        empty_title="アプリはまだありません",
        empty_text="職員がアプリを作ると、ここに一覧で出ます。",
    )


def _used_on(app: Any) -> object:
    return app.used_at.astimezone(TOKYO).date() if app.used_at else None


def _years(entry: Entry) -> str:
    years = entry.definition.care.years
    return "期限なし" if years is None and entry.definition.care.retention else "" if years is None else f"{years}年"


def _url(app: Any) -> str:
    return reverse("office-app-care", args=[app.public_id])


def _personal(entry: Entry) -> str:
    return "、".join(f"{one.label}（{one.data_class.label}）" for one in personal_fields(entry.definition))


def _choices(sections: set[Section]) -> Sequence[tuple[str, str]]:
    return [(one.public_id, one.name) for one in sorted(sections, key=lambda one: (one.order, one.name))]


def _class_badge(known: dict[int, Entry]) -> Callable[[Any], str]:
    kinds = {FieldClass.OPEN: "", FieldClass.PERSONAL: "info", FieldClass.SENSITIVE: "warning"}
    return lambda app: kinds[known[app.pk].data_class] if app.pk in known else ""


def _state_badge(known: dict[int, Entry]) -> Callable[[Any], str]:
    kinds = {"使用中": "success", "作りかけ": "warning", "使用終了": ""}
    return lambda app: kinds[known[app.pk].state] if app.pk in known else ""


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def care(request: HttpRequest, public_id: str) -> HttpResponse:
    """The ledger's page of one app; hours are entered here."""
    asking: Any = request
    caring = caring_for(asking.person, public_id)
    today = asking.clock.today()
    form = HoursForm(request.POST if request.method == "POST" else None, initial={"from_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            enter_hours(by=asking.person, app=caring.app, clock=asking.clock, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, f"{refusal.message}{refusal.hint}")
        else:
            messages.success(request, "減った時間を台帳に入れました。")
            return redirect("office-app-care", public_id=public_id)
    app = with_counts(App.objects.filter(pk=caring.app.pk).select_related("section")).get()
    shown = {
        "app": app,
        "sight": {"manage": caring.manages},
        "caring": caring,
        "entry": entries([app], today=today)[app.pk],
        "personal": personal_fields(caring.definition),
        "hours": HoursEntry.objects.filter(app=app)[:10],
        "events": AppEvent.objects.filter(app=app)[:30],
        "form": form,
    }
    return render(request, "appbuilder/care.html", shown, status=422 if form.errors else 200)


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def purpose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Purpose and retention, in the draft."""
    desk = Desk(request, public_id)
    form = CareForm(request.POST if request.method == "POST" else None, initial=desk.definition.care.model_dump())
    edition = posted_number(request, "edition") if request.method == "POST" else desk.edition
    if request.method == "POST" and form.is_valid():
        try:
            desk.save(desk.definition.model_copy(update={"care": form.made()}), edition)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.message}{refusal.hint}")
        else:
            messages.success(request, "目的と保存期間を下書きに保存しました。使い始めると台帳に出ます。")
            return redirect("office-app-fields", public_id=public_id)
    shown = {"app": desk.app, "form": form, "edition": edition}
    return render(request, "appbuilder/purpose.html", shown, status=422 if form.errors else 200)
