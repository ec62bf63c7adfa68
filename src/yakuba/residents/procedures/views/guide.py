"""The life-event guide: questions in the address, nothing stored, no account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.catalogue.api import procedures_to_read
from yakuba.kernel.catalogue.queries.delivery import life_events
from yakuba.kernel.catalogue.queries.guide import guides
from yakuba.kernel.catalogue.rules.guide import (
    Applying,
    Bringing,
    Guide,
    Option,
    Question,
    QuestionKind,
    Stage,
    Walk,
    merged_documents,
    walk,
)
from yakuba.kernel.values.api import Text
from yakuba.residents.procedures.queries.shown import ShownProcedure, all_shown, counter_hours

MOST_VALUES = 40


@dataclass(frozen=True, slots=True)
class ToDo:
    """A line of the result: what to do, why, until when, where, and the buttons that start it.

    `shown` is the procedure; without one it is done elsewhere (`title`, `where`).
    """

    title: Text
    why: Text
    due: date | None
    due_words: Text | None
    is_overdue: bool
    shown: ShownProcedure | None
    where: Text | None


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that was answered, in words, and the address that asks it again."""

    question: Question
    said: tuple[Text, ...]
    day: date | None
    url: str


@page(Face.PUBLIC, may=anyone)
def guide_home(request: HttpRequest) -> HttpResponse:
    """All guides."""
    known = guides()
    found = [(event, known[event.key]) for event in life_events() if event.key in known]
    return render(request, "procedures/guide/home.html", {"guides": found})


@page(Face.PUBLIC, may=anyone)
def guide_walk(request: HttpRequest, event: str) -> HttpResponse:
    """Questions of one guide, or, when all are answered, what applies. `print=1` sets the result for paper."""
    asking: Any = request
    guide = guides().get(event)
    if guide is None:
        raise Http404("このガイドはありません。")
    today = asking.clock.today()
    given = {key: values[:MOST_VALUES] for key, values in request.GET.lists() if len(key) <= 40}
    walked = walk(guide, given, today=today)
    is_sent = "seen" in given
    context: dict[str, Any] = {
        "guide": guide,
        "answered": _answered(guide, walked, given),
        "today": today,
        "start_url": reverse("procedures-guide-event", args=[event]),
    }
    if not walked.is_done:
        context |= {
            "open": [
                _Asked(one, given.get(one.key, []), was_asked=is_sent and one.key in given.get("seen", []))
                for one in walked.open
            ],
            "carried": _carried(walked, given),
        }
        return render(request, "procedures/guide/questions.html", context)
    stages, bring, places = _result(request, walked, today)
    opens, closes = counter_hours(today)
    context |= {
        "stages": stages,
        "count": sum(len(todos) for _, todos in stages),
        "bring": bring,
        "places": places,
        "opens": opens,
        "closes": closes,
        "print_url": f"?{urlencode(_parameters(walked, given), doseq=True)}&print=1",
        "screen_url": f"?{urlencode(_parameters(walked, given), doseq=True)}",
    }
    template = "print" if request.GET.get("print") == "1" else "result"
    return render(request, f"procedures/guide/{template}.html", context)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question on the page, with what stood there when it was sent."""

    question: Question
    given: list[str]
    was_asked: bool

    @property
    def is_wrong(self) -> bool:
        """Whether it was sent without an answer although it needs one."""
        return self.was_asked

    @property
    def options(self) -> list[tuple[str, Option | None, bool]]:
        """Value, option (none for yes and no), chosen."""
        if self.question.kind is QuestionKind.YES_NO:
            return [("yes", None, "yes" in self.given), ("no", None, "no" in self.given)]
        return [(option.value, option, option.value in self.given) for option in self.question.options]

    @property
    def value(self) -> str:
        return self.given[0][:10] if self.given else ""


def _parameters(walked: Walk, given: dict[str, list[str]]) -> dict[str, list[str]]:
    """The answers that count, as parameters of an address."""
    kept: dict[str, list[str]] = {}
    for key, answer in walked.answers.items():
        if isinstance(answer, bool):
            kept[key] = ["yes" if answer else "no"]
        elif isinstance(answer, tuple):
            kept[key] = list(answer)
        elif answer is not None:
            kept[key] = [answer]
    seen = [key for key in walked.answers if key in given.get("seen", [])]
    return kept | ({"seen": seen} if seen else {})


def _carried(walked: Walk, given: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Earlier answers, as hidden fields of the next page."""
    open_keys = {question.key for question in walked.open}
    return [
        (key, value)
        for key, values in _parameters(walked, given).items()
        for value in values
        if key not in open_keys and not (key == "seen" and value in open_keys)
    ]


def _answered(guide: Guide, walked: Walk, given: dict[str, list[str]]) -> list[Answered]:
    """What was answered so far. Asking a question again forgets it and what follows it, nothing before."""
    open_keys = {question.key for question in walked.open}
    parameters = _parameters(walked, given)
    found = []
    for place, question in enumerate(guide.questions):
        if question.key not in walked.answers or question.key in open_keys:
            continue
        earlier = {one.key for one in guide.questions[:place]}
        kept = {key: values for key, values in parameters.items() if key in earlier}
        kept["seen"] = [key for key in parameters.get("seen", []) if key in earlier]
        url = f"?{urlencode(kept, doseq=True)}"
        answer = walked.answers[question.key]
        said: tuple[Text, ...] = ()
        if isinstance(answer, bool):
            said = (YES if answer else NO,)
        elif isinstance(answer, tuple) or question.kind is QuestionKind.CHOICE:
            chosen = answer if isinstance(answer, tuple) else (answer,)
            said = tuple(option.label for option in question.options if option.value in chosen)
        day = date.fromisoformat(answer) if question.kind is QuestionKind.DATE and isinstance(answer, str) else None
        found.append(Answered(question, said, day, url))
    return found


YES = Text("はい", easy="はい", en="Yes")
NO = Text("いいえ", easy="いいえ", en="No")


def _result(
    request: HttpRequest, walked: Walk, today: date
) -> tuple[list[tuple[Stage, list[ToDo]]], tuple[Bringing, ...], list[tuple[str, str, list[Text]]]]:
    asking: Any = request
    keys = [one.step.procedure for _, applying in walked.results for one in applying if one.step.procedure]
    rows = all_shown(procedures_to_read(asking.person).filter(key__in=keys), today)
    by_key = {one.procedure.key: one for one in rows}
    stages: list[tuple[Stage, list[ToDo]]] = []
    lists = []
    places: dict[str, tuple[str, str, list[Text]]] = {}
    for stage, applying in walked.results:
        found = []
        for one in applying:
            todo = _todo(one, by_key, today)
            if todo is None:
                continue
            found.append(todo)
            lists.append((todo.title, [*(todo.shown.content.documents if todo.shown else ()), *one.step.bring]))
            if todo.shown is not None and todo.shown.place.name:
                place = todo.shown.place
                places.setdefault(place.name, (place.name, place.phone, []))[2].append(todo.title)
        if found:
            stages.append((stage, found))
    return stages, merged_documents(lists), list(places.values())


def _todo(one: Applying, by_key: dict[str, ShownProcedure], today: date) -> ToDo | None:
    """`None` for a procedure the town does not show."""
    step = one.step
    shown = by_key.get(step.procedure)
    title = step.title or (shown.content.title if shown else None)
    if title is None:
        return None
    words = step.due_words or (shown.content.when if shown and one.due is None else None)
    return ToDo(title, step.why, one.due, words, one.due is not None and one.due < today, shown, step.where)
