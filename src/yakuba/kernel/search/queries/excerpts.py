"""Showing why something was found."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Model, Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from yakuba.kernel.search.models import Passage
from yakuba.kernel.search.queries.matching import Words, chosen_parts, words_of
from yakuba.kernel.search.registry import PartOf, Searchable, searchable_kind
from yakuba.kernel.search.rules.cutting import LONGEST_WORD
from yakuba.kernel.search.rules.marking import Fragment, excerpt, marked

_READ_BEYOND = 4 * LONGEST_WORD
"""A word may begin in a passage and end behind it; spaces and marks between its characters do not count."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Where a thing was found (検索結果の抜粋).

    ``html`` is the stretch of the text with most hits, escaped, the hits in ``<mark>``; ``part`` is what the text is
    called (本文, 庁内メモ …) and ``page`` counts its pages from 1 (0 when it has one only).
    """

    part: str
    page: int
    html: SafeString


def marked_html(text: str, words: Words) -> SafeString:
    """A whole short text, such as a title: escaped, the hits in ``<mark>``."""
    asked = words_of(words) if isinstance(words, str) else words
    return _html(marked(text, [key for word in asked for key in word.alternatives]))


def excerpts(things: Iterable[Model], words: Words, *, parts: Collection[str] | None = None) -> dict[int, Excerpt]:
    """By row number of each thing the excerpt to show under its title; things without one are left out.

    For the things on one page, all of one model, which the caller's gate let through. A hit in a body is preferred to
    one in keywords and in the title, because titles are shown anyway. Texts are read anew from the things, the index
    only says where to look; where it lags behind, the beginning is shown. ``parts`` as in `matching`. One query
    besides what the texts need.
    """
    shown = {int(thing.pk): thing for thing in things}
    asked = words_of(words) if isinstance(words, str) else tuple(words)
    if not shown or not asked:
        return {}
    declared = searchable_kind(type(next(iter(shown.values()))))
    keys = [key for word in asked for key in word.alternatives]
    found: dict[int, Excerpt] = {}
    for object_id, where in _best_passages(declared, list(shown), keys, chosen_parts(declared, parts)).items():
        part = next((one for one in declared.parts if one.name == where.part), None)
        made = _of_passage(part, shown[object_id], where, keys) if part else None
        if made:
            found[object_id] = made
    return found


def _best_passages(
    declared: Searchable, ids: list[int], keys: list[str], parts: tuple[str, ...] | None
) -> dict[int, Passage]:
    anything = Q()
    for key in keys:
        anything |= Q(folded__contains=key)
    passages = Passage.objects.filter(anything, kind=declared.kind, object_id__in=ids)
    if parts is not None:
        passages = passages.filter(part__in=parts)
    best: dict[int, tuple[int, Passage]] = {}
    for one in passages.defer("grams").order_by("weight", "pk"):
        told = _told(one, keys)
        weight, most = (best[one.object_id][1].weight, best[one.object_id][0]) if one.object_id in best else (0, 0)
        if told > most and weight in (0, one.weight):
            best[one.object_id] = (told, one)
    return {object_id: one for object_id, (_, one) in best.items()}


def _told(passage: Passage, keys: list[str]) -> int:
    """How many of the words begin in a passage; those in its tail begin in the next."""
    own = len(passage.folded) - passage.tail
    return sum(0 <= passage.folded.find(key) < own for key in keys)


def _of_passage(part: PartOf, thing: Model, where: Passage, keys: list[str]) -> Excerpt | None:
    sections = part.sections(thing)
    if where.section >= len(sections):
        return None
    here = sections[where.section]
    behind = here[where.ends : where.ends + _READ_BEYOND]
    if where.ends + _READ_BEYOND > len(here):
        behind += "".join(sections[where.section + 1 : where.section + 3])[:_READ_BEYOND]
    text = here[where.begins : where.ends] + behind
    page = where.section + 1 if len(sections) > 1 else 0
    return Excerpt(part.label, page, _html(excerpt(text, keys))) if text.strip() else None


def _html(fragments: Iterable[Fragment]) -> SafeString:
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>", one.text) if one.is_hit else one.text,) for one in fragments),
    )
