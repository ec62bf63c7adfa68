"""``/office/letters/bundles/``: letters are bundled, printed in parts, posted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotAllowed, NotVisible, Role, page, role
from yakuba.kernel.audit.api import viewing
from yakuba.kernel.files.api import read_content
from yakuba.kernel.notify.access import (
    bundles_visible_to,
    get_bundle_for,
    letters_visible_to,
    may_read_content,
    sees_log,
    withhold_places,
)
from yakuba.kernel.notify.forms import BundleForm, PostForm
from yakuba.kernel.notify.models import Bundle, Letter
from yakuba.kernel.notify.prints.posting_list import posting_list_pdf
from yakuba.kernel.notify.rules.letters import BundleOrder, BundleState, LetterState, Service
from yakuba.kernel.notify.services.bundles import Posted, cancel_bundle, make_bundle, post_bundle
from yakuba.kernel.notify.views.acting import act_page, attempt, log_reading, own_sections, pdf_response
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.kernel.values.api import Refusal

_PRINT = viewing("notify.part_print", label="発送の束の印刷")
_LIST = viewing("notify.bundle_list", label="発送の束の発送簿")
_BADGES = {"preparing": "info", "ready": "warning", "posted": "success", "cancelled": ""}

BUNDLES = Listing(
    name="bundles",
    title="発送の束",
    columns=(
        Column(
            "made_at",
            "作った日時",
            "made_at",
            sort="made_at",
            kind=Kind.DATE,
            url=lambda one: reverse("office-bundle", args=[one.public_id]),
        ),
        Column("section", "担当", "section.name"),
        Column("service", "種類", "get_service_display"),
        Column("order", "並び順", "get_order_display"),
        Column("wanted", "通数", "wanted", kind=Kind.NUMBER),
        Column("state", "状態", "get_state_display", sort="state", badge=lambda one: _BADGES[one.state]),
        Column("posted_on", "発送日", "posted_on", sort="posted_on", kind=Kind.DATE),
        Column("made_by", "作った人", "made_by_name"),
    ),
    filters=(Filter("state", "状態", tuple((one.value, one.label) for one in BundleState), apply="state"),),
    order=("-made_at",),
    empty_title="発送の束はまだありません",
)


@page(Face.OFFICE, may=sees_log)
@never_cache
@require_safe
def bundles(request: HttpRequest) -> HttpResponse:
    """All bundles of one's own sections."""
    asking: Any = request
    return BUNDLES.answer(request, bundles_visible_to(asking.person), template="notify/bundles.html")


@page(Face.OFFICE, may=role(Role.STAFF))
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_bundle(request: HttpRequest) -> HttpResponse:
    """束を作って印刷する."""
    asking: Any = request
    sections = own_sections(asking.person, asking.clock)
    if not sections:
        raise NotAllowed("束を作れるのは、所属のある職員です。")
    counts = dict(
        letters_visible_to(asking.person)
        .filter(state=LetterState.WAITING.value)
        .order_by()
        .values_list("section_id")
        .annotate(Count("pk"))
        .values_list("section_id", "pk__count")
    )
    full = sorted(sections, key=lambda one: -counts.get(one.pk, 0))
    form = BundleForm(
        request.POST if request.method == "POST" else None, sections=full, initial={"section": full[0].public_id}
    )

    def perform() -> Bundle:
        given = form.given()
        return make_bundle(
            by=asking.person,
            section=given["section"],
            order=BundleOrder(given["order"]),
            service=Service(given["service"]),
            clock=asking.clock,
        )

    if (made := attempt(form, perform)) is not None:
        return HttpResponseRedirect(reverse("office-bundle", args=[made.public_id]))
    waiting = [{"name": str(one), "count": counts[one.pk]} for one in sections if counts.get(one.pk)]
    return act_page(
        request,
        form,
        title="束を作って印刷する",
        submit="束を作る",
        back=reverse("office-letters"),
        crumbs=[{"title": "郵便", "url": reverse("office-letters")}],
        lead="印刷を待っている郵便を、まとめて並べて印刷用の PDF にします。",
        waiting=waiting,
    )


@page(Face.OFFICE, may=sees_log)
@never_cache
@require_safe
def bundle(request: HttpRequest, public_id: str) -> HttpResponse:
    """One bundle: how far it is, its prints, what to do next."""
    asking: Any = request
    found = get_bundle_for(asking.person, public_id)
    return render(request, "notify/bundle.html", _context(asking, found))


