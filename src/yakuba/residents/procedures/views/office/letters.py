"""``/office/cases/letters/``: notices (通知書) that wait to be sent, went on paper, came back or were never opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.cases.access import EXPORT, READ_LIST
from yakuba.kernel.cases.models import Notice, NoticeKind, NoticeState, NoticeWay
from yakuba.kernel.cases.services.notices import send_all
from yakuba.kernel.japan.api import fold
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing, Searched
from yakuba.residents.procedures.access import MAY_READ, MAY_WORK
from yakuba.residents.procedures.views.office.asking import Desk, person_and_clock

_BOXES = {
    "paper": ("紙で送る前", Q(way__in=(NoticeWay.POST, NoticeWay.COUNTER), state__in=(NoticeState.READY, NoticeState.SENT_BACK))),
    "electronic": ("電子で送る前", Q(way=NoticeWay.ELECTRONIC, state=NoticeState.READY)),
    "unopened": ("まだ開かれていない電子通知", Q(way=NoticeWay.ELECTRONIC, state=NoticeState.SENT)),
    "making": ("作成中・作れなかったもの", Q(state=NoticeState.PREPARING)),
    "all": ("すべて", Q()),
}  # fmt: skip
_BADGES = {
    "preparing": "",
    "ready": "warning",
    "sent": "info",
    "arrived": "success",
    "sent_back": "error",
    "replaced": "",
}
_EMPTY = {
    "paper": ("紙で送る通知書はありません", "決裁が終わった案件の画面で通知書を作ると、ここに出ます。"),
    "electronic": ("電子で送る通知書はありません", "本人が電子の通知に同意した案件の通知書が、ここに出ます。"),
    "unopened": ("開かれていない電子の通知書はありません", ""),
    "making": ("作成中の通知書はありません", ""),
    "all": ("通知書はまだありません", ""),
}
MOST = 200


@page(Face.OFFICE, may=MAY_READ)
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The boxes of letters over all cases of the person."""
    person, clock = person_and_clock(request)
    desk = Desk(person, clock.today())
    rows = letters_of(desk)
    waiting = rows.order_by().aggregate(
        **{key: Count("pk", filter=held) for key, (_, held) in _BOXES.items() if key != "all"}
    )
    box = request.GET.get("box", "")
    if box not in _BOXES:
        box = "paper"

    def shown(things: Sequence[Any], how: str) -> None:
        record_view(
            by=person,
            subjects=[one.case for one in things],
            what=READ_LIST if how == "page" else EXPORT,
            detail=f"letters {how}",
        )

    may_work = MAY_WORK.allows(person) and not person.is_read_only
    return _listing(box, clock.now(), whole_on("cases.enotice_days", desk.today)).answer(
        request,
        rows.filter(_BOXES[box][1]),
        template="procedures/office/letters.html",
        context={
            "tabs": [
                {"title": title, "url": f"?box={key}", "current": key == box, "badge": waiting.get(key) or ""}
                for key, (title, _) in _BOXES.items()
            ],
            "may_send": may_work and box in ("paper", "electronic"),
            "box": box,
            "days": whole_on("cases.enotice_days", desk.today),
        },
        on_show=shown,
    )


@page(Face.OFFICE, may=MAY_WORK)
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Send the ticked letters each the way it goes; what could not be sent is named."""
    person, clock = person_and_clock(request)
    back = HttpResponseRedirect(reverse("office-case-letters") + f"?box={_box_of(request)}")
    picked = list(dict.fromkeys(request.POST.getlist("picked")))[:MOST]
    found = list(letters_of(Desk(person, clock.today())).filter(public_id__in=picked))
    if not found:
        messages.warning(request, "通知書が選ばれていません。左の欄で選んでから押してください。")
        return back
    outcomes = send_all(by=person, notices=found, clock=clock)
    refused = [(notice, why) for notice, why in outcomes if why]
    if len(outcomes) > len(refused):
        messages.success(
            request,
            f"{len(outcomes) - len(refused)}通を送りました。紙のものは「郵便（発送簿）」で印刷して発送してください。",
        )
    if refused:
        named = "、".join(f"{notice.case.number}（{why}）" for notice, why in refused[:5])
        messages.error(request, f"{len(refused)}通は送れませんでした：{named}")
    return back


def letters_of(desk: Desk) -> QuerySet[Notice]:
    """The letters of the cases a person sees."""
    return Notice.objects.filter(case__in=desk.cases.order_by().values("pk")).select_related(
        "case", "case__section", "number"
    )


def _box_of(request: HttpRequest) -> str:
    box = request.GET.get("box", "")
    return box if box in _BOXES else "paper"


def _listing(box: str, now: Any, days: int) -> Listing:
    title, text = _EMPTY[box]

    def left(notice: Notice) -> str:
        """How long an electronic letter can still be opened before it goes on paper."""
        if notice.sent_at is None or not (notice.way == NoticeWay.ELECTRONIC and notice.state == NoticeState.SENT):
            return ""
        until = timezone.localtime(notice.sent_at + timedelta(days=days)).date()
        over = (timezone.localtime(now).date() - until).days
        return f"{until.month}/{until.day}に紙へ" if over < 0 else "紙に切り替わります（今夜）"

    return Listing(
        name="letters",
        title="送る通知書",
        columns=(
            Column(
                "case",
                "受付番号",
                "case.number",
                sort="case__number",
                search=(Searched("case__search_words", fold),),
                url=lambda one: reverse("office-case", args=[one.case.public_id]),
                kind=Kind.TIGHT,
            ),
            Column("kind", "通知書", "get_kind_display", sort="kind", kind=Kind.TIGHT),
            Column("title", "手続き", "case.title", sort="case__title", kind=Kind.WIDE),
            Column("name", "宛名", "case.applicant_name", sort="case__applicant_kana", exported=False),
            Column("number", "文書番号", lambda one: one.number.written if one.number else "", kind=Kind.TIGHT),
            Column("way", "送り方", _way, sort="way"),
            Column(
                "state", "状態", _state, sort="state", badge=lambda one: "error" if one.fault else _BADGES[one.state]
            ),
            Column("sent", "送付", "sent_at", sort="sent_at", kind=Kind.DATE, shown=box in ("unopened", "all")),
            Column("left", "期限", left, shown=box == "unopened", kind=Kind.TIGHT),
            Column("made", "作成", "made_at", sort="made_at", kind=Kind.DATE, shown=box not in ("unopened", "all")),
        ),
        filters=(Filter("kind", "種類", NoticeKind.choices, apply="kind"),),
        order=("-made_at",) if box == "all" else ("made_at",),
        keep=("box",),
        empty_title=title,
        empty_text=text,
    )


def _way(notice: Notice) -> str:
    if notice.content.get("by_hand"):
        return "個別に渡す"
    return f"{notice.get_way_display()}（期限切れ）" if notice.to_paper_on else str(notice.get_way_display())


def _state(notice: Notice) -> str:
    return "作れませんでした" if notice.fault else str(notice.get_state_display())
