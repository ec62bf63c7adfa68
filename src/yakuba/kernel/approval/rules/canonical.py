"""What is hashed when something is decided: one text per content, one hash per text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

MOST_DEPTH = 40
MOST_BYTES = 2_000_000
"""A content is a text with some structure; bigger things are files, and a content names them."""


def canonical(content: Any) -> str:
    """The one JSON text of a content: keys sorted by code point, no space, letters as they are.

    Takes what JSON knows (mappings with text keys, lists, texts, whole numbers, true, false, nothing); a tuple counts
    as a list. Raises ``TypeError`` for anything else: a binary fraction is not written alike everywhere, so money is
    whole yen and other numbers come as text. Raises ``ValueError`` for half a surrogate pair, for more than 40 levels
    and for more than 2,000,000 bytes.
    """
    _check(content, "", 0)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    if len(text.encode()) > MOST_BYTES:
        raise ValueError(f"a content of more than {MOST_BYTES} bytes: name files instead")
    return text


def sha256_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest(content: Any) -> str:
    """SHA-256 over the canonical JSON of a content."""
    return sha256_of(canonical(content))


def texts_in(content: Any) -> frozenset[str]:
    """Every text that stands as a value in a content."""
    if isinstance(content, str):
        return frozenset({content})
    if isinstance(content, Mapping):
        return frozenset().union(*(texts_in(value) for value in content.values()))
    if isinstance(content, list | tuple):
        return frozenset().union(*(texts_in(value) for value in content))
    return frozenset()


def _check(value: Any, place: str, depth: int) -> None:
    if depth > MOST_DEPTH:
        raise ValueError(f"{place}: a content of more than {MOST_DEPTH} levels")
    if isinstance(value, str):
        _check_text(value, place)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{place}: keys are texts, not {key!r}")
            _check_text(key, place)
            _check(inner, f"{place}/{key}", depth + 1)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            _check(inner, f"{place}/{number}", depth + 1)
    elif value is not None and type(value) not in (bool, int):
        raise TypeError(f"{place or 'content'}: {type(value).__name__} has no place in a decided content")


def _check_text(text: str, place: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as fault:
        raise ValueError(f"{place}: half a surrogate pair") from fault
