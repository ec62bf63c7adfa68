"""``/office/year-turn/``: the personnel list, the plan, the heirs, the day itself."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotVisible, Role, page, role
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.organisation.api import staff_on
from yakuba.kernel.organisation.models import Post
from yakuba.kernel.things.api import Ref, show
from yakuba.kernel.ui.api import DateField, TownForm, without_my_number
from yakuba.kernel.values.api import FiscalYear, Refusal
from yakuba.kernel.yearturn.access import get_for, visible_to
from yakuba.kernel.yearturn.models import LineState, TurnLine, YearTurn
from yakuba.kernel.yearturn.queries import places_on
from yakuba.kernel.yearturn.reading import MOST_BYTES, marked_list
from yakuba.kernel.yearturn.rules.personnel_list import Action, Fault
from yakuba.kernel.yearturn.rules.turn import TurnState
from yakuba.kernel.yearturn.services import (
    cancel_turn,
    choose_heirs,
    finish_turn,
    hand_over_chunk,
    heirs_with_names,
    prepare_turn,
    refresh_heirs,
    retry_failed,
    skip_line,
    start_turn,
    waiting_of,
)
from yakuba.kernel.yearturn.template import list_template

_PLAN = viewing("yearturn.plan", label="年度替わりの案の閲覧")
_ERRORS = viewing("yearturn.error_list", label="エラーの付いた名簿の取得")
_MAY = role(Role.PERSONNEL, Role.IT)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Pieces handed over in one request; the job of the day does the rest.
_MOST_CHUNKS = 10


class ListForm(TownForm):
    """A personnel list for a day."""

    on = DateField(
        label="年度替わりの日", help_text="この日の0時から新しい所属になり、退職者はアカウントが使えなくなります。"
    )
    personnel_list = forms.FileField(
        label="人事異動名簿",
        help_text=f"Excel（.xlsx）または CSV、{MOST_BYTES // 1024 // 1024} MB まで。"
        "列は 職員番号・氏名・区分・新所属・新職（採用と更新は 任用の種類・任期の末日 も）。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "名簿を選んでください。", "empty": "名簿が空（0 バイト）です。"},
    )


_WAY = (
    {
        "when": "1",
        "title": "課の改称・統合・設置を、先に組織図の画面で登録する",
        "text": "名簿の新所属は、その日に存在する所属から選びます。",
    },
    {"when": "2", "title": "名簿を送り、案と引き継ぎ先を確かめる", "text": "この時点では何も登録されません。"},
    {"when": "3", "title": "発令を登録する", "text": "その日の0時から有効になります。前もって登録できます。"},
    {
        "when": "4",
        "title": "当日、仕事を引き継いで完了する",
        "text": "0時5分に自動で引き継ぎます。引き継ぎ先のない仕事が残ると完了できません。",
    },
)


@page(Face.OFFICE, may=_MAY)
@require_http_methods(["GET", "HEAD", "POST"])
def year_turn(request: HttpRequest) -> HttpResponse:
    """All turns, and the way in for a new list."""
    asking: Any = request
    following = FiscalYear.of(asking.clock.today()).next.start
    form = ListForm(request.POST or None, request.FILES or None, initial={"on": following})
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["personnel_list"]
        try:
            turn = prepare_turn(
                by=asking.person,
                content=sent.read(MOST_BYTES + 1),
                filename=sent.name,
                on=form.cleaned_data["on"],
                clock=asking.clock,
            )
        except Refusal as refusal:
            field = "on" if refusal.field == "on" else "personnel_list"
            form.add_error(field, f"{refusal.message}{refusal.hint or ''}")
        else:
            return redirect("yearturn-turn", public_id=turn.public_id)
    return render(
        request,
        "yearturn/year_turn.html",
        {"form": form, "turns": visible_to(asking.person)[:10], "following": following, "way": _WAY},
        status=422 if form.errors else 200,
    )


@page(Face.OFFICE, may=_MAY)
@require_safe
def template_file(request: HttpRequest, on: str) -> HttpResponse:
    """The list to fill in, with the sections and posts of the day on a second sheet."""
    try:
        day = date.fromisoformat(on)
    except ValueError as fault:
        raise NotVisible from fault
    places = [(place.code, place.path) for place in places_on(day)]
    posts = list(Post.objects.values_list("title", flat=True))
    return _file(list_template(day, places, posts), f"人事異動名簿_{day.isoformat()}.xlsx")


@page(Face.OFFICE, may=_MAY)
@require_safe
def turn(request: HttpRequest, public_id: str) -> HttpResponse:
    """The plan of a turn: who moves, who leaves, who joins, which work goes to whom, how far it came."""
    asking: Any = request
    found = get_for(asking.person, public_id)
    return _shown(request, found, {}, {})


@page(Face.OFFICE, may=_MAY)
@require_POST
def choose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take other heirs; a piece whose heir is refused stays as typed, the others are kept."""
    asking: Any = request
    found = get_for(asking.person, public_id)
    typed = {
        key.removeprefix("heir-"): str(value).partition(" ")[0][:40]
        for key, value in request.POST.items()
        if key.startswith("heir-")
    }
    faults: dict[str, str] = {}
    changed = 0
    for one, number in list(typed.items())[:500]:
        try:
            changed += len(choose_heirs(by=asking.person, turn=found, numbers={one: number}))
        except Refusal as refusal:
            faults[one] = f"{refusal.message}{refusal.hint or ''}"
    if faults:
        return _shown(request, found, {key: typed[key] for key in faults}, faults)
    messages.success(request, f"引き継ぎ先を{changed}件変更しました。" if changed else "変更はありませんでした。")
    return redirect("yearturn-turn", public_id=public_id)


