"""Counting attempts in the shared cache, so that every process counts together."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core.cache import cache

from yakuba.kernel.identity.rules.throttling import Limit, minutes_to_wait, seconds_to_wait
from yakuba.kernel.values.api import Refusal, SystemClock

_LOCK_SECONDS = 10
_PATIENCE_SECONDS = 2.0


class TooManyAttempts(Refusal):
    """Attempts are over the limit; ``seconds`` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self.minutes = minutes_to_wait(seconds)
        super().__init__(
            f"短い時間に何度も誤りがあったため、受付を止めています。あと{self.minutes}分お待ちください。",
            hint="パスワードが分からないときは、待たずに情報システム担当へ連絡してください。",
        )


@dataclass
class Attempt:
    """One counted attempt. A success is given back, so only failures fill the limits."""

    _kept: list[tuple[str, float, int]] = field(default_factory=list)

    def give_back(self) -> None:
        """Uncount this attempt: it was right."""
        for key, moment, seconds in self._kept:
            with _locked(key):
                cache.set(key, [one for one in cache.get(key, []) if one != moment], seconds)
        self._kept.clear()


def count_attempt(action: str, *, limits: Sequence[Limit], who: Mapping[str, str]) -> Attempt:
    """Count an attempt before it is tried. Raises ``TooManyAttempts``.

    ``who`` gives a value for every ``what`` of the limits. Counting comes first, so that a thousand attempts sent at
    the same moment do not all slip through.
    """
    attempt = Attempt()
    for limit in limits:
        key = _key(action, limit, who[limit.what])
        now = SystemClock().now().timestamp()
        with _locked(key) as is_ours:
            made = cache.get(key, []) if is_ours else []
            wait = seconds_to_wait(made, now=now, limit=limit) if is_ours else 1
            if not wait:
                recent = [moment for moment in made if moment > now - limit.seconds]
                cache.set(key, [*recent[-limit.amount :], now], limit.seconds)
        if wait:
            attempt.give_back()
            raise TooManyAttempts(wait)
        attempt._kept.append((key, now, limit.seconds))
    return attempt


def _key(action: str, limit: Limit, value: str) -> str:
    return f"throttle:{action}:{limit.what.replace(' ', '-')}:{hashlib.sha256(value.encode()).hexdigest()[:40]}"


@contextmanager
def _locked(key: str) -> Iterator[bool]:
    """Whether the counter is ours for a moment; nobody waits longer than two seconds for it."""
    until = time.monotonic() + _PATIENCE_SECONDS
    pause = 0.005
    while not cache.add(f"{key}:lock", 1, _LOCK_SECONDS):
        if time.monotonic() > until:
            yield False
            return
        time.sleep(pause)
        pause = min(pause * 2, 0.1)
    try:
        yield True
    finally:
        cache.delete(f"{key}:lock")
