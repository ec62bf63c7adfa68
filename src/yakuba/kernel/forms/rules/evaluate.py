"""What a form looks like for given answers: which questions are there, what is missing, what follows.

One pass from the first question to the last. A rule sees only what stands before it, so the result is the same however
often it is asked, and a hidden answer is gone for everything behind it.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yakuba.kernel.expressions.api import RuleFault, evaluate, is_true
from yakuba.kernel.forms.rules.definition import OTHER_SUFFIX, FormDefinition, Group, Step
from yakuba.kernel.forms.rules.faults import Fault, fault
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.forms.rules.kinds.choices import ChoiceKind, ChoicesKind
from yakuba.kernel.forms.rules.kinds.dates import day_in_words
from yakuba.kernel.forms.rules.kinds.silent import ComputedKind, FeeKind

END = "end"


@dataclass(frozen=True, slots=True)
class Answered:
    """One question for given answers.

    ``path`` is its key, in a row ``group.0.key``; ``value`` the accepted answer, ``None`` without one; ``offered`` the
    values of the options that are there now (``None``: all).
    """

    question: Any
    path: str
    is_required: bool
    value: Any = None
    other: str = ""
    faults: tuple[Fault, ...] = ()
    offered: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """One row of a repeating group."""

    number: int
    questions: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class AnsweredGroup:
    """A repeating group; ``faults`` are those of the group itself (too few rows)."""

    question: Group
    path: str
    rows: tuple[AnsweredRow, ...]
    faults: tuple[Fault, ...] = ()
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step that applies, with the questions that are visible on it."""

    step: Step
    entries: tuple[Answered | AnsweredGroup, ...]

    def answered(self) -> Iterator[Answered]:
        """Every visible question, those in rows too."""
        for entry in self.entries:
            if isinstance(entry, AnsweredGroup):
                for row in entry.rows:
                    yield from row.questions
            else:
                yield entry

    def faults(self) -> tuple[tuple[str, Fault], ...]:
        """All faults of the step with the path each belongs to."""
        found: list[tuple[str, Fault]] = []
        for entry in self.entries:
            found += [(entry.path, one) for one in entry.faults]
            if isinstance(entry, AnsweredGroup):
                found += [(one.path, each) for row in entry.rows for one in row.questions for each in one.faults]
        return tuple(found)

    @property
    def asks(self) -> bool:
        """Whether anything on the step can be answered or read."""
        return bool(self.entries)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A form for given answers. ``answers`` holds visible and accepted answers only; ``fee`` is in yen."""

    definition: FormDefinition
    steps: tuple[ShownStep, ...]
    answers: dict[str, Any]
    fee: int = 0
    dropped: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing and nothing wrong."""
        return not any(step.faults() for step in self.steps)

    def step(self, key: str) -> ShownStep | None:
        """The step if it applies."""
        return next((one for one in self.steps if one.step.key == key), None)

    def after(self, key: str) -> ShownStep | None:
        """The step that follows; ``None`` behind the last."""
        keys = [one.step.key for one in self.steps]
        if key not in keys:
            return self.steps[0] if self.steps else None
        place = keys.index(key) + 1
        return self.steps[place] if place < len(keys) else None

    def before(self, key: str) -> ShownStep | None:
        """The step in front; ``None`` before the first."""
        keys = [one.step.key for one in self.steps]
        place = keys.index(key) - 1 if key in keys else -1
        return self.steps[place] if place >= 0 else None

    def first_unfinished(self) -> ShownStep | None:
        """The first step on which something is missing or wrong."""
        return next((one for one in self.steps if one.faults()), None)


@dataclass(slots=True)
class _Pass:
    today: date
    seen: dict[str, Any]
    kept: dict[str, Any] = field(default_factory=dict)
    fee: int = 0

    def holds(self, rule: Any, row: Mapping[str, Any] | None = None) -> bool:
        return is_true(self.gives(rule, row))

    def gives(self, rule: Any, row: Mapping[str, Any] | None = None) -> Any:
        names = self.seen if row is None else {**self.seen, "row": row}
        return evaluate(rule, names, today=self.today)


