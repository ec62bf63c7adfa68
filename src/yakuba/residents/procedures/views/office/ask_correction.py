"""``/office/cases/<id>/correct/``: ask the applicant to put single answers right; ``…/answer/``: enter their answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.cases.access import READ_CASE, get_for, is_protected_case, require_work
from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.queries.answers import answerable_places, answers_for
from yakuba.kernel.cases.queries.calendar import town_calendar
from yakuba.kernel.cases.queries.standing import handling_of
from yakuba.kernel.cases.rules.corrections import LONGEST_COMMENT
from yakuba.kernel.cases.rules.deadlines import correction_deadline
from yakuba.kernel.cases.services import ask_correction
from yakuba.kernel.cases.services.moving import ChangedMeanwhile
from yakuba.kernel.forms.api import evaluation_of_answers
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.ui.api import without_my_number
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.residents.procedures.access import MAY_OPEN
from yakuba.residents.procedures.forms.work import CorrectionForm
from yakuba.residents.procedures.queries.case_page import files_of_case, offered_templates
from yakuba.residents.procedures.views.answers_shown import with_files
from yakuba.residents.procedures.views.correct import answer_asked
from yakuba.residents.procedures.views.office.asking import carried, number_in, person_and_clock
from yakuba.residents.procedures.views.office.case import where_next
from yakuba.residents.procedures.views.office.case_context import Shown, head_context
from yakuba.residents.procedures.views.office.contact import was_opened


@dataclass
class Ticked:
    """What the page says about single answers: ticked places and their comments."""

    comments: Mapping[str, str]

    @property
    def items(self) -> list[tuple[str, str]]:
        return list(self.comments.items())


@page(Face.OFFICE, may=MAY_OPEN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """Tick answers, say what about each, until when. Whatever is refused stays on the page."""
    person, clock = person_and_clock(request)
    case = get_for(person, public_id)
    require_work(person, case)
    shown = Shown(request, person, clock, case)
    if request.method != "POST":
        form = CorrectionForm(
            prefix="correct", seen=case.edition, initial={"deadline": suggested_deadline(case, clock)}
        )
        return _page(shown, form, Ticked({}))
    form = CorrectionForm(request.POST, prefix="correct")
    try:
        ticked = _ticked(request, case)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(shown, form, _as_typed(request, case), status=422)
    if not form.is_valid():
        return _page(shown, form, ticked, status=422)
    try:
        ask_correction(
            by=person,
            case=case,
            items=ticked.items,
            message=form.cleaned_data["message"],
            deadline=form.cleaned_data["deadline"],
            seen_edition=form.cleaned_data["edition"],
            clock=clock,
        )
    except ChangedMeanwhile as late:
        fresh = Shown(request, person, clock, get_for(person, public_id), changed=f"{late.message}{late.hint or ''}")
        form.takes_up(fresh.case.edition)
        return _page(fresh, form, ticked, status=409)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(shown, form, ticked, status=422)
    messages.success(request, _done(case, form.cleaned_data["deadline"]))
    return HttpResponseRedirect(where_next(request, person, case))


@page(Face.OFFICE, may=MAY_OPEN)
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Enter the answer to a correction that came on paper, by telephone or at the counter."""
    person, clock = person_and_clock(request)
    case = get_for(person, public_id)
    require_work(person, case)
    if is_protected_case(case, on=clock.today()) and not was_opened(request, case):
        messages.warning(
            request,
            "支援措置の対象者がいる案件です。「申請者」の欄で理由を書いて開いてから、答えを入力してください。",
        )
        return HttpResponseRedirect(reverse("office-case", args=[case.public_id]) + carried(request))
    record_view(by=person, subjects=[case], what=READ_CASE, detail="answer")
    back = reverse("office-case", args=[case.public_id]) + carried(request, at=number_in(request.GET.get("at", "")))
    return answer_asked(request, case, template="procedures/office/answer.html", back=back, face=Face.OFFICE)


def suggested_deadline(case: Case, clock: Clock) -> Any:
    """The day proposed: as the section handles this procedure, else as the town has set it."""
    days = handling_of(case.procedure).correction_days or whole_on("cases.correction_days", clock.today())
    return correction_deadline(clock.today(), days, town_calendar())


def _done(case: Case, deadline: Any) -> str:
    told = (
        "本人の画面に出ます。"
        if case.applicant_account or case.password_hash
        else "この人は画面で受け取れません。電話するか、「補正の依頼を手紙にする」で郵送してください。"
    )
    return f"補正を求めました（期限 {deadline:%Y-%m-%d}）。{told}"


def _ticked(request: HttpRequest, case: Case) -> Ticked:
    """The ticked places with their comments. Raises `Refusal` when a My Number stands in one."""
    places = answerable_places(evaluation_of_answers(case.answers))
    return Ticked(
        {
            path: without_my_number(request.POST.get(f"comment:{path}", "")[: LONGEST_COMMENT + 1], field="items")
            for path in request.POST.getlist("path")[:100]
            if path in places
        }
    )


def _as_typed(request: HttpRequest, case: Case) -> Ticked:
    """The same, as it was typed, for showing it back: nothing of it is kept."""
    sent = dict(request.POST.lists())
    places = answerable_places(evaluation_of_answers(case.answers))
    return Ticked(
        {path: "".join(sent.get(f"comment:{path}", []))[:2000] for path in sent.get("path", [])[:100] if path in places}
    )


def _page(shown: Shown, form: CorrectionForm, ticked: Ticked, *, status: int = 200) -> HttpResponse:
    case = shown.case
    record_view(by=shown.person, subjects=[case], what=READ_CASE, detail="correct")
    head = head_context(shown)
    files = files_of_case(case, shown.person, opens=not head["is_protected"])
    form.offered = offered_templates(shown.desk.sections, case).get(str(form.template_use), [])  # type: ignore[attr-defined]
    places = answerable_places(evaluation_of_answers(case.answers))
    context = head | {
        "form": form,
        "changed": shown.changed,
        "sections": [
            {"title": one.title, "rows": list(_pickable(with_files(one.rows, files), places, ticked))}
            for one in answers_for(shown.person, case, on=shown.today)
        ],
        "hint": "　".join(one.words for one in form.offered[:1]),  # type: ignore[attr-defined]
    }
    return render(shown.request, "procedures/office/correct.html", context, status=status)


def _pickable(rows: list[dict[str, Any]], places: frozenset[str], ticked: Ticked) -> Iterator[dict[str, Any]]:
    """The answers one below the other, rows of groups too, each with whether it can be and is ticked."""
    for row in rows:
        yield row | {
            "may_pick": row["path"] in places,
            "is_picked": row["path"] in ticked.comments,
            "comment": ticked.comments.get(row["path"], ""),
            "id": "pick-" + row["path"].replace(".", "-"),
        }
        for title, inner in row["rows"]:
            for one in _pickable(inner, places, ticked):
                yield one | {"label": f"{title}：{one['label']}"}
