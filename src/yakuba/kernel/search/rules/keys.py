"""The search key of a text and its bigrams: the one tokenizer of both databases."""

from __future__ import annotations

import hashlib
import string
import unicodedata
from functools import cache
from importlib.resources import files

from yakuba.kernel.japan.api import fold

TOKENIZER = 1
"""Raise it when `bigrams` or `grams` answer differently for the same key: the index is then made anew by itself."""

_UNSTORABLE = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)])
_WAVES = dict.fromkeys([0x223C, 0x301C, 0x3030], "~")
# Full-width forms never stand in a key (NFKC has made them narrow), so this is one to one. It leaves letters and digits
# as the only ASCII characters, so that no engine takes a character for a separator, a quote or an operator.
_PUNCTUATION = {ord(mark): ord(mark) + 0xFEE0 for mark in string.punctuation}


def search_key(text: str) -> str:
    """The key under which a text is found: `fold`, without what a database cannot store.

    The wave dash (〜) is the tilde that the same key types on other machines (～). Dropped beside what `fold` drops: control characters (NUL) and halves of surrogate pairs. The key of a key is the
    key.
    """
    return fold(text.translate(_UNSTORABLE | _WAVES))


def bigrams(key: str) -> str:
    """Every pair of neighbouring characters in order, and the last character alone, divided by spaces: 水道料 → 水道 道料 料.

    A word of two or more characters stands in the text exactly where its bigrams follow each other; a single
    character wherever a token begins with it.
    """
    wide = key.translate(_PUNCTUATION)
    return " ".join(wide[place : place + 2] for place in range(len(wide)))


def grams(key: str) -> str:
    """Every character and every pair of neighbours once, sorted, divided by spaces."""
    wide = key.translate(_PUNCTUATION)
    return " ".join(sorted({*wide, *(wide[place : place + 2] for place in range(len(wide) - 1))}))


def grams_of_word(word: str) -> list[str]:
    """The grams a text must have to contain the word: the character itself, or every pair of neighbours."""
    wide = word.translate(_PUNCTUATION)
    return sorted({wide[place : place + 2] for place in range(len(wide) - 1)}) if len(wide) > 1 else [wide]


def phrase(word: str) -> str:
    """The word as FTS5 asks for it: its bigrams as one phrase, or a prefix for a single character."""
    wide = word.translate(_PUNCTUATION)
    if len(wide) == 1:
        return f'"{wide}"*'
    return '"' + " ".join(wide[place : place + 2] for place in range(len(wide) - 1)) + '"'


def kind_token(kind: str) -> str:
    """The kind of a thing as a token of the index; longer than any bigram, so it is never mistaken for text."""
    return kind.translate(_PUNCTUATION)


@cache
def fold_fingerprint() -> str:
    """Changes whenever keys may have changed: another table of variants, another Unicode, another way to fold.

    Keys stored under another fingerprint are made anew from their sources.
    """
    digest = hashlib.sha256(f"{unicodedata.unidata_version}\x00".encode())
    for name in ("folding.py", "kana.py", "variants.tsv"):
        digest.update(files("yakuba.kernel.japan").joinpath(name).read_bytes())
    digest.update(files("yakuba.kernel.search.rules").joinpath("keys.py").read_bytes())
    return digest.hexdigest()[:16]
