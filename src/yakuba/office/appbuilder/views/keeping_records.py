"""What an app holds in the long run: disposal after the retention, the register entry, a masked copy."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, page
from yakuba.kernel.paper.api import write_xlsx
from yakuba.kernel.ui.api import town_look
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE
from yakuba.office.appbuilder.access_ledger import caring_for
from yakuba.office.appbuilder.forms.posted import posted_key
from yakuba.office.appbuilder.models import App, DisposalState, RecordDisposal
from yakuba.office.appbuilder.queries.ledger import REGISTER_FROM, entries, needs_register, with_counts
from yakuba.office.appbuilder.queries.register import register_draft
from yakuba.office.appbuilder.services.copying import copy_for_trial
from yakuba.office.appbuilder.services.disposing import (
    approve_disposal,
    draw_up_disposal,
    drop_disposal,
    due_records,
    kept_from,
)

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def disposal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Records whose retention is over, and the lists by which they were disposed of."""
    asking: Any = request
    caring = caring_for(asking.person, public_id)
    if request.method == "POST":
        _act(asking, caring.app)
        return redirect("office-app-disposal", public_id=public_id)
    years = caring.definition.care.years
    before = kept_from(asking.clock.today(), years) if years is not None else None
    lists = list(RecordDisposal.objects.filter(app=caring.app)[:30])
    current = next((one for one in lists if one.state in (DisposalState.DRAWN_UP, DisposalState.APPROVED)), None)
    shown = {
        "app": caring.app,
        "sight": {"manage": caring.manages},
        "caring": caring,
        "years": years,
        "before": before,
        "due": due_records(caring.app, before).count() if before is not None else 0,
        "lists": lists,
        "current": current,
        "lines": current.lines.all()[:200] if current else [],
        "may_draw": caring.writes and caring.manages,
        "may_drop": caring.writes and (caring.manages or caring.heads),
        "may_approve": caring.writes and caring.heads and current and current.drawn_up_by != asking.person.id,
    }
    return render(request, "appbuilder/disposal.html", shown)


def _act(asking: Any, app: App) -> None:
    given = {"by": asking.person, "clock": asking.clock}
    act = posted_key(asking, "act")
    try:
        if act == "draw":
            made = draw_up_disposal(app=app, **given)
            messages.success(asking, f"{made.count}件の廃棄目録を作りました。所属長の承認で廃棄します。")
            return
        found = RecordDisposal.objects.filter(app=app, public_id=posted_key(asking, "disposal")).first()
        if found is None or act not in ("approve", "drop"):
            raise NotVisible
        if act == "approve":
            approve_disposal(disposal=found, **given)
            messages.success(asking, "承認しました。記録の内容を順に廃棄します。")
        else:
            drop_disposal(disposal=found, **given)
            messages.success(asking, "廃棄目録を取りやめました。")
    except Refusal as refusal:
        messages.error(asking, f"{refusal.message}{refusal.hint or ''}")


@page(Face.OFFICE, may=MAY_USE)
@require_safe
def register(request: HttpRequest, public_id: str) -> HttpResponse:
    """The draft entry, to be printed or taken as Excel."""
    asking: Any = request
    caring = caring_for(asking.person, public_id)
    app = with_counts(App.objects.filter(pk=caring.app.pk).select_related("section__authority")).get()
    entry = entries([app], today=asking.clock.today())[app.pk]
    count: int = getattr(app, "record_count", 0)
    lines = register_draft(app, entry, records=count, town=town_look().name)
    if request.GET.get("export") == "xlsx":
        written = write_xlsx(
            ["項目", "内容"], lines, sheet="個人情報ファイル簿", title="個人情報ファイル簿（下書き）",
            notes=["アプリの定義から作った下書きです。法令と町の様式で確かめて使ってください。"],
        )  # fmt: skip
        response = HttpResponse(written, content_type=_XLSX)
        response["Content-Disposition"] = 'attachment; filename="register-draft.xlsx"'
        return response
    shown = {"app": app, "lines": lines, "is_due": needs_register(entry, count), "limit": f"{REGISTER_FROM:,}"}
    return render(request, "appbuilder/register.html", shown)


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a masked copy and open it."""
    asking: Any = request
    caring = caring_for(asking.person, public_id)
    try:
        made = copy_for_trial(by=asking.person, app=caring.app, clock=asking.clock)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
        return redirect("office-app-care", public_id=public_id)
    messages.success(
        request, "試し用の複製を作りました。あなただけに見えます。個人情報は見本の値に置き換えてあります。"
    )
    return redirect("office-app", public_id=made.public_id)
