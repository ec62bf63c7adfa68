"""What the card said of its holder, for the minutes somebody fills in a form: sealed, in the session, nowhere else."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.http import HttpRequest

from yakuba.kernel.identity.rules.certified_facts import CertifiedFacts
from yakuba.kernel.identity.rules.identity_level import FACTS_LAST
from yakuba.kernel.identity.sealing import Unsealable, seal, unseal
from yakuba.kernel.identity.session_store import SessionStore

_KEY = "yakuba.card_facts"
#: The facts of a card no account knows, until its holder has chosen (``proving.py``).
UNKNOWN_CARD = "yakuba.card_unknown"
_AT_ONCE = 200


def keep_facts(request: HttpRequest, facts: CertifiedFacts, *, proven_at: datetime) -> None:
    """Keep the facts for some minutes after they were shown."""
    request.session[_KEY] = {
        "until": (proven_at + FACTS_LAST).timestamp(),
        "sealed": seal(json.dumps(facts.as_plain(), ensure_ascii=False)),
    }


def facts_kept(request: HttpRequest, *, now: datetime) -> CertifiedFacts | None:
    """The facts while their minutes last; afterwards they are thrown away."""
    kept = request.session.get(_KEY)
    if not isinstance(kept, dict):
        return None
    if now.timestamp() > _until(kept):
        forget_facts(request)
        return None
    try:
        return CertifiedFacts.from_plain(json.loads(unseal(kept["sealed"])))
    except (Unsealable, ValueError, KeyError, TypeError):
        return None


def forget_facts(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def forget_facts_of_others(*, now: datetime) -> int:
    """Take facts whose minutes are over out of stored sessions nobody opened since; how many.

    A session that changes in this very moment is left to the next round: what somebody does goes before.
    """
    forgotten, last = 0, ""
    store = SessionStore()
    while True:
        found = list(Session.objects.filter(session_key__gt=last).order_by("session_key")[:_AT_ONCE])
        if not found:
            return forgotten
        last = found[-1].session_key
        for session in found:
            payload: dict[str, Any] = session.get_decoded()
            over = [name for name in (_KEY, UNKNOWN_CARD) if _is_over(payload.get(name), now)]
            if over:
                payload = {name: value for name, value in payload.items() if name not in over}
                same = Session.objects.filter(pk=session.pk, session_data=session.session_data)
                forgotten += same.update(session_data=store.encode(payload))


def _is_over(kept: Any, now: datetime) -> bool:
    return isinstance(kept, dict) and now.timestamp() > _until(kept)


def _until(kept: dict[str, Any]) -> float:
    until = kept.get("until")
    return float(until) if isinstance(until, int | float) else 0.0