def evaluate_form(
    definition: FormDefinition,
    answers: Mapping[str, Any],
    *,
    today: date,
    facts: Mapping[str, Any] | None = None,
) -> Evaluation:
    """Evaluate a form. ``answers`` may hold anything from anywhere; what does not fit is a fault or is dropped.

    ``facts`` are things known without asking (``channel``, ``is_agent`` …); rules name them ``facts.channel``.
    """
    work = _Pass(today=today, seen={"facts": dict(facts or {})})
    shown: list[ShownStep] = []
    jump: str | None = None
    for step in definition.steps:
        if jump is not None and step.key != jump:
            continue
        jump = None
        broken = False
        if step.when is not None:
            try:
                if not work.holds(step.when):
                    continue
            except RuleFault:
                broken = True
        entries = tuple(
            entry for question in step.questions if (entry := _entry(work, question, answers, broken)) is not None
        )
        shown.append(ShownStep(step, entries))
        jump = _way_from(work, step)
        if jump == END:
            break
    dropped = tuple(sorted(str(key) for key in answers if key not in work.kept))
    return Evaluation(definition, tuple(shown), work.kept, work.fee, dropped)


def _way_from(work: _Pass, step: Step) -> str | None:
    for way in step.ways:
        try:
            if way.when is None or work.holds(way.when):
                return way.to
        except RuleFault:
            continue  # a broken way is refused before publishing; here the form goes on to the next step
    return None


def _entry(work: _Pass, question: Any, answers: Mapping[str, Any], broken: bool) -> Answered | AnsweredGroup | None:
    if isinstance(question, Group):
        return _group(work, question, answers, broken)
    found = _answer(work, question, answers, question.key, None)
    if found is None:
        return None
    entry, for_rules = found
    if broken:
        entry = Answered(question, entry.path, entry.is_required, faults=(fault("rule"),))
    if entry.value is not None:
        work.kept[question.key] = entry.value
        work.seen[question.key] = for_rules
        if entry.other:
            work.kept[question.key + OTHER_SUFFIX] = entry.other
            work.seen[question.key + OTHER_SUFFIX] = entry.other
        if question.type == "fee":
            work.fee += entry.value
    return entry


def _group(work: _Pass, group: Group, answers: Mapping[str, Any], broken: bool) -> AnsweredGroup | None:
    faults: list[Fault] = [fault("rule")] if broken else []
    is_required = False
    try:
        if group.when is not None and not work.holds(group.when):
            return None
        is_required = group.required is True or (group.required is not False and work.holds(group.required))
    except RuleFault:
        faults.append(fault("rule"))
    given = answers.get(group.key)
    if given is not None and not (isinstance(given, list) and all(isinstance(row, dict) for row in given)):
        faults.append(fault("unreadable"))
        given = None
    rows, kept, for_rules = _rows(work, group, given or [])
    if given and len(given) > group.most:
        faults.append(fault("rows_most", most=group.most))
    least = max(group.least, 1) if is_required else group.least
    if len(rows) < least and (rows or is_required):
        faults.append(fault("rows_fewest", least=least))
    if rows:
        work.kept[group.key] = kept
        work.seen[group.key] = for_rules
        faults += _checks(work, group, for_rules, None)
    return AnsweredGroup(group, group.key, tuple(rows), tuple(faults), is_required)


