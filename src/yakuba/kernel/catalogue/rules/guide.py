"""The life-event guide (手続きガイド): questions, and from the answers what applies, why, until when and what to bring.

Conditions are rules of `kernel.expressions` over the answers by their keys: a choice is its value, yes/no is true or
false, a day is `2026-05-01`, several choices are a list. What was not answered is null. Nothing is stored.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from yakuba.kernel.catalogue.rules.content import Document, Fault, Part, Words, faults_of
from yakuba.kernel.expressions.api import Rule, ValueType, check, evaluate, is_true
from yakuba.kernel.values.api import Text

FORMAT = "yakuba-guide/1"
_KEY = r"^[a-z][a-z0-9_]{0,39}$"


class QuestionKind(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"

    @property
    def value_type(self) -> ValueType:
        return ValueType(self.value)


class Option(Part):
    """One answer to choose."""

    value: Annotated[str, Field(pattern=_KEY)]
    label: Words


class Question(Part):
    """One question. `ask_if`: asked only then. A day may be left empty when it is not known yet."""

    key: Annotated[str, Field(pattern=_KEY)]
    kind: QuestionKind
    ask: Words
    help: Words | None = None
    options: Annotated[tuple[Option, ...], Field(max_length=20)] = ()
    ask_if: Any = None

    @model_validator(mode="after")
    def _with_options(self) -> Question:
        chosen = self.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES)
        if chosen and len(self.options) < 2:
            raise PydanticCustomError("text", "{reason}", {"reason": "選ぶ答えを二つ以上書きます。"})
        if not chosen and self.options:
            raise PydanticCustomError("text", "{reason}", {"reason": "この種類の質問に options は書けません。"})
        return self


class Stage(Part):
    """A stretch of time into which the result is divided, e.g. 「14日以内に」."""

    key: Annotated[str, Field(pattern=_KEY)]
    title: Words


class Step(Part):
    """One thing to do: a procedure of the catalogue, or something done elsewhere (`title`, `where`).

    `when` is the rule under which it applies (always, without one); `why` says it in words. `due` is a rule that gives
    the last day, `due_words` what to say about it beside or instead of a day.
    """

    procedure: str = ""
    stage: Annotated[str, Field(pattern=_KEY)]
    when: Any = None
    why: Words
    due: Any = None
    due_words: Words | None = None
    title: Words | None = None
    where: Words | None = None
    bring: tuple[Document, ...] = ()

    @model_validator(mode="after")
    def _either(self) -> Step:
        if bool(self.procedure) == (self.title is not None and self.where is not None):
            reason = "procedure（町の手続き）か、title と where（町の外の手続き）のどちらかを書きます。"
            raise PydanticCustomError("text", "{reason}", {"reason": reason})
        return self


class Guide(Part):
    """The guide of a life event."""

    event: Annotated[str, Field(pattern=r"^[a-z][a-z-]{1,39}$")]
    title: Words
    lead: Words
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=20)] = ()
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=10)]
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=60)]


Answer = bool | str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Applying:
    """A step that applies: why, and the day until which, when it can be worked out."""

    step: Step
    due: date | None


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a reader stands: `answers` that count, `open` questions still to be asked, and, without any, what applies
    by stage."""

    answers: Mapping[str, Answer]
    open: tuple[Question, ...]
    results: tuple[tuple[Stage, tuple[Applying, ...]], ...]

    @property
    def is_done(self) -> bool:
        return not self.open


