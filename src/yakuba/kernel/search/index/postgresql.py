"""PostgreSQL: a GIN index over the characters and bigrams of each passage, their places left out.

One or two characters are answered by the index alone. A longer word needs all its bigrams and then a look into the
stored key, because bigrams without places do not say that they follow each other. ``string_to_array`` of the stored
column is the indexed expression, so the table is the same on both databases; an array costs as much time and space as
a ``tsvector`` of the same bigrams, but has no limit of 1 MB and no syntax of queries to escape.
"""

from __future__ import annotations

from typing import Any

from yakuba.kernel.search.index.questions import WAITING, Question
from yakuba.kernel.search.rules.keys import grams, grams_of_word, kind_token

_GRAMS = "string_to_array(p.grams, ' ')"
_MAKE = (
    # A short list of what is not sorted in yet: every search reads it.
    "CREATE INDEX search_passage_grams ON search_passage USING gin (string_to_array(grams, ' '))"
    " WITH (gin_pending_list_limit = 256)",
    # Without statistics the planner takes every word for a rare one and asks the index. With them it would, for a
    # frequent word, take the expression of every row apart, which costs many times as much.
    "ALTER INDEX search_passage_grams ALTER COLUMN 1 SET STATISTICS 0",
)


def make(database: Any) -> None:
    with database.cursor() as cursor:
        for statement in _MAKE:
            cursor.execute(statement)


def drop(database: Any) -> None:
    with database.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS search_passage_grams")


def empty(database: Any) -> None:
    """The index follows the table by itself."""


def enter(database: Any, passages: list[Any]) -> None:
    """Give stored passages their grams, unless they have them."""
    without = [one for one in passages if not one.grams]
    for one in without:
        one.grams = grams_for(one.kind, one.folded)
    if without:
        type(without[0])._default_manager.bulk_update(without, ["grams"], batch_size=100)


def take_out(database: Any, passages: list[Any]) -> None:
    """The index follows the table by itself."""


def grams_for(kind: str, key: str) -> str:
    """What the index holds of a passage: its grams and its kind."""
    return f"{kind_token(kind)} {grams(key)}"


def ids_of(question: Question) -> tuple[str, list[Any]]:
    """SQL for the row numbers of the things."""
    within, parts = question.within
    conditions, asked = [], []
    for key in question.keys:
        condition = f"{_GRAMS} @> %s::text[]"
        asked.append([kind_token(question.kind), *grams_of_word(key)])
        if len(key) > 2:
            condition += " AND strpos(p.folded, %s) > 0"
            asked.append(key)  # type: ignore[arg-type]
        conditions.append(f"({condition})")
    strpos = " OR ".join(["strpos(p.folded, %s) > 0"] * len(question.keys))
    sql = (
        "SELECT p.object_id FROM search_passage p"  # noqa: S608  constants; values are passed apart
        f" WHERE ({' OR '.join(conditions)}) AND p.kind = %s{within}"
        " UNION ALL SELECT p.object_id FROM search_passage p"
        f" WHERE p.id IN {WAITING} AND p.kind = %s{within} AND ({strpos})"
    )
    return sql, [
        *asked,
        question.kind,
        *parts,
        question.generation,
        question.generation,
        question.kind,
        *parts,
        *question.keys,
    ]


def faults(database: Any, generation: int, *, thoroughly: bool) -> list[str]:
    """What is wrong inside the index, in Japanese; an empty list when nothing is."""
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_passage WHERE indexed_in = %s AND grams = ''", [generation])
        absent = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE c.relname = 'search_passage_grams' AND i.indisvalid"
        )
        is_there = bool(cursor.fetchone()[0])
    found = [f"索引に入っているはずの {absent} 節がありません"] if absent else []
    return found if is_there else [*found, "索引 search_passage_grams がありません"]
