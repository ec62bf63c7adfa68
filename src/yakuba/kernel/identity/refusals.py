"""Which refused sign-ins reach the audit log: all of them, unless one source sends so many that it writes the log."""

from __future__ import annotations

import hashlib
import logging

from django.core.cache import cache
from django.http import HttpRequest

from yakuba.kernel.access.api import VISITOR, Person
from yakuba.kernel.audit.api import digest_of, record_refusal, refusal_name
from yakuba.kernel.identity.client import client_address
from yakuba.kernel.identity.rules.client_address import throttle_group
from yakuba.kernel.identity.rules.throttling import REFUSALS_LOGGED
from yakuba.kernel.identity.services.sign_in import refuse_sign_in
from yakuba.kernel.identity.throttle import TooManyAttempts, count_attempt
from yakuba.kernel.values.api import Refusal

NOT_PROVEN = refusal_name("identity.not_proven", label="マイナンバーカードによる本人確認の不成立")

_log = logging.getLogger("yakuba.identity")


def log_refused(
    request: HttpRequest, *, sign_in_name: str, why: str, refusal: Refusal | None = None, by: Person = VISITOR
) -> None:
    """Log that a sign-in was refused. That a source went over a limit is logged once per window, not per attempt."""
    told = _worth_telling(request, why, refusal)
    if told is not None:
        refuse_sign_in(by=by, sign_in_name=sign_in_name, why=told)


def log_not_proven(request: HttpRequest, *, why: str, provider: str, refusal: Refusal | None = None) -> None:
    """Log that a proof by card came to nothing, under the same limits. ``why`` is a word for machines of ours."""
    _log.warning("identity not proven", extra={"vendor": provider, "part": why})
    told = _worth_telling(request, why, refusal)
    if told is not None:
        person: Person = request.person  # type: ignore[attr-defined]
        record_refusal(by=person, what=NOT_PROVEN, digest=digest_of({"provider": provider, "why": told}))


def _worth_telling(request: HttpRequest, why: str, refusal: Refusal | None) -> str | None:
    """Why, as the log shall hold it; ``None`` where the same source has filled its share already."""
    source = throttle_group(client_address(request))
    is_over = isinstance(refusal, TooManyAttempts)
    if not is_over:
        try:
            count_attempt("refused", limits=(REFUSALS_LOGGED,), who={REFUSALS_LOGGED.what: source})
        except TooManyAttempts:
            is_over = True
    if not is_over:
        return why
    key = f"throttle:noted:{hashlib.sha256(source.encode()).hexdigest()[:40]}"
    return "too many attempts" if cache.add(key, 1, REFUSALS_LOGGED.seconds) else None
