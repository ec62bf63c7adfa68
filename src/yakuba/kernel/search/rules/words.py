"""Reading what somebody typed into a search box."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from yakuba.kernel.search.rules.cutting import LONGEST_WORD
from yakuba.kernel.search.rules.keys import search_key

MOST_CHARACTERS = 10_000
"""What is typed beyond is not read."""
MOST_WORDS = 16
"""Words, or pieces of very long words, beyond are not looked for: fewer conditions, so never fewer hits."""
MOST_SYNONYMS = 12
"""Other words looked for beside each word."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word that must be found: ``key`` as it was typed, or one of ``synonyms`` (keys as well)."""

    key: str
    synonyms: tuple[str, ...] = ()

    @property
    def alternatives(self) -> tuple[str, ...]:
        return (self.key, *self.synonyms)


@dataclass(frozen=True, slots=True)
class Synonyms:
    """One line of the synonym table (類語): ``same`` mean the same; ``narrower`` are kinds of it.

    Whoever looks for one of ``same`` finds all of both; whoever looks for a narrower word finds it and ``same``, but
    not its neighbours: 転入 finds 引っ越し, not 転出.
    """

    same: tuple[str, ...]
    narrower: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """All synonyms, by the key of each word."""

    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[Synonyms]) -> Thesaurus:
        found: dict[str, dict[str, None]] = {}
        for line in lines:
            same = [key for key in map(search_key, line.same) if key]
            narrower = [key for key in map(search_key, line.narrower) if key]
            for one in same:
                found.setdefault(one, {}).update(dict.fromkeys([*same, *narrower]))
            for one in narrower:
                found.setdefault(one, {}).update(dict.fromkeys(same))
        return cls({key: tuple(other for other in others if other != key) for key, others in found.items()})

    def synonyms_of(self, key: str) -> tuple[str, ...]:
        """Other keys for a word; for a compound its longest part that has any is replaced: ごみ収集 → 廃棄物収集."""
        if key in self.others:
            return self.others[key][:MOST_SYNONYMS]
        parts = [part for part in self.others if len(part) > 1 and part in key]
        if not parts:
            return ()
        longest = max(parts, key=lambda part: (len(part), part))
        return tuple(key.replace(longest, other) for other in self.others[longest])[:MOST_SYNONYMS]


def read_words(asked: str, thesaurus: Thesaurus) -> tuple[Word, ...]:
    """The words in what was typed, each once, in their order. All of them must be found.

    Words are divided by spaces of any kind. There are no operators: every other character is looked for as it is, so
    nothing anybody types is an error. Symbols that the key drops (・, invisible characters) are no words.
    """
    found: dict[str, Word] = {}
    for typed in asked[:MOST_CHARACTERS].split():
        key = search_key(typed)
        if len(key) <= LONGEST_WORD:
            pieces = [Word(key, thesaurus.synonyms_of(key))] if key else []
        else:
            starts = [*range(0, len(key) - LONGEST_WORD, LONGEST_WORD), len(key) - LONGEST_WORD]
            pieces = [Word(key[start : start + LONGEST_WORD]) for start in starts]
        found |= {word.key: word for word in pieces if word.key not in found}
        if len(found) >= MOST_WORDS:
            break
    return tuple(found.values())[:MOST_WORDS]
