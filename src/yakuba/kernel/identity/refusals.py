"""Which refused sign-ins reach the audit log: all of them, unless one source sends so many that it writes the log."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

from yakuba.kernel.access.api import VISITOR, Person
from yakuba.kernel.identity.client import client_address
from yakuba.kernel.identity.rules.client_address import throttle_group
from yakuba.kernel.identity.rules.throttling import REFUSALS_LOGGED
from yakuba.kernel.identity.services.sign_in import refuse_sign_in
from yakuba.kernel.identity.throttle import TooManyAttempts, count_attempt
from yakuba.kernel.values.api import Refusal


def log_refused(
    request: HttpRequest, *, sign_in_name: str, why: str, refusal: Refusal | None = None, by: Person = VISITOR
) -> None:
    """Log that a sign-in was refused. That a source went over a limit is logged once per window, not per attempt."""
    source = throttle_group(client_address(request))
    is_over = isinstance(refusal, TooManyAttempts)
    if not is_over:
        try:
            count_attempt("refused", limits=(REFUSALS_LOGGED,), who={REFUSALS_LOGGED.what: source})
        except TooManyAttempts:
            is_over = True
    if is_over:
        key = f"throttle:noted:{hashlib.sha256(source.encode()).hexdigest()[:40]}"
        if not cache.add(key, 1, REFUSALS_LOGGED.seconds):
            return
        why = "too many attempts"
    refuse_sign_in(by=by, sign_in_name=sign_in_name, why=why)
