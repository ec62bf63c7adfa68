"""An app from a published form (様式からアプリ): its definition, and a list of all that is not the same in an app.

Nothing of a form is lost in silence: every question stands in the list, with the fields it became and with whatever an app does
in another way or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yakuba.kernel.forms.api import FormDefinition, every_name
from yakuba.office.appbuilder.queries.from_forms.copying import LONGEST_LABEL, Copying
from yakuba.office.appbuilder.queries.from_forms.kinds import KINDS, PERSONAL
from yakuba.office.appbuilder.queries.from_forms.question import LONGEST_HELP, Needs, fields_of
from yakuba.office.appbuilder.rules.definition import MOST_FIELDS, AppDefinition, AppField, FieldClass, FieldType
from yakuba.office.appbuilder.rules.keeping import Care

_LONGEST_ABOUT, _LONGEST_PURPOSE = 1000, 500


@dataclass(frozen=True)
class Carried:
    """One question of the form: what it became, and what is not the same. Without fields it is not carried over."""

    step: str
    label: str
    kind: str
    fields: tuple[AppField, ...]
    notes: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether the app asks exactly what the form asks."""
        return bool(self.fields) and not self.notes


@dataclass(frozen=True)
class FromForm:
    """The definition a form becomes, its questions one by one, and what is said of the form as a whole."""

    definition: AppDefinition
    lines: tuple[Carried, ...]
    notes: tuple[str, ...]

    @property
    def lost(self) -> list[Carried]:
        """What is not carried over."""
        return [one for one in self.lines if not one.fields]

    @property
    def changed(self) -> list[Carried]:
        """What an app does in another way."""
        return [one for one in self.lines if one.fields and one.notes]

    @property
    def same(self) -> list[Carried]:
        """What an app asks in the same way."""
        return [one for one in self.lines if one.is_same]


def app_of_form(form: FormDefinition, *, purpose: str = "") -> FromForm:
    """The app a form becomes. `purpose` is the purpose of use the form states."""
    copying = Copying(every_name(form), is_personal=any(map(_is_about_somebody, _every_question(form))))
    fields: list[AppField] = []
    lines: list[Carried] = []
    may_be_skipped = False
    for step in form.steps:
        title = step.title.ja
        if len(form.steps) > 1:
            lines.append(_heading(copying, step, fields))
        for question in step.questions:
            made, notes = _made(copying, question, step, may_be_skipped=may_be_skipped)
            if len(fields) + len(made) > MOST_FIELDS:
                made, notes = (), (f"項目は{MOST_FIELDS}までのため、写しません。",)
            fields += made
            lines.append(Carried(title, question.label.ja, _kind_of(question), made, notes))
        may_be_skipped = may_be_skipped or bool(step.ways)
    definition = AppDefinition(
        title=form.title.ja[:LONGEST_LABEL],
        description=form.introduction.ja[:_LONGEST_ABOUT] if form.introduction else "",
        fields=tuple(fields),
        care=Care(purpose=purpose[:_LONGEST_PURPOSE]),
    )
    return FromForm(definition, tuple(lines), tuple(_of_the_whole(form, definition, purpose)))


def _every_question(form: FormDefinition) -> Iterator[Any]:
    for question in form.questions():
        yield question
        yield from getattr(question, "questions", ())


def _is_about_somebody(question: Any) -> bool:
    return question.type in PERSONAL or question.is_sensitive or question.prefill.startswith("profile.")


def _kind_of(question: Any) -> str:
    return KINDS[question.type][0] if question.type in KINDS else "アプリにない種類"


def _made(
    copying: Copying, question: Any, step: Any, *, may_be_skipped: bool
) -> tuple[tuple[AppField, ...], tuple[str, ...]]:
    if question.type not in KINDS:
        return (), ("この種類の質問は、まだアプリに写せません。",)
    rules = [one for one in (step.when, question.when) if one is not None]
    always = question.required is not False and not (question.type in _COUNTED and question.least == 0)
    if not isinstance(question.required, bool):
        rules.append(question.required)
    needs = Needs(always, tuple(rules), may_be_skipped=may_be_skipped)
    return fields_of(copying, question, step=step.title.ja, needs=needs)


_COUNTED = frozenset({"files", "group"})
"""Kinds that need nothing where they take none as their least number."""


def _heading(copying: Copying, step: Any, fields: list[AppField]) -> Carried:
    """The title of a page of the form as a heading between the fields."""
    words = step.introduction.ja if step.introduction else ""
    notes = []
    if len(words) > LONGEST_HELP:
        notes.append(f"説明が{LONGEST_HELP}文字を超えるため、終わりを除きます。")
        words = words[: LONGEST_HELP - 1] + "…"
    if step.when is not None:
        notes.append(f"様式では{copying.in_words(step.when)}だけ出る画面です。アプリではいつも出します。")
    if len(fields) >= MOST_FIELDS:
        return Carried(step.title.ja, step.title.ja, "画面", (), (f"項目は{MOST_FIELDS}までのため、写しません。",))
    one = AppField(
        key=copying.key(f"page_{step.key}"), label=step.title.ja[:LONGEST_LABEL], type=FieldType.HEADING, help=words
    )
    fields.append(one)
    return Carried(step.title.ja, step.title.ja, "画面", (one,), tuple(notes))


def _of_the_whole(form: FormDefinition, definition: AppDefinition, purpose: str) -> Iterator[str]:
    yield (
        "手続きの根拠、版と公開の決裁、受付の期間と定員、本人の確認、案件としての処理は、様式に残ります。アプリには写しません。"
    )
    yield "一画面ずつ進む入力は、見出しで区切った一つの画面になります。"
    if any(one.easy or one.en for one in _texts(form)):
        yield "やさしい日本語と英語の文は写しません。町民に聞くときは、「町民の入口」に書きます。"
    if any(step.ways for step in form.steps):
        yield "答えによって次の画面を変えること（画面の進み方）は写しません。"
    if any(question.prefill.startswith("profile.") for question in _every_question(form)):
        yield "登録してある氏名や住所が、はじめから入ることはありません。"
    if form.completion:
        yield f"送信したあとの案内は写しません：{form.completion.ja}"
    if form.introduction and len(form.introduction.ja) > _LONGEST_ABOUT:
        yield f"はじめの説明は{_LONGEST_ABOUT:,}文字までを写します。"
    if len(form.title.ja) > LONGEST_LABEL:
        yield f"名前は{LONGEST_LABEL}文字までを写します：{form.title.ja}"
    if purpose:
        cut = f"{_LONGEST_PURPOSE}文字まで" if len(purpose) > _LONGEST_PURPOSE else ""
        yield f"個人情報の利用目的は、アプリの「目的と保存期間」に{cut}写します。このアプリの目的に合うように直してください。"
    classes = {one.data_class for one in definition.stored}
    if FieldClass.SENSITIVE in classes:
        yield "様式では暗号化して預かる要配慮個人情報を、アプリでは暗号化しません。項目の権限で、見る人を絞ってください。"
    if FieldClass.PERSONAL in classes:
        yield "氏名などを聞く様式のため、答えの項目はすべて「個人情報」にします。使い始める前に、所属長の確認が要ります。"


def _texts(form: FormDefinition) -> Iterator[Any]:
    yield form.title
    for question in _every_question(form):
        yield question.label


__all__ = ["Carried", "FromForm", "app_of_form"]