@page(Face.OFFICE, may=_MAY)
@require_POST
def act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Ask again for open work, start, retry, hand over, finish or cancel."""
    asking: Any = request
    found = get_for(asking.person, public_id)
    by, clock = asking.person, asking.clock
    try:
        if act == "refresh":
            refresh_heirs(by=by, turn=found)
            messages.success(request, "未完了の仕事を確かめ直しました。")
        elif act == "start":
            start_turn(by=by, turn=found, clock=clock)
        elif act == "retry":
            retry_failed(by=by, turn=found, clock=clock)
        elif act == "hand-over":
            _hand_over(asking, found)
        elif act == "finish":
            finish_turn(by=by, turn=found, clock=clock)
            messages.success(request, "年度替わりを完了しました。")
        elif act == "cancel":
            cancel_turn(by=by, turn=found, clock=clock)
            messages.success(request, "取りやめました。預かった名簿は消去しました。")
            return redirect("yearturn")
        else:
            raise NotVisible
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return redirect("yearturn-turn", public_id=public_id)


def _hand_over(asking: Any, found: YearTurn) -> None:
    if asking.clock.today() < found.on:
        raise Refusal("年度替わりの日がまだ来ていません。", hint="その日の0時を過ぎると自動で引き継がれます。")
    refresh_heirs(by=asking.person, turn=found)
    for _ in range(_MOST_CHUNKS):
        if not hand_over_chunk(by=asking.person, turn=found, clock=asking.clock):
            break
    left = waiting_of(found).count()
    if left:
        messages.info(asking, f"引き継ぎを進めました。残りは{left}件です。もう一度押すと続きを行います。")
    else:
        messages.success(asking, "引き継ぎ先のある仕事をすべて引き継ぎました。")


@page(Face.OFFICE, may=_MAY)
@require_POST
def skip(request: HttpRequest, public_id: str) -> HttpResponse:
    """Leave a refused line out, with the reason."""
    asking: Any = request
    line = TurnLine.objects.filter(public_id=public_id).select_related("turn").first()
    if line is None:
        raise NotVisible
    reason = request.POST.get("reason", "")
    try:
        skip_line(by=asking.person, line=line, reason=without_my_number(reason, field="reason"))
        messages.success(request, f"「{line.name}」の行を外しました。")
    except Refusal as refusal:
        kept = {"line": line, "reason": reason[:200], "fault": f"{refusal.message}{refusal.hint or ''}"}
        return _shown(request, get_for(asking.person, line.turn.public_id), {}, {}, unskipped=kept)
    return redirect("yearturn-turn", public_id=line.turn.public_id)


@page(Face.OFFICE, may=_MAY)
@require_safe
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The progress alone, asked again every two seconds while postings are registered."""
    asking: Any = request
    found = get_for(asking.person, public_id)
    response = render(request, "yearturn/progress.html", _progress(found))
    if not _progress(found)["is_running"]:
        response["HX-Redirect"] = reverse("yearturn-turn", args=[found.public_id])
    return response


