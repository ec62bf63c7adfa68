"""Sending somebody to show their card, and knowing them again when they come back.

What ties both ends together lies sealed in the visitor's session for a quarter of an hour: an answer that fits nothing we
asked in this browser is thrown away.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from yakuba.kernel.access.api import PersonKind
from yakuba.kernel.identity.card_facts import UNKNOWN_CARD
from yakuba.kernel.identity.digital_auth.base import Attempt, Certified, IdentityProvider
from yakuba.kernel.identity.rules.certified_facts import CertifiedFacts
from yakuba.kernel.identity.sealing import Unsealable, seal, unseal
from yakuba.kernel.values.api import Clock

_ASKED, _DOCUMENT = "yakuba.card_asked", "yakuba.card_document"
_SECONDS = 15 * 60
#: Tabs in which somebody may be asked at the same time; the oldest gives way.
_MOST = 5


class Purpose(StrEnum):
    """What somebody shows the card for."""

    SIGN_IN = "sign-in"
    LEVEL = "level"
    LINK = "link"
    CONFIRM = "confirm"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Document:
    """What shall be signed: the SHA-256 of its bytes (hexadecimal), its title, and the address of the thing it is."""

    digest: str
    title: str
    about: str


@dataclass(frozen=True)
class Question:
    """One question to the provider, as this session remembers it. ``account`` is empty for a visitor."""

    attempt: Attempt
    issuer: str
    purpose: Purpose
    onward: str
    account: str
    began: float
    document: Document | None = None


@dataclass(frozen=True)
class UnknownCard:
    """A card that was shown and belongs to no account: its holder has to say what shall become of it."""

    certified: Certified
    purpose: Purpose
    onward: str


def address_to_show_card(purpose: Purpose, onward: str) -> str:
    """The page that leads to the app, and afterwards to ``onward``."""
    return f"{reverse('resident-digital-auth')}?{urlencode({'purpose': purpose.value, 'next': onward})}"


def ask(
    request: HttpRequest,
    provider: IdentityProvider,
    *,
    purpose: Purpose,
    onward: str,
    document: Document | None = None,
    sign_transaction: str = "",
) -> str:
    """Remember a fresh question and give the address to send the browser to."""
    clock: Clock = request.clock  # type: ignore[attr-defined]
    attempt = Attempt(sign_transaction=sign_transaction)
    question = {
        "attempt": asdict(attempt),
        "issuer": provider.issuer,
        "purpose": purpose.value,
        "onward": onward,
        "account": _account_id(request),
        "began": clock.now().timestamp(),
        "document": asdict(document) if document is not None else None,
    }
    waiting = request.session.get(_ASKED)
    kept = waiting if isinstance(waiting, list) else []
    request.session[_ASKED] = [*kept[-(_MOST - 1) :], seal(json.dumps(question, ensure_ascii=False))]
    return provider.address(attempt)


def question_for(request: HttpRequest, state: str) -> Question | None:
    """The question of this session whose state comes back, once: it is spent with the first answer, be it wrong."""
    clock: Clock = request.clock  # type: ignore[attr-defined]
    waiting = request.session.get(_ASKED)
    if not isinstance(waiting, list):
        return None
    left, found = [], None
    for sealed in waiting:
        question = _question(sealed)
        if question is None or not 0 <= clock.now().timestamp() - question.began <= _SECONDS:
            continue
        if found is None and hmac.compare_digest(question.attempt.state.encode(), state.encode("utf-8", "replace")):
            found = question
        else:
            left.append(sealed)
    if left != waiting:
        request.session[_ASKED] = left
    if found is None or found.account != _account_id(request):
        return None
    # Two answers at the same moment would both find the question in their copy of the session.
    spent = f"card-question:{hashlib.sha256(found.attempt.state.encode()).hexdigest()}"
    return found if cache.add(spent, 1, _SECONDS) else None


def keep_unknown(request: HttpRequest, certified: Certified, question: Question) -> None:
    """Keep what an unknown card said until its holder has chosen."""
    clock: Clock = request.clock  # type: ignore[attr-defined]
    content = {
        "issuer": certified.issuer,
        "subject": certified.subject,
        "facts": certified.facts.as_plain(),
        "at": clock.now().timestamp(),
        "purpose": question.purpose.value,
        "onward": question.onward,
    }
    request.session[UNKNOWN_CARD] = {
        "until": clock.now().timestamp() + _SECONDS,
        "sealed": seal(json.dumps(content, ensure_ascii=False)),
    }


def unknown_card(request: HttpRequest) -> UnknownCard | None:
    """The card whose holder has yet to choose, for a quarter of an hour."""
    clock: Clock = request.clock  # type: ignore[attr-defined]
    kept = request.session.get(UNKNOWN_CARD)
    if not isinstance(kept, dict):
        return None
    try:
        found = json.loads(unseal(kept["sealed"]))
        if not 0 <= clock.now().timestamp() - found["at"] <= _SECONDS:
            forget_unknown(request)
            return None
        facts = CertifiedFacts.from_plain(found["facts"])
        certified = Certified(found["issuer"], found["subject"], facts, clock.now())
        return UnknownCard(certified, Purpose(found["purpose"]), found["onward"])
    except (Unsealable, ValueError, KeyError, TypeError):
        return None


def forget_unknown(request: HttpRequest) -> None:
    request.session.pop(UNKNOWN_CARD, None)


def keep_document(request: HttpRequest, document: Document) -> None:
    """What the person is about to sign; the page names its title."""
    request.session[_DOCUMENT] = seal(json.dumps(asdict(document), ensure_ascii=False))


def document_kept(request: HttpRequest) -> Document | None:
    sealed = request.session.get(_DOCUMENT)
    try:
        return Document(**json.loads(unseal(sealed))) if isinstance(sealed, str) else None
    except (Unsealable, ValueError, TypeError):
        return None


def forget_document(request: HttpRequest) -> None:
    request.session.pop(_DOCUMENT, None)


def _question(sealed: Any) -> Question | None:
    try:
        found = json.loads(unseal(sealed))
        document = found["document"]
        return Question(
            attempt=Attempt(**found["attempt"]),
            issuer=found["issuer"],
            purpose=Purpose(found["purpose"]),
            onward=found["onward"],
            account=found["account"],
            began=found["began"],
            document=Document(**document) if document else None,
        )
    except (Unsealable, ValueError, KeyError, TypeError, AttributeError):
        return None


def _account_id(request: HttpRequest) -> str:
    person = request.person  # type: ignore[attr-defined]
    return str(person.id) if person.kind is PersonKind.RESIDENT else ""
