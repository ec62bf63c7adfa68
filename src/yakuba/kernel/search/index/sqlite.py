"""SQLite: a contentless FTS5 table of bigrams, its row numbers those of the passages.

A phrase of bigrams is the word itself, so no hit needs a recheck; a single character is a prefix of bigrams, for which
the table has an index of its own. Contentless tables forget the text, so an entry is taken out with the FTS5 command
``delete`` and the same bigrams, made again from the stored key (``contentless_delete`` needs a newer SQLite).
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.utils import DatabaseError, OperationalError

from yakuba.kernel.search.index.questions import WAITING, Question
from yakuba.kernel.search.rules.keys import bigrams, kind_token, phrase

_MAKE = (
    "CREATE VIRTUAL TABLE search_index USING fts5"
    "(kind, body, content='', prefix='1', tokenize='ascii')"
)  # fmt: skip


def make(database: Any) -> None:
    with database.cursor() as cursor:
        try:
            cursor.execute(_MAKE)
        except OperationalError as failure:
            raise ImproperlyConfigured(
                "この Python の SQLite には全文検索（FTS5）がありません。FTS5 の入った SQLite を使うか、"
                "DATABASE_URL で PostgreSQL を指定してください。"
            ) from failure


def drop(database: Any) -> None:
    with database.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS search_index")


def empty(database: Any) -> None:
    with database.cursor() as cursor:
        cursor.execute("INSERT INTO search_index(search_index) VALUES ('delete-all')")


def enter(database: Any, passages: list[Any]) -> None:
    """Enter stored passages."""
    rows = [(one.pk, kind_token(one.kind), bigrams(one.folded)) for one in passages]
    with database.cursor() as cursor:
        cursor.executemany("INSERT INTO search_index(rowid, kind, body) VALUES (%s, %s, %s)", rows)


def take_out(database: Any, passages: list[Any]) -> None:
    """Take passages out, exactly as they were entered."""
    rows = [(one.pk, kind_token(one.kind), bigrams(one.folded)) for one in passages]
    with database.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO search_index(search_index, rowid, kind, body) VALUES ('delete', %s, %s, %s)", rows
        )


def grams_for(kind: str, key: str) -> str:
    """SQLite keeps the bigrams in its own table."""
    return ""


def ids_of(question: Question) -> tuple[str, list[Any]]:
    """SQL for the row numbers of the things. The plus signs keep the planner from reading every passage of a kind."""
    within, parts = question.within
    match = f'kind : "{kind_token(question.kind)}" AND body : ({" OR ".join(map(phrase, question.keys))})'
    instr = " OR ".join(["instr(p.folded, %s) > 0"] * len(question.keys))
    sql = (
        "SELECT p.object_id FROM search_passage p"  # noqa: S608  constants; values are passed apart
        " WHERE p.id IN (SELECT rowid FROM search_index WHERE search_index MATCH %s)"
        f" AND +p.kind = %s{within}"
        " UNION ALL SELECT p.object_id FROM search_passage p"
        f" WHERE p.id IN {WAITING} AND +p.kind = %s{within} AND ({instr})"
    )
    return sql, [
        match,
        question.kind,
        *parts,
        question.generation,
        question.generation,
        question.kind,
        *parts,
        *question.keys,
    ]


def faults(database: Any, generation: int, *, thoroughly: bool) -> list[str]:
    """What is wrong inside the index, in Japanese; an empty list when nothing is.

    Thoroughly means reading all of it, during which nobody else can write.
    """
    found = []
    with database.cursor() as cursor:
        try:
            if thoroughly:
                cursor.execute("INSERT INTO search_index(search_index) VALUES ('integrity-check')")
        except DatabaseError as failure:
            found.append(f"索引が壊れています（{failure}）")
        cursor.execute(
            "SELECT count(*) FROM search_passage p WHERE p.indexed_in = %s"
            " AND NOT EXISTS (SELECT 1 FROM search_index_docsize d WHERE d.id = p.id)",
            [generation],
        )
        absent = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM search_index_docsize d WHERE NOT EXISTS"
            " (SELECT 1 FROM search_passage p WHERE p.id = d.id AND p.indexed_in = %s)",
            [generation],
        )
        left_over = cursor.fetchone()[0]
    if absent:
        found.append(f"索引に入っているはずの {absent} 節がありません")
    if left_over:
        found.append(f"消えた記録の {left_over} 節が索引に残っています")
    return found
