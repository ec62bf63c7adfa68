"""The index itself, one module per database: what is written into it and how it is asked.

Both answer the same for the same passages; what one cannot say exactly it rechecks in the stored key. Nothing here
asks for a person: callers narrow what the gate already let through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.db import connection

from yakuba.kernel.search.index import postgresql, sqlite
from yakuba.kernel.search.index.questions import Question


class Engine(Protocol):
    """What a database's module offers."""

    def make(self, database: Any) -> None: ...
    def drop(self, database: Any) -> None: ...
    def empty(self, database: Any) -> None: ...
    def enter(self, database: Any, passages: list[Any]) -> None: ...
    def take_out(self, database: Any, passages: list[Any]) -> None: ...
    def grams_for(self, kind: str, key: str) -> str: ...
    def ids_of(self, question: Question) -> tuple[str, list[Any]]: ...
    def faults(self, database: Any, generation: int, *, thoroughly: bool) -> list[str]: ...


def engine(vendor: str | None = None) -> Engine:
    """The module of the running database."""
    return postgresql if (vendor or connection.vendor) == "postgresql" else sqlite


def ids_of_all(questions: Sequence[Question]) -> tuple[str, list[Any]]:
    """SQL for the row numbers of the things that every question finds, with its values.

    Each is answered by itself and the answers are intersected. ``OFFSET 0`` keeps PostgreSQL from asking one question
    for each row another found, or each row of the gate, which would take the bigrams of all these rows apart.
    """
    answers, values = [], []
    for number, question in enumerate(questions):
        sql, own = engine().ids_of(question)
        answers.append(f"SELECT object_id FROM ({sql}) AS word{number}")  # noqa: S608  constants; values are passed apart
        values += own
    fence = " OFFSET 0" if connection.vendor == "postgresql" else ""
    return " INTERSECT ".join(answers) + fence, values


def make_index(apps: Any, schema_editor: Any) -> None:
    """Migration step: make the index of this database."""
    engine(schema_editor.connection.vendor).make(schema_editor.connection)


def drop_index(apps: Any, schema_editor: Any) -> None:
    """Migration step back."""
    engine(schema_editor.connection.vendor).drop(schema_editor.connection)
