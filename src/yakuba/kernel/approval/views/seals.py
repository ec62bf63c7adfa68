"""``/office/decisions/seals/``: the seal ledger (公印使用簿)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.approval.access import seal_uses_visible_to
from yakuba.kernel.approval.models import SealUse
from yakuba.kernel.approval.views.one_request import MAY
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.organisation.models import Authority
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing

_LIST = viewing("approval.seal_list", label="公印使用簿の閲覧")


def _authorities() -> list[tuple[str, str]]:
    return list(Authority.objects.order_by("order", "pk").values_list("public_id", "name"))


def _address(use: SealUse) -> str:
    return reverse("approval-decision", args=[use.request.public_id])


_SEALS = Listing(
    name="seal-uses",
    title="公印使用簿",
    columns=(
        Column("on", "使った日時", "used_at", sort="used_at", kind=Kind.DATE),
        Column("number", "文書番号", "document_number", sort="document_number", search=("document_number",)),
        Column("title", "件名", "request.title", search=("request__title",), url=_address, kind=Kind.WIDE),
        Column("seal", "公印", "seal_name", sort="seal_name"),
        Column("copies", "通数", "copies", sort="copies", kind=Kind.NUMBER),
        Column("section", "使った所属", "section.name", sort="section__order", search=("section__name",)),
        Column("by", "使った人", "used_name", search=("used_name",)),
        Column("examined", "公印審査", "examined_name", search=("examined_name",)),
    ),
    filters=(Filter("authority", "執行機関", _authorities, apply="authority__public_id"),),
    order=("-used_at",),
    empty_title="公印の使用はまだありません",
    empty_text="施行のときに「公印を押す通数」を入れると、ここに残ります。",
)


@page(Face.OFFICE, may=MAY)
@require_safe
def seals(request: HttpRequest) -> HttpResponse:
    """Which seal was used on which document, how often, by whom; as a sheet too."""
    asking: Any = request

    def shown(things: Sequence[Any], how: str) -> None:
        record_view(by=asking.person, subjects=[one.request.subject for one in things], what=_LIST, detail=how)

    return _SEALS.answer(
        request,
        seal_uses_visible_to(asking.person, on=asking.clock.today()),
        template="approval/seals.html",
        context={"crumbs": [{"title": "決裁", "url": reverse("approval-decisions")}, {"title": "公印使用簿"}]},
        on_show=shown,
    )
