"""Rows of repeating groups come and go."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.forms.fillings import answers_of, keep, take_open, typed_of
from yakuba.kernel.forms.models import Filling
from yakuba.kernel.forms.rules.definition import FormDefinition, Group
from yakuba.kernel.forms.rules.reading import without_row
from yakuba.kernel.values.api import Clock, Refusal


@verb("forms.add_row", label="記入に行を足す")
def add_row(*, by: Person, filling: Filling, group: str, clock: Clock) -> Filling:
    """One more row of a repeating group. Raises `Refusal` when there are as many as there may be."""
    filling = take_open(filling)
    question = group_of(filling.version.read(), group)
    answers = answers_of(filling)
    rows = list(answers.get(group) or [])
    if len(rows) >= question.most:
        raise Refusal(f"入力できるのは{question.most}件までです。", field=group, hint="使わない行を消してください。")
    answers[group] = [*rows, {}]
    keep(filling, answers, typed_of(filling), filling.position, clock)
    return filling


@verb("forms.remove_row", label="記入の行を消す")
def remove_row(*, by: Person, filling: Filling, group: str, number: int, clock: Clock) -> Filling:
    """Take a row out. A row that is not there is left alone, so that a second press does no harm."""
    filling = take_open(filling)
    group_of(filling.version.read(), group)
    answers = answers_of(filling)
    rows = list(answers.get(group) or [])
    if 0 <= number < len(rows):
        rows.pop(number)
        answers[group] = rows
        if not rows:
            answers.pop(group)
        keep(filling, answers, without_row(typed_of(filling), group, number), filling.position, clock)
    return filling


def group_of(definition: FormDefinition, key: str) -> Group:
    """The repeating group of a key. Raises `Refusal` when there is none: the address was made up or is old."""
    for question in definition.questions():
        if isinstance(question, Group) and question.key == key:
            return question
    raise Refusal("この繰り返しの質問はありません。", field=key[:40], hint="画面を開き直してください。")
