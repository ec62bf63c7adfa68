"""Online procedures: one page posted, a form of a hundred questions, a worklist of 20,000 cases, 500 questions from Excel.

Baselines are measured in the same run: a page of one query, a form a tenth as long, the worklist as the sample town has
it, the same workbook merely opened.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any

ROUNDS = 5
CASES = 20_000
QUESTIONS = 500
TODAY = date(2026, 11, 23)

Cost = Callable[[Callable[[], object], int], float]
"""CPU milliseconds of a call, over so many calls."""


def procedure_lines(tell: Callable[..., None], *, cost: Cost, queries: Callable[[Callable[[], object]], int]) -> None:
    """Tell the lines of online procedures, over the sample town of the benchmark."""
    _hundred_questions(tell, cost)
    _question_list(tell, cost)
    _one_page(tell, cost, queries)
    _worklist(tell, cost, queries)


def _form(questions: int, *, each_page: int = 10) -> Any:
    """Every third question hangs on the one before, every fifth is checked, every tenth is computed."""
    from yakuba.kernel.forms.api import read_definition

    steps: list[dict[str, Any]] = []
    for number in range(questions):
        if number % each_page == 0:
            steps.append({"key": f"page{number}", "title": _text(f"画面{number}"), "questions": []})
        asked: dict[str, Any] = {"key": f"q{number}", "label": _text(f"質問{number}")}
        before = {"var": f"q{number - 1}"}
        if number % 10 == 9:
            asked |= {"type": "computed", "value": {"if": [{"is_empty": [before]}, 0, 1]}}
        elif number % 3 == 2 and number % 10 != 0:
            asked |= {"type": "short_text", "when": {"!": [{"is_empty": [before]}]}, "required": True}
        else:
            asked |= {"type": "number", "least": 0, "most": 1000}
        steps[-1]["questions"].append(asked)
    return read_definition({"format": "yakuba-form/1", "key": "bench", "title": _text("測定"), "steps": steps})


def _text(words: str) -> dict[str, str]:
    return {"ja": words, "ja-easy": words, "en": words}


def _answers(definition: Any) -> dict[str, Any]:
    return {one.key: 7 if one.type == "number" else "七" for one in definition.questions() if one.type != "computed"}


def _hundred_questions(tell: Callable[..., None], cost: Cost) -> None:
    from yakuba.kernel.forms.api import evaluate_form

    long, short = _form(100), _form(10)
    said, little = _answers(long), _answers(short)
    if not evaluate_form(long, said, today=TODAY).is_complete:
        raise SystemExit("the form of 100 questions is not answered completely")
    rounds = [
        (
            cost(lambda: evaluate_form(long, said, today=TODAY), 20),
            cost(lambda: evaluate_form(short, little, today=TODAY), 100),
        )
        for _ in range(ROUNDS)
    ]
    whole, tenth = (statistics.median(column) for column in zip(*rounds, strict=True))
    tell("form of 100 questions, evaluated", whole, "CPU ms", baseline=tenth, goal=12, baseline_is="10 questions")


def _question_list(tell: Callable[..., None], cost: Cost) -> None:
    from openpyxl import load_workbook

    from yakuba.kernel.forms.exchange.question_list import read_question_list, write_question_list

    definition = _form(QUESTIONS, each_page=20)
    book = write_question_list(definition)
    back = read_question_list(book, "質問一覧.xlsx")
    if back.problems or back.definition is None or len(list(back.definition.questions())) != QUESTIONS:
        raise SystemExit("the question list does not come back whole")

    def opened() -> int:
        return sum(1 for sheet in load_workbook(BytesIO(book)) for row in sheet.iter_rows() for _ in row)

    rounds = [(cost(lambda: read_question_list(book, "質問一覧.xlsx"), 1), cost(opened, 1)) for _ in range(3)]
    ours, bare = (statistics.median(column) for column in zip(*rounds, strict=True))
    tell(f"{QUESTIONS} questions from Excel", ours, "CPU ms", baseline=bare, goal=None, baseline_is="workbook opened")


def _one_page(tell: Callable[..., None], cost: Cost, queries: Callable[[Callable[[], object]], int]) -> None:
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    page = client.post("/my/apply/opinion/", {"form": "opinion"}, follow=True)
    path = page.request["PATH_INFO"]
    if page.status_code != 200 or "/s/" not in path:
        raise SystemExit(f"/my/apply/opinion/ leads to {path} ({page.status_code})")
    last = page

    def empty_page() -> None:
        nonlocal last
        hidden = dict(
            re.findall(r'<input type="hidden" name="(edition|_shown)" value="([^"]*)"', last.content.decode())
        )
        last = client.post(path, {name: unescape(value) for name, value in hidden.items()} | {"action": "next"})
        if last.status_code != 422:
            raise SystemExit(f"an empty page is answered with {last.status_code}")

    empty_page()
    rounds = [(cost(empty_page, 12), cost(lambda: client.get("/one-query"), 12)) for _ in range(ROUNDS)]
    ours, plain = (statistics.median(column) for column in zip(*rounds, strict=True))
    tell(
        "one page of a form posted, with errors to show",
        ours,
        "CPU ms per request",
        baseline=plain,
        goal=None,
        baseline_is="/one-query",
        sql=queries(empty_page),
    )


def _worklist(tell: Callable[..., None], cost: Cost, queries: Callable[[Callable[[], object]], int]) -> None:
    from scripts.bench import signed_in

    clerk = signed_in("担当者")
    boxes = ("section", "all")
    before = {box: cost(lambda b=box: clerk.get(f"/office/cases/?box={b}"), 8) for box in boxes}
    count = _twenty_thousand()
    for box in boxes:
        address = f"/office/cases/?box={box}"
        if clerk.get(address).status_code != 200:
            raise SystemExit(f"{address} does not open")
        spent = statistics.median(cost(lambda a=address: clerk.get(a), 6) for _ in range(3))
        tell(
            f"worklist of {count} cases, {box}",
            spent,
            "CPU ms per request",
            baseline=before[box],
            goal=2.0,
            baseline_is="the sample town's cases",
            sql=queries(lambda a=address: clerk.get(a)),
        )


def _twenty_thousand() -> int:
    """Copies of a sample case of the clerk's section, two thirds of them open."""
    from datetime import timedelta

    from yakuba.kernel.audit.api import unaudited_writes
    from yakuba.kernel.cases.models import Case
    from yakuba.kernel.forms.models import AnswerSet
    from yakuba.kernel.identity.models import Persona

    clerk = Persona.objects.get(label="担当者").account
    example = Case.objects.filter(assignee__account=clerk).first() or Case.objects.first()
    if example is None:
        raise SystemExit("the sample town has no case")
    with unaudited_writes("bench"):
        sets = AnswerSet.objects.bulk_create(
            [
                AnswerSet(version=example.answers.version, answers={}, digest="0" * 64, given_at=example.received_at)
                for _ in range(CASES)
            ],
            batch_size=2000,
        )
        copies = []
        for number, one in enumerate(sets):
            copy = deepcopy(example)
            copy.pk = copy.id = None
            copy._state.adding = True
            copy.public_id = f"bench{number:011d}"
            copy.number = f"R9-{number:06d}"
            copy.first_answers = copy.answers = one
            copy.state, copy.phase = ("examining", "working") if number % 3 else ("completed", "closed")
            copy.completed_on = None if number % 3 else TODAY
            copy.received_at = example.received_at - timedelta(minutes=number)
            copy.due_on = TODAY + timedelta(days=number % 40 - 10)
            copies.append(copy)
        Case.objects.bulk_create(copies, batch_size=1000)
    return Case.objects.count()
