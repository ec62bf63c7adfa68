"""The sheets of an XLSForm: which columns we write, which we read, and how a changed cell is told from ours."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

SURVEY, CHOICES, SETTINGS, NOTES = "survey", "choices", "settings", "yakuba_notes"
LANGUAGES = ("ja", "ja-easy", "en")
OWN = "yakuba"
"""The column that brings back what an XLSForm has no words for."""

MANAGED = ("required", "relevant", "constraint", "calculation", "repeat_count", "appearance")
SURVEY_COLUMNS = (
    "type",
    "name",
    *(f"label::{one}" for one in LANGUAGES),
    *(f"hint::{one}" for one in LANGUAGES),
    "required",
    "relevant",
    "constraint",
    *(f"constraint_message::{one}" for one in LANGUAGES),
    "calculation",
    "repeat_count",
    "appearance",
    OWN,
)
CHOICE_COLUMNS = ("list_name", "name", *(f"label::{one}" for one in LANGUAGES), OWN)
SETTING_COLUMNS = ("form_title", "form_id", "version", "default_language", OWN)

Json = dict[str, Any]
LONGEST_CELL = 32_000

_SUFFIX = re.compile(r"(?P<name>[^()]*?)\s*(?:\((?P<code>[A-Za-z-]{2,12})\))?")
_LANGUAGE_WORDS = {
    "ja": "ja",
    "japanese": "ja",
    "日本語": "ja",
    "ja-easy": "ja-easy",
    "easy japanese": "ja-easy",
    "やさしい日本語": "ja-easy",
    "en": "en",
    "english": "en",
    "英語": "en",
}


def digest_of(text: str) -> str:
    """What a cell held when we wrote it, in eight characters."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:8]


def own_cell(content: Json, row: Mapping[str, str]) -> str:
    """The column of our own: what stands there, and what the other cells of the row held."""
    written = {name: digest_of(text) for name, text in row.items() if text and name != OWN}
    return json.dumps({**content, "w": written}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def read_own(text: str) -> Json | None:
    """The column of our own; ``None`` for an empty one. Raises `ValueError` for one that was damaged."""
    if not text.strip():
        return None
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(text) from None
    if not isinstance(given, dict) or not isinstance(given.get("w"), dict):
        raise ValueError(text)
    return given


def is_as_written(own: Mapping[str, Any], row: Mapping[str, str], name: str) -> bool:
    """Whether a cell still holds what we wrote there."""
    return bool(digest_of(row.get(name, "")) == own["w"].get(name, digest_of("")))


def language_of(header: str) -> tuple[str, str]:
    """``label::Japanese (ja)`` → (``label``, ``ja``); without a language the second is empty."""
    name, sign, suffix = header.partition("::")
    if not sign:
        name, sign, suffix = header.partition(":")
    found = _SUFFIX.fullmatch(suffix.strip())
    if not sign or found is None:
        return header.strip(), ""
    words, code = (found["name"] or "").strip().lower(), (found["code"] or "").lower()
    for one in (words, code):
        if one in _LANGUAGE_WORDS:
            return name.strip(), _LANGUAGE_WORDS[one]
    plain = code or words
    return name.strip(), plain if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", plain) else suffix.strip()


def texts_in(row: Mapping[str, str], column: str) -> dict[str, str]:
    """The texts of ``label``, ``hint`` … of a row by language; the one without a language under an empty code."""
    found: dict[str, str] = {}
    for header, text in row.items():
        name, code = language_of(header)
        if name == column and text:
            found[code] = text
    return found