def _rows(
    work: _Pass, group: Group, given: list[dict[str, Any]]
) -> tuple[list[AnsweredRow], list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows as shown, as kept, and as later rules see them."""
    rows: list[AnsweredRow] = []
    kept: list[dict[str, Any]] = []
    for_rules: list[dict[str, Any]] = []
    for number, typed in enumerate(given[: group.most]):
        seen: dict[str, Any] = {}
        row: dict[str, Any] = {}
        questions: list[Answered] = []
        for question in group.questions:
            found = _answer(work, question, typed, f"{group.key}.{number}.{question.key}", seen)
            if found is None:
                continue
            entry, value = found
            questions.append(entry)
            if entry.value is not None:
                row[question.key] = entry.value
                seen[question.key] = value
                if entry.other:
                    row[question.key + OTHER_SUFFIX] = seen[question.key + OTHER_SUFFIX] = entry.other
                if question.type == "fee":
                    work.fee += entry.value
        rows.append(AnsweredRow(number, tuple(questions)))
        kept.append(row)
        for_rules.append(seen)
    return rows, kept, for_rules


def _answer(
    work: _Pass, question: Any, answers: Mapping[str, Any], path: str, row: dict[str, Any] | None
) -> tuple[Answered, Any] | None:
    """The question with its answer and the value later rules see; ``None`` when it is hidden."""
    kind = kind_of(question)
    try:
        if question.when is not None and not work.holds(question.when, row):
            return None
        if not kind.is_answered:
            return _silent(work, question, path, row)
        is_required = question.required is True or (
            question.required is not False and work.holds(question.required, row)
        )
        offered = _offered(work, question, row)
    except RuleFault:
        return Answered(question, path, True, faults=(fault("rule"),)), None
    parsed = kind.accept(question, answers.get(question.key), answers.get(question.key + OTHER_SUFFIX, ""))
    faults = list(parsed.faults)
    value = parsed.value
    if value is None and not faults and is_required:
        faults.append(fault(kind.missing))
    if value is not None and offered is not None and not _is_offered(value, offered):
        faults.append(fault("not_offered"))
    seen = kind.for_rules(question, value) if value is not None else None
    if value is not None and not faults:
        faults += _limits(work, question, value, row)
    if value is not None and not faults and question.checks:
        own = {**row, question.key: seen} if row is not None else None
        faults += _checks(work, question, seen, own)
    if faults:
        value, seen = None, None
    return Answered(
        question, path, is_required, value, parsed.other if value is not None else "", tuple(faults), offered
    ), seen


def _silent(work: _Pass, question: Any, path: str, row: dict[str, Any] | None) -> tuple[Answered, Any]:
    kind = kind_of(question)
    if question.type == "text_block":
        return Answered(question, path, False), None
    given = work.gives(question.value, row)
    if given is None:
        return Answered(question, path, False), None
    value: Any = kind.store(question, given) if isinstance(kind, (ComputedKind, FeeKind)) else None
    if value is None:
        return Answered(question, path, False, faults=(fault("rule"),)), None
    return Answered(question, path, False, value), kind.for_rules(question, value)


def _offered(work: _Pass, question: Any, row: Mapping[str, Any] | None) -> frozenset[str] | None:
    if not isinstance(kind_of(question), ChoiceKind | ChoicesKind) or all(one.when is None for one in question.options):
        return None
    there = {one.value for one in question.options if one.when is None or work.holds(one.when, row)}
    return frozenset(there | ({"other"} if question.has_other else set()))


def _is_offered(value: Any, offered: frozenset[str]) -> bool:
    return set(value) <= offered if isinstance(value, list) else value in offered


def _limits(work: _Pass, question: Any, value: Any, row: Mapping[str, Any] | None) -> list[Fault]:
    if question.type != "date":
        return []
    found: list[Fault] = []
    for code, rule, is_out in (
        ("earliest", question.earliest, operator.lt),
        ("latest", question.latest, operator.gt),
    ):
        if rule is None:
            continue
        try:
            limit = work.gives(rule, row)
        except RuleFault:
            return [fault("rule")]
        if isinstance(limit, str) and is_out(value, limit):
            found.append(_day_fault(code, limit))
    return found


def _day_fault(code: str, limit: str) -> Fault:
    try:
        words = day_in_words(date.fromisoformat(limit), "ja")
    except ValueError:
        return fault("rule")
    return fault(code, **{code: words})


def _checks(work: _Pass, question: Any, seen: Any, row: Mapping[str, Any] | None) -> list[Fault]:
    found: list[Fault] = []
    before = work.seen.get(question.key)
    if row is None:
        work.seen[question.key] = seen
    try:
        for check in question.checks:
            try:
                if not work.holds(check.rule, row):
                    found.append(Fault("check", text=check.message))
            except RuleFault:
                found.append(fault("rule"))
    finally:
        if row is None:
            if before is None:
                work.seen.pop(question.key, None)
            else:
                work.seen[question.key] = before
    return found
