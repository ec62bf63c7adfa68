"""Forms on paper (用紙): blank, to be filled in by hand, and answered, as it was given; in the three languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yakuba.kernel.expressions.api import Named, RuleFault, in_words
from yakuba.kernel.forms.part_words import PART_WORDS, row_title
from yakuba.kernel.forms.presentation import AnswerRow, answer_sections
from yakuba.kernel.forms.rules.definition import FormDefinition, Group
from yakuba.kernel.forms.rules.evaluate import Evaluation
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.forms.rules.kinds.bank import ACCOUNT_KINDS
from yakuba.kernel.forms.rules.kinds.choices import OTHER_WORDS
from yakuba.kernel.forms.rules.naming import FACT_NAMES, names_of_question
from yakuba.kernel.paper.api import render_pdf, town_letterhead
from yakuba.kernel.values.api import Text

MOST_BLANK_ROWS = 3
"""Rows of a repeating group on the blank form; who needs more uses another sheet."""

_W = {
    "required": Text("必須", easy="かならず 書く", en="Required"),
    "optional": Text("任意", easy="書かなくても いい", en="Optional"),
    "depends": Text("場合により必須", easy="書く ことが あります", en="Required in some cases"),
    "received": Text("受付印", easy="役場が 使います", en="Office use"),
    "date": Text("　　　　年　　　月　　　日", easy="　　　　年　　　月　　　日", en="Date:"),
    "day": Text("　　　　年　　　月　　　日", easy="　　　　年　　　月　　　日", en="year / month / day"),
    "time": Text("　　　時　　　分", easy="　　　時　　　分", en="hour : minute"),
    "more": Text(
        "書ききれないときは、別の紙に書いて付けてください。",
        easy="書く ところが ない ときは、ほかの 紙に 書いて ください。",
        en="Use another sheet if there is not enough room.",
    ),
    "attach": Text("この用紙に付ける", easy="この 紙と いっしょに 出す", en="Attached to this form"),
    "office": Text("（役場で計算します）", easy="（役場が 計算します）", en="(worked out by the office)"),
    "agree": Text("同意します", easy="同意します（いいです）", en="I agree"),
    "none": Text("（なし）", easy="（なし）", en="(none)"),
    "yen": Text("円", easy="円", en="yen"),
    "to": Text("あて", easy="あて", en="To:"),
}


def blank_form(definition: FormDefinition, *, language: str, printed_at: datetime, number: int = 0) -> bytes:
    """The form as PDF with boxes to write in. ``number`` is that of its version (0: not told)."""
    letterhead = town_letterhead()
    names = _names(definition, language)
    office = letterhead.office or letterhead.town
    values = {
        "title": definition.title.in_language(language),
        "subtitle": f"{definition.key} v{number}" if number else definition.key,
        "introduction": _say(definition.introduction, language),
        "completion": _say(definition.completion, language),
        "date_line": _W["date"].in_language(language),
        "addressee": f"{_W['to'].in_language(language)} {office}" if language == "en" else f"{office}　{_W['to'].ja}",
        "received": _W["received"].in_language(language),
        "steps": _steps(definition, language, names),
    }
    return render_pdf("forms/blank_form", values, printed_at=printed_at, letterhead=letterhead)


def answered_form(
    evaluation: Evaluation,
    *,
    language: str,
    printed_at: datetime,
    facts: Sequence[tuple[str, str]] = (),
    sources: Mapping[str, str] | None = None,
    file_names: Mapping[str, str] | None = None,
) -> bytes:
    """The answers as PDF. ``facts`` stand in front (number, day, applicant), ``file_names`` are names by file id.

    Callers record the view, and decide whose answers may be printed.
    """
    definition = evaluation.definition
    values = {
        "title": definition.title.in_language(language),
        "subtitle": None,
        "facts": [list(one) for one in facts],
        "none_words": _W["none"].in_language(language),
        "sections": [
            {"title": section.title, "rows": [_answer(row, file_names or {}) for row in section.rows]}
            for section in answer_sections(evaluation, language, sources)
        ],
    }
    return render_pdf("forms/answered_form", values, printed_at=printed_at, letterhead=town_letterhead())


def _answer(row: AnswerRow, files: Mapping[str, str]) -> dict[str, Any]:
    named = [files[one] for one in row.file_ids if one in files]
    return {
        "label": row.label,
        "value": "\n".join(named) if named else row.value,
        "source": row.source,
        "missing": row.is_missing,
        "rows": [{"title": title, "rows": [_answer(one, files) for one in inner]} for title, inner in row.rows],
    }


def _steps(definition: FormDefinition, language: str, names: Mapping[str, Named]) -> list[dict[str, Any]]:
    found = []
    number = 0
    for step in definition.steps:
        questions = []
        for question in step.questions:
            number += 1
            if isinstance(question, Group):
                questions.append(_group(question, str(number), language, names))
            else:
                questions.append(_question(question, str(number), language, names))
        found.append(
            {
                "title": step.title.in_language(language),
                "introduction": _say(step.introduction, language),
                "when": _said(step.when, names, language),
                "questions": questions,
            }
        )
    return found


def _group(group: Group, number: str, language: str, names: Mapping[str, Named]) -> dict[str, Any]:
    inner = dict(names)
    for one in group.questions:
        inner |= names_of_question(one, "row.", language)
    rows = max(1, group.least, min(group.most, MOST_BLANK_ROWS))
    label = group.row_label.in_language(language)
    return {
        **_common(group, number, language, names),
        "kind": "group",
        "rows": [row_title(label, place) for place in range(1, rows + 1)],
        "questions": [
            _question(one, f"{number}-{place}", language, inner) for place, one in enumerate(group.questions, 1)
        ],
        "more": _W["more"].in_language(language) if group.most > rows else "",
    }


def _common(question: Any, number: str, language: str, names: Mapping[str, Named]) -> dict[str, Any]:
    required = question.required
    mark = "required" if required is True else "optional" if required is False else "depends"
    is_asked = isinstance(question, Group) or kind_of(question).is_answered
    return {
        "number": number,
        "label": question.label.in_language(language),
        "help": _say(question.help, language),
        "when": _said(question.when, names, language),
        "mark": _W[mark].in_language(language) if is_asked else "",
        "is_required": required is True,
        "statement": _say(getattr(question, "statement", None), language),
        "tall": False,
        "unit": "",
        "body": "",
    }


def _question(question: Any, number: str, language: str, names: Mapping[str, Named]) -> dict[str, Any]:
    return {**_common(question, number, language, names), **_look(question, language)}


def _look(question: Any, language: str) -> dict[str, Any]:
    kind = question.type
    if kind in ("choice", "choices"):
        words = [one.label.in_language(language) for one in question.options]
        if question.has_other:
            words.append(f"{OTHER_WORDS.in_language(language)}（　　　　　　　　　　　　）")
        return _options(words)
    if kind == "yes_no":
        return _options([question.yes.in_language(language), question.no.in_language(language)])
    if kind == "consent":
        return _options([_W["agree"].in_language(language)])
    if kind == "files":
        return _options([_W["attach"].in_language(language)])
    if kind in ("name", "address", "bank_account", "place"):
        return _parts(question, language)
    if kind == "long_text":
        return {"kind": "long", "tall": True}
    if kind == "text_block":
        return {"kind": "note", "body": question.body.in_language(language)}
    if kind in ("computed", "fee"):
        return {"kind": "note", "body": _W["office"].in_language(language)}
    if kind in ("date", "time"):
        return {"kind": "date", "unit": _W["day" if kind == "date" else "time"].in_language(language)}
    unit = _W["yen"].in_language(language) if kind == "yen" else _say(getattr(question, "unit", None), language)
    return {"kind": "line", "unit": unit}


def _options(words: list[str]) -> dict[str, Any]:
    longest = max(len(one) for one in words)
    return {"kind": "options", "options": words, "columns": 1 if longest > 24 else 2 if longest > 11 else 4}


def _parts(question: Any, language: str) -> dict[str, Any]:
    found = []
    for part in kind_of(question).parts(question):
        words = PART_WORDS.get((question.type, part))
        label = words.in_language(language) if words else part
        if (question.type, part) == ("bank_account", "kind"):
            label += "：" + "・".join(one.in_language(language) for one in ACCOUNT_KINDS.values())
        found.append({"label": label, "tall": False})
    return {"kind": "parts", "parts": found, "columns": 1 if question.type == "place" else 2}


def _names(definition: FormDefinition, language: str) -> dict[str, Named]:
    names: dict[str, Named] = {}
    for question in definition.questions():
        names |= names_of_question(question, "", language)
    return names | FACT_NAMES


def _said(rule: Any, names: Mapping[str, Named], language: str) -> str:
    if rule is None:
        return ""
    try:
        return in_words(rule, names=names, language=language)
    except RuleFault:
        return ""


def _say(text: Text | None, language: str) -> str:
    return text.in_language(language) if text is not None else ""