@page(Face.OFFICE, may=_MAY)
@require_safe
def error_list(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same list with the column エラー."""
    asking: Any = request
    found = get_for(asking.person, public_id)
    if not found.faults or not found.content:
        raise NotVisible
    record_view(by=asking.person, subjects=[found], what=_ERRORS)
    marked = marked_list(bytes(found.content), found.filename, [Fault(**one) for one in found.faults])
    return _file(marked.content, marked.filename)


def _shown(
    request: HttpRequest,
    found: YearTurn,
    typed: dict[str, str],
    faults: dict[str, str],
    *,
    unskipped: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page of a turn; `unskipped` is a line that was not left out, with the reason as typed and what is wrong."""
    asking: Any = request
    record_view(by=asking.person, subjects=[found], what=_PLAN)
    lines = list(found.lines.select_related("staff", "section", "section__parent", "post"))
    state = TurnState(found.state)
    pieces = heirs_with_names(found)
    orphans = sum(1 for one, _ in pieces if one.handed_at is None and not one.heir_number)
    waiting = sum(1 for one, _ in pieces if one.handed_at is None and one.heir_number)
    heirs = []
    for one, name in pieces:
        shown = show(Ref.parse(one.ref), to=asking.person)
        heirs.append(
            {
                "heir": one,
                "url": shown.url if shown else "",
                "value": typed.get(one.public_id, f"{one.heir_number} {name}".strip()),
                "fault": faults.get(one.public_id, ""),
                "is_orphan": one.handed_at is None and not one.heir_number,
            }
        )
    may_choose = state in (TurnState.DRAFT, TurnState.APPLYING, TurnState.POSTED)
    return render(
        request,
        "yearturn/turn.html",
        {
            "turn": found,
            "state": state.value,
            "steps": _steps(state, orphans, found.on <= asking.clock.today()),
            "groups": _groups(lines),
            "failed": [line for line in lines if line.state == LineState.FAILED],
            "unskipped": unskipped,
            "heirs": heirs,
            "may_choose": may_choose,
            "orphans": orphans,
            "waiting": waiting,
            "day_has_come": found.on <= asking.clock.today(),
            "people": staff_on(found.on).order_by("number").values_list("number", "name")
            if may_choose and heirs
            else [],
            "joiners": [(line.number, line.name) for line in lines if line.action == Action.JOIN],
            "has_error_list": bool(found.faults and found.content),
            "crumbs": [{"title": "年度替わり", "url": reverse("yearturn")}, {"title": str(found)}],
            **_progress(found),
        },
        status=422 if faults or unskipped else 200,
    )


def _progress(found: YearTurn) -> dict[str, Any]:
    total = found.lines.count()
    open_lines = found.lines.filter(state=LineState.PENDING).count()
    return {
        "turn": found,
        "total": total,
        "settled": total - open_lines,
        "is_running": found.state == TurnState.APPLYING and open_lines > 0,
    }


def _groups(lines: list[TurnLine]) -> list[dict[str, Any]]:
    """The lines by action, in the order people read them."""
    order = (Action.MOVE, Action.JOIN, Action.RENEW, Action.RETIRE, Action.TERM_END)
    groups = [{"action": one.label, "lines": [line for line in lines if line.action == one]} for one in order]
    return [group for group in groups if group["lines"]]


def _steps(state: TurnState, orphans: int, day_has_come: bool) -> list[dict[str, str]]:
    """Where the turn stands, for the reader."""
    is_past_draft = state in (TurnState.APPLYING, TurnState.POSTED, TurnState.FINISHED)
    is_posted = state in (TurnState.POSTED, TurnState.FINISHED)
    heirs_state = "done" if is_past_draft and not orphans else "current" if state is TurnState.DRAFT or orphans else ""
    post_state = "done" if is_posted else "current" if state is TurnState.APPLYING else ""
    day_state = "done" if state is TurnState.FINISHED else "current" if state is TurnState.POSTED else ""
    return [
        {"title": "名簿を確かめる", "state": "current" if state is TurnState.REFUSED else "done"},
        {"title": "引き継ぎ先を決める", "state": heirs_state},
        {"title": "発令を登録する", "state": post_state},
        {
            "title": "当日に引き継ぐ",
            "state": day_state,
            "note": "その日を待っています" if day_state == "current" and not day_has_come else "",
        },
        {"title": "完了", "state": "done" if state is TurnState.FINISHED else ""},
    ]


def _file(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    response["Cache-Control"] = "private, no-store"
    return response