def read_guides(text: str, *, place: str = "guide.toml") -> tuple[tuple[Guide, ...], tuple[Fault, ...]]:
    """The guides of a file, and every fault; unsound guides are left out."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        return (), (Fault(place, "", f"TOMLとして読めません（{error}）。"),)
    faults: list[Fault] = []
    if table.get("format") != FORMAT:
        faults.append(Fault(place, "format", f'先頭に format = "{FORMAT}" を書きます。'))
    guides = []
    for raw in table.get("guide", []):
        name = str(raw.get("event", "?"))[:40] if isinstance(raw, dict) else "?"
        here = f"{place} [{name}]"
        try:
            guide = Guide.model_validate(raw)
        except ValidationError as error:
            faults.extend(faults_of(error, here))
            continue
        found = faults_in(guide, here)
        faults.extend(found)
        if not found:
            guides.append(guide)
    return tuple(guides), tuple(faults)


def faults_in(guide: Guide, place: str) -> list[Fault]:
    """What does not fit together in a guide: doubled keys, rules over unknown or later questions, unknown stages."""
    faults: list[Fault] = []
    names: dict[str, ValueType] = {}
    for question in guide.questions:
        if question.key in names:
            faults.append(Fault(place, question.key, "同じ名前の質問が二つあります。"))
        faults.extend(_rule_faults(question.ask_if, names, place, f"{question.key}.ask_if"))
        names[question.key] = question.kind.value_type
    stages = {stage.key for stage in guide.stages}
    for number, step in enumerate(guide.steps, start=1):
        name = f"steps[{number}] {step.procedure or (step.title.ja if step.title else '')}"
        if step.stage not in stages:
            faults.append(Fault(place, name, f"「{step.stage}」という区切り（stage）はありません。"))
        faults.extend(_rule_faults(step.when, names, place, f"{name}.when"))
        faults.extend(_rule_faults(step.due, names, place, f"{name}.due"))
    return faults


def _rule_faults(rule: Rule, names: Mapping[str, ValueType], place: str, key: str) -> Iterable[Fault]:
    return [Fault(place, key, str(one)) for one in check(rule, names=names)] if rule is not None else []


def walk(guide: Guide, given: Mapping[str, Sequence[str]], *, today: date) -> Walk:
    """Follow the answers through a guide, question by question.

    `given` are the parameters of the address: the answers by key, and under `seen` the keys of days left empty on
    purpose. Whatever is no answer to its question counts as not answered; answers to questions that are not asked drop.
    """
    answers: dict[str, Answer] = {}
    waiting: list[Question] = []
    seen = set(given.get("seen", ()))
    for question in guide.questions:
        if question.ask_if is not None and not is_true(evaluate(question.ask_if, as_json(answers), today=today)):
            continue
        answer = answer_to(question, given.get(question.key, ()))
        answers[question.key] = answer
        may_be_empty = question.kind in (QuestionKind.DATE, QuestionKind.CHOICES)
        if answer is None and not (may_be_empty and question.key in seen):
            waiting.append(question)
    if waiting:
        return Walk(answers, tuple(waiting), ())
    known = as_json(answers)
    applying: dict[str, list[Applying]] = {stage.key: [] for stage in guide.stages}
    for step in guide.steps:
        if step.when is None or is_true(evaluate(step.when, known, today=today)):
            due = evaluate(step.due, known, today=today) if step.due is not None else None
            applying[step.stage].append(Applying(step, _day(due)))
    results = tuple((stage, tuple(applying[stage.key])) for stage in guide.stages if applying[stage.key])
    return Walk(answers, (), results)


def answer_to(question: Question, given: Sequence[str]) -> Answer:
    """The answer in the parameters, `None` when there is none that fits the question."""
    options = {option.value for option in question.options}
    if question.kind is QuestionKind.CHOICES:
        chosen = tuple(option.value for option in question.options if option.value in given)
        return chosen or None
    first = given[0] if given else ""
    if question.kind is QuestionKind.YES_NO:
        return {"yes": True, "no": False}.get(first)
    if question.kind is QuestionKind.CHOICE:
        return first if first in options else None
    day = _day(first)
    return day.isoformat() if day is not None and 1900 <= day.year <= 2200 else None


def as_json(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """The answers as rules read them."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in answers.items()}


def _day(value: object) -> date | None:
    if not isinstance(value, str) or len(value) != 10:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Bringing:
    """One thing to bring, for which things to do it is needed, and the conditions under which."""

    name: Text
    needed_for: tuple[Text, ...]
    conditions: tuple[Text, ...]
    always: bool


def merged_documents(lists: Iterable[tuple[Text, Sequence[Document]]]) -> tuple[Bringing, ...]:
    """One list out of many: each thing once. It is needed always as soon as one of the lists asks for it always."""
    order: list[str] = []
    names: dict[str, Text] = {}
    needed: dict[str, list[Text]] = {}
    conditions: dict[str, list[Text]] = {}
    always: dict[str, bool] = {}
    for title, documents in lists:
        for document in documents:
            key = document.same_as
            if key not in names:
                order.append(key)
                names[key], needed[key], conditions[key], always[key] = document.name, [], [], False
            if title not in needed[key]:
                needed[key].append(title)
            if document.when is None:
                always[key] = True
            elif document.when not in conditions[key]:
                conditions[key].append(document.when)
    rows = [Bringing(names[key], tuple(needed[key]), tuple(conditions[key]), always[key]) for key in order]
    return tuple(sorted(rows, key=lambda row: not row.always))


def unknown_procedures(guides: Iterable[Guide], known: Collection[str]) -> list[Fault]:
    """Steps that point at procedures the catalogue lacks."""
    return [
        Fault(f"guide.toml [{guide.event}]", step.procedure, "この識別名の手続きはカタログにありません。")
        for guide in guides
        for step in guide.steps
        if step.procedure and step.procedure not in known
    ]
