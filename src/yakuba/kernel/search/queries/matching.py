"""Narrowing what a person may see to what matches words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from django.db.models import (
    BigIntegerField,
    Case,
    F,
    Func,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Coalesce, Right

from yakuba.kernel.search.index import ids_of_all
from yakuba.kernel.search.index.questions import Question
from yakuba.kernel.search.models import Passage
from yakuba.kernel.search.queries.generation import current_generation
from yakuba.kernel.search.queries.thesaurus import thesaurus
from yakuba.kernel.search.registry import Searchable, searchable_kind
from yakuba.kernel.search.rules.ranking import Weight
from yakuba.kernel.search.rules.words import Word, read_words

M = TypeVar("M", bound=Model)
Words = str | Sequence[Word]


def words_of(asked: str) -> tuple[Word, ...]:
    """The words in what was typed, with their synonyms; empty when nothing in it can be looked for."""
    return read_words(asked, thesaurus()) if asked.strip() else ()


def matching(queryset: QuerySet[M], words: Words, *, parts: Collection[str] | None = None) -> QuerySet[M]:
    """Narrow ``queryset`` to the things in which every word is found; each has ``search_rank``, higher is better.

    The caller's gate stays: pass ``visible_to(person)``, and rows, counts and ranks tell of nothing else. Order by
    ``"-search_rank"`` and the primary key: hits in titles come first, then in keywords, then more hits before fewer;
    the rank of a thing depends on its own texts alone. ``parts`` names the texts to look into; without it all that are
    not restricted. Nothing to look for (nothing typed, or only signs the key drops): everything, with rank 0.
    Raises ``LookupError`` for a model or part nobody declared.
    """
    declared = searchable_kind(queryset.model)
    narrowed: QuerySet[Any] = queryset
    looked_into = chosen_parts(declared, parts)
    asked = words_of(words) if isinstance(words, str) else tuple(words)
    if not asked:
        everything: QuerySet[M] = narrowed.annotate(search_rank=Value(0, BigIntegerField()))
        return everything
    generation = current_generation() or 0
    questions = [Question(declared.kind, word.alternatives, looked_into, generation) for word in asked]
    sql, values = ids_of_all(questions)
    narrowed = narrowed.filter(pk__in=RawSQL(sql, values))  # noqa: S611  values are passed apart
    found: QuerySet[M] = narrowed.annotate(search_rank=_rank(declared, looked_into, asked))
    return found


def chosen_parts(declared: Searchable, parts: Collection[str] | None) -> tuple[str, ...] | None:
    """The parts to look into; ``None`` for all. Raises ``LookupError`` for one nobody declared."""
    if parts is None:
        return declared.open_parts()
    known = [part.name for part in declared.parts]
    for name in parts:
        if name not in known:
            raise LookupError(f"{declared.kind} has no part {name!r}")
    return None if set(parts) == set(known) else tuple(sorted(set(parts)))


def _rank(declared: Searchable, parts: tuple[str, ...] | None, words: Sequence[Word]) -> Coalesce:
    """The weighed hits of all words in the passages of the thing in the outer row."""
    passages = Passage.objects.filter(kind=declared.kind, object_id=OuterRef("pk"))
    if parts is not None:
        passages = passages.filter(part__in=parts)
    own = _sum(_hits(word.key) for word in words)
    others = [_hits(key) for word in words for key in word.synonyms]
    weights = sorted({part.weight for part in declared.parts})
    rank = own * _factor({weight: weight.of_own_word for weight in weights})
    if others:
        rank += _sum(others) * _factor({weight: weight.of_synonym for weight in weights})
    total = passages.order_by().values("object_id").annotate(rank=Sum(rank, output_field=BigIntegerField()))
    return Coalesce(Subquery(total.values("rank")), Value(0), output_field=BigIntegerField())


def _factor(by_weight: dict[Weight, int]) -> Combinable:
    if len(by_weight) == 1:
        return Value(next(iter(by_weight.values())), BigIntegerField())
    return Case(
        *[When(weight=int(weight), then=Value(factor, BigIntegerField())) for weight, factor in by_weight.items()],
        default=Value(0, BigIntegerField()),
        output_field=BigIntegerField(),
    )


class _Sum(Func):
    """Several numbers added up, flat."""

    template = "(%(expressions)s)"
    arg_joiner = " + "
    output_field = BigIntegerField()


def _sum(numbers: Any) -> Combinable:
    return _Sum(*numbers)


class _Bytes(Func):
    """Length in bytes: characters need not be counted to compare two lengths."""

    function = "octet_length"
    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="length(CAST(%(expressions)s AS BLOB))", **extra)


class _Replace(Func):
    function = "replace"


def _hits(key: str) -> Combinable:
    """How often a key stands in a passage; what stands in the tail belongs to the next passage."""
    size = len(key.encode())

    def shorter(text: Any) -> Combinable:
        return _Bytes(_Replace(text, Value(key), Value("")))

    whole = F("size") - shorter(F("folded"))
    rest = Right("folded", F("tail"))  # type: ignore[arg-type]  # a column does as well as an expression
    in_tail = Case(When(tail=0, then=Value(0)), default=_Bytes(rest) - shorter(rest), output_field=BigIntegerField())
    return _Sum(whole - in_tail) / Value(size)
