"""Answers that must not lie readable in the database."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from yakuba.kernel.forms.rules.definition import OTHER_SUFFIX, FormDefinition
from yakuba.kernel.identity.api import seal, unseal

ALWAYS_SEALED = frozenset({"bank_account"})
"""The short list of kinds that are sealed in every form; further questions are marked ``is_sensitive``."""


def seal_answers(answers: dict[str, Any]) -> str:
    """Answers as sealed text; an empty text for none."""
    return seal(canonical(answers)) if answers else ""


def unseal_answers(sealed: str) -> dict[str, Any]:
    """The answers again. Raises `Unsealable` when the installation has lost its key."""
    answers: dict[str, Any] = json.loads(unseal(sealed)) if sealed else {}
    return answers


def divide(definition: FormDefinition, answers: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Readable answers and those to be sealed. A group with one protected question is sealed as a whole."""
    protected: set[str] = set()
    for question in definition.questions():
        inner = getattr(question, "questions", ())
        if any(one.is_sensitive or one.type in ALWAYS_SEALED for one in (question, *inner)):
            protected |= {question.key, question.key + OTHER_SUFFIX}
    return (
        {key: value for key, value in answers.items() if key not in protected},
        {key: value for key, value in answers.items() if key in protected},
    )


def canonical(value: Any) -> str:
    """JSON in the one form that is hashed: sorted keys, no blanks, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(*parts: Any) -> str:
    """SHA-256 over the canonical forms, hexadecimal."""
    return hashlib.sha256(document(*parts)).hexdigest()


def document(*parts: Any) -> bytes:
    """The bytes that are hashed; what somebody signs electronically."""
    return "\n".join(canonical(part) for part in parts).encode()
