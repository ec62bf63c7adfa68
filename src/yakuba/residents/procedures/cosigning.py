"""People who apply together with the applicant (連名・共同申請者), as the answers of a form name them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from yakuba.kernel.access.api import VISITOR
from yakuba.kernel.cases.api import Case, Invited, answers_for, is_protected_case
from yakuba.kernel.forms.api import Evaluation

COSIGNERS = "cosigners"
"""The group of a form that names them: rows with ``name`` (a name, or a text), ``relation`` and ``mail``."""

_TO_THEMSELVES = frozenset({"address", "phone", "mail", "place", "bank_account", "files", "signature"})
"""Kinds of answers that the applicant keeps to themselves."""
_ROW = re.compile(r"\.\d+\.")


def cosigners_in(evaluation: Evaluation) -> tuple[Invited, ...]:
    """Whom the applicant asks to agree; empty for a form that asks nobody."""
    rows: Any = evaluation.answers.get(COSIGNERS)
    if not isinstance(rows, list):
        return ()
    return tuple(_invited(row) for row in rows if isinstance(row, dict) and row.get("name"))


def _invited(row: dict[str, Any]) -> Invited:
    name = row["name"]
    if isinstance(name, dict):
        name = "　".join(filter(None, (name.get("family", ""), name.get("given", ""))))
    return Invited(str(name), str(row.get("relation", "")), str(row.get("mail", "")))


def answers_to_agree_to(case: Case, *, on: date, language: str) -> list[Any]:
    """What somebody reads before they agree: the answers without places, contacts, accounts, papers and what the law
    protects more; nothing at all where somebody of the case is protected (支援措置)."""
    if is_protected_case(case, on=on):
        return []
    definition = case.answers.version.read()
    kept: set[str] = set()
    for question in definition.questions():
        if question.type == "group":
            kept |= {f"{question.key}.{one.key}" for one in question.questions if _may_be_read(one)} | {question.key}
        elif _may_be_read(question):
            kept.add(question.key)
    sections = answers_for(VISITOR, case, on=on, language=language, with_sources=False)
    found = [replace(one, rows=tuple(_only(one.rows, kept))) for one in sections]
    return [one for one in found if one.rows]


def _may_be_read(question: Any) -> bool:
    return question.type not in _TO_THEMSELVES and not question.is_sensitive


def _only(rows: Iterable[Any], kept: set[str]) -> list[Any]:
    found = []
    for row in rows:
        if _ROW.sub(".", row.path) not in kept:
            continue
        if row.rows:
            row = replace(row, rows=tuple((title, tuple(_only(inner, kept))) for title, inner in row.rows))
        found.append(row)
    return found
