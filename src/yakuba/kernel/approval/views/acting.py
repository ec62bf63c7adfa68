"""Acting on a request in a seat: agreeing, deciding, sending back, issuing, having seen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from yakuba.kernel.access.api import Face, NotAllowed, page
from yakuba.kernel.approval.access import get_for
from yakuba.kernel.approval.forms import ActForm, IssueForm
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.on_the_way import Day
from yakuba.kernel.approval.queries.requests import waiting_for, waiting_for_post_view
from yakuba.kernel.approval.rules.flow import Act
from yakuba.kernel.approval.rules.states import Outcome
from yakuba.kernel.approval.services import act_on_request, decide, issue_request, post_view
from yakuba.kernel.approval.services.closing import AlreadyClosed, words_of_the_end
from yakuba.kernel.approval.views.one_request import MAY, act_form, shown, turn_of
from yakuba.kernel.files.api import receive_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.things.api import Ref, ref_of
from yakuba.kernel.values.api import Refusal

_OUTCOMES = {Act.APPROVE: Outcome.APPROVED, Act.REFUSE: Outcome.REFUSED, Act.RETURN: Outcome.RETURNED}
_DONE = {
    Act.AGREE: "承認しました",
    Act.DISSENT: "「同意しない」と答えました",
    Act.EXAMINE: "審査済にしました",
    Act.HOLD: "差し止めました",
    Act.APPROVE: "承認しました",
    Act.REFUSE: "否決しました",
    Act.RETURN: "差し戻しました",
    Act.RETURN_TO: "前の段階に戻しました",
    Act.LIFT: "引き上げて承認しました",
    Act.SEE: "供覧を済ませました",
}


@page(Face.OFFICE, may=MAY)
@require_POST
def act(request: HttpRequest, public_id: str) -> HttpResponse:
    """Agree, examine, decide, send back …; whatever is refused keeps what was typed, files included."""
    asking: Any = request
    found = get_for(asking.person, public_id, on=asking.clock.today())
    day = Day.of(asking.clock.today())
    turn = turn_of(asking.person, found, day)
    if turn is None or Act.ISSUE in turn.acts:
        return _too_late(asking, public_id)
    form = act_form(found, turn, day, request.POST, request.FILES)
    kept = _kept_files(asking, found)
    if form.is_valid():
        try:
            kept += _received(asking, found, form)
            _do(asking, found, form, kept)
        except (AlreadyClosed, NotAllowed) as late:
            return _too_late(asking, public_id, late, kept)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _after(asking, found, Act(form.cleaned_data["act"]))
    return shown(asking, found, form=form, kept=kept, status=422)


def _do(asking: Any, found: DecisionRequest, form: ActForm, kept: list[StoredFile]) -> None:
    given = form.cleaned_data
    chosen = Act(given["act"])
    said: dict[str, Any] = {
        "by": asking.person,
        "request": found,
        "comment": given["comment"],
        "clock": asking.clock,
        "files": [ref_of(one) for one in kept],
        "said_absent": given.get("said_absent") or [],
        "seen_edition": given["seen_edition"],
    }
    if chosen in _OUTCOMES and _is_deciding(form):
        decide(outcome=_OUTCOMES[chosen], **said)
    else:
        act_on_request(act=chosen, back_to=given.get("back_to"), **said)


def _is_deciding(form: ActForm) -> bool:
    field: Any = form.fields["act"]
    return any(value == Act.APPROVE.value for value, _ in field.choices)


def _received(asking: Any, found: DecisionRequest, form: ActForm) -> list[StoredFile]:
    """The files sent with the act, each taken in by the house's one way."""
    taken = []
    for one in form.cleaned_data.get("attached") or []:
        try:
            taken.append(
                receive_file(by=asking.person, stream=one, filename=one.name, clock=asking.clock, owner=ref_of(found))
            )
        except Refusal as refusal:
            raise Refusal(refusal.message, field="attached", hint=refusal.hint) from refusal
    return taken


def _kept_files(asking: Any, found: DecisionRequest) -> list[StoredFile]:
    """Files that came with an attempt that was refused: they need not be chosen again."""
    named = [Ref.parse(one).public_id for one in asking.POST.getlist("kept")[:10] if one.startswith("files.file:")]
    own = ref_of(found)
    return list(
        StoredFile.objects.filter(
            public_id__in=named, uploaded_by=asking.person.id, owner_kind=own.kind, owner_id=own.public_id
        )
    )


def _too_late(asking: Any, public_id: str, late: Exception | None = None, kept: Any = ()) -> HttpResponse:
    """Somebody was faster, or it is no turn of theirs: nothing was written, the words stand on the page."""
    fresh = get_for(asking.person, public_id, on=asking.clock.today())
    told = f"{late}{getattr(late, 'hint', None) or ''}" if late else _why_not(fresh)
    words = str(ActForm(asking.POST, acts=())["comment"].value() or "")
    return shown(asking, fresh, late=told, unsent=words, kept=kept, status=409)


def _why_not(found: DecisionRequest) -> str:
    if not found.is_waiting:
        return f"{words_of_the_end(found)}今の状態を確かめてください。"
    if found.pulled_back_at is not None:
        return "起案した人が引き戻して直しています。出し直されると、もう一度答えられます。"
    return "今は、あなたの順番ではありません。順番は、下のルートで確かめられます。"


def _after(asking: Any, found: DecisionRequest, done: Act) -> HttpResponse:
    """On to the next request that waits, else back to this one: the way of a person who decides many in a row."""
    following = waiting_for(asking.person, on=asking.clock.today())
    if following:
        messages.success(
            asking, f"「{found.title}」を{_DONE[done]}。次の決裁を開いています（あと{len(following)}件）。"
        )
        return redirect("approval-decision", public_id=following[0].public_id)
    messages.success(asking, f"「{found.title}」を{_DONE[done]}。決裁を待つものは、もうありません。")
    return redirect("approval-decision", public_id=found.public_id)


@page(Face.OFFICE, may=MAY)
@require_POST
def issue(request: HttpRequest, public_id: str) -> HttpResponse:
    """施行: number and seal."""
    asking: Any = request
    found = get_for(asking.person, public_id, on=asking.clock.today())
    form = IssueForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            number = issue_request(
                by=asking.person,
                request=found,
                on=given["on"],
                number=given["number"],
                seal_copies=given["seal_copies"] or 0,
                clock=asking.clock,
            )
        except NotAllowed as late:
            fresh = get_for(asking.person, public_id, on=asking.clock.today())
            return shown(asking, fresh, late=str(late), unsent=given["number"], status=409)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"施行しました。文書番号は「{number}」です。")
            return redirect("approval-decision", public_id=public_id)
    return shown(asking, found, issue=form, status=422)


@page(Face.OFFICE, may=MAY)
@require_POST
def seen_afterwards(request: HttpRequest, public_id: str) -> HttpResponse:
    """後閲: who was away has seen what was done in their place."""
    asking: Any = request
    found = get_for(asking.person, public_id, on=asking.clock.today())
    staff = asking.person.staff_id
    waiting = [one for one in waiting_for_post_view(staff) if one.request_id == found.pk] if staff else []
    for one in waiting[-1:]:  # having seen the last one is having seen all before
        post_view(by=asking.person, act=one, clock=asking.clock)
    if waiting:
        messages.success(request, f"「{found.title}」の後閲を済ませました。")
    else:
        messages.info(request, "後閲するものはありません。")
    return redirect("approval-decision", public_id=public_id)
