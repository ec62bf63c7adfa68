"""Procedures can be found by their titles, by everyday words, and by what is told of them, in every language."""

from __future__ import annotations

from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.search.api import PartOf, Weight, searchable


def _titles(procedure: Procedure) -> list[str]:
    return list(procedure.title.to_dict().values())


def _explanations(procedure: Procedure) -> list[str]:
    content = procedure.content
    told = [content.about, content.who, content.when, *(document.name for document in content.documents)]
    return ["\n".join(text.to_dict().values()) for text in told]


searchable(
    Procedure,
    parts=[
        PartOf("title", "手続名", _titles, Weight.TITLE),
        PartOf("words", "探すときの言葉", lambda one: list(one.content.words), Weight.KEYWORD),
        PartOf("body", "説明", _explanations),
    ],
)