@page(Face.OFFICE, may=role(Role.STAFF))
@never_cache
@require_safe
def part_print(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """One part as PDF."""
    asking: Any = request
    found = get_bundle_for(asking.person, public_id)
    part = found.parts.filter(number=number).select_related("file").first()
    if part is None or part.file is None or found.state == BundleState.CANCELLED:
        raise NotVisible
    if not may_read_content(asking.person, found):
        raise NotAllowed("印刷できるのは、担当の所属の職員です。")
    if part.file.state != "stored":
        raise Refusal("この印刷用ファイルは、保存期間が過ぎたため消しました。", hint="発送簿は引き続き見られます。")
    inside = list(part.letters.all())
    before = [one.is_protected for one in inside]
    withhold_places(inside, on=asking.clock.today())
    if [one.is_protected for one in inside] != before:
        raise Refusal(
            "印刷のあとで支援措置の対象になった人の手紙が、この部に入っています。",
            hint="束を取りやめて、作り直してください。その人の手紙は個別の対応に回ります。",
        )
    log_reading(asking.person, _PRINT, inside)
    return pdf_response(read_content(part.file), f"発送の束_第{number}部.pdf")


@page(Face.OFFICE, may=sees_log)
@never_cache
@require_safe
def bundle_list(request: HttpRequest, public_id: str) -> HttpResponse:
    """The posting list of a bundle as PDF."""
    asking: Any = request
    found = get_bundle_for(asking.person, public_id)
    letters = list(Letter.objects.filter(part__bundle=found).order_by("part__number", "place"))
    withhold_places(letters, on=asking.clock.today())
    log_reading(asking.person, _LIST, letters, "pdf")
    subtitle = f"{found.section}　{found.get_service_display()}　{found.get_order_display()}"
    return pdf_response(posting_list_pdf(letters, subtitle=subtitle, printed_at=asking.clock.now()), "発送簿.pdf")


@page(Face.OFFICE, may=role(Role.STAFF))
@never_cache
@require_POST
def bundle_post(request: HttpRequest, public_id: str) -> HttpResponse:
    """The bundle went to the post office."""
    asking: Any = request
    found = get_bundle_for(asking.person, public_id)
    form = PostForm(request.POST)

    def perform() -> Posted:
        return post_bundle(by=asking.person, bundle=found, posted_on=form.cleaned_data["posted_on"], clock=asking.clock)

    posted = attempt(form, perform)
    if posted is None:
        return render(request, "notify/bundle.html", {**_context(asking, found), "post_form": form}, status=422)
    messages.success(request, f"{posted.letters:,}通、{posted.yen:,}円の発送を記録しました。")
    if posted.to_take_out:
        messages.warning(
            request,
            "印刷のあとに支援措置の対象になった人の郵便があります。封筒を出す前に、次の整理番号の封筒を抜いてください："
            f"{'、'.join(posted.to_take_out)}",
        )
    return HttpResponseRedirect(reverse("office-bundle", args=[public_id]))


@page(Face.OFFICE, may=role(Role.STAFF))
@require_POST
def bundle_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the bundle up; its letters wait again."""
    asking: Any = request
    found = get_bundle_for(asking.person, public_id)
    try:
        cancel_bundle(by=asking.person, bundle=found)
        messages.success(request, "束をやめました。郵便は印刷待ちに戻りました。")
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return HttpResponseRedirect(reverse("office-bundle", args=[public_id]))


def _context(asking: Any, found: Bundle) -> dict[str, Any]:
    parts = list(found.parts.annotate(count=Count("letters")).select_related("file"))
    letters = Letter.objects.filter(part__bundle=found)
    in_parts = sum(part.count for part in parts)
    reads = may_read_content(asking.person, found)
    return {
        "bundle": found,
        "badge": _BADGES[found.state],
        "parts": parts,
        "done": sum(1 for part in parts if part.is_done),
        "letters": in_parts,
        "aside": max(0, found.wanted - in_parts) if found.is_sorted else 0,
        "districts": _by_district(letters) if found.order == BundleOrder.DISTRICT else [],
        "reads": reads,
        "may_post": reads and found.state == BundleState.READY,
        "may_cancel": reads and found.state in (BundleState.PREPARING, BundleState.READY),
        "post_form": PostForm(initial={"posted_on": asking.clock.today()}),
        "crumbs": [
            {"title": "郵便", "url": reverse("office-letters")},
            {"title": "発送の束", "url": reverse("office-bundles")},
            {"title": str(found), "url": ""},
        ],
    }


def _by_district(letters: Any) -> list[dict[str, Any]]:
    rows = letters.order_by().values_list("district").annotate(Count("pk")).values_list("district", "pk__count")
    return [{"name": name or "行政区の登録なし", "count": count} for name, count in sorted(rows)]
