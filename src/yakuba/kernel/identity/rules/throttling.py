"""How many attempts are too many, and how long to wait then."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """At most ``amount`` attempts within ``seconds``; ``what`` names what is counted together."""

    what: str
    amount: int
    seconds: int


#: Only failures stay counted, so a whole town hall behind one address signs in undisturbed in the morning.
#: One name at one address is a person mistyping; one name over all addresses is an attack on that person.
SIGN_IN_LIMITS = (
    Limit("name and address", 5, 5 * 60),
    Limit("name", 20, 60 * 60),
    Limit("address", 60, 10 * 60),
)
#: A code of six digits or an entry of the printed list: guessing must stay hopeless.
CODE_LIMITS = (Limit("name", 6, 10 * 60), Limit("address", 60, 10 * 60))

#: A passkey cannot be guessed; this only keeps machines from knocking all night.
PASSKEY_LIMITS = (Limit("address", 60, 10 * 60),)

#: Ways to the app that shows the card: each costs the provider and us some questions, and a whole block of flats may
#: come from one address.
CARD_LIMITS = (Limit("address", 60, 10 * 60),)

#: Refused sign-ins of one source that the audit log keeps one by one.
REFUSALS_LOGGED = Limit("address", 60, 10 * 60)

#: Mails somebody asks us to send: nobody's mail box is filled by strangers. These are never given back.
MAIL_LIMITS = (Limit("name", 4, 15 * 60), Limit("address", 40, 15 * 60))


def seconds_to_wait(attempts: Sequence[float], *, now: float, limit: Limit) -> int:
    """Seconds until another attempt is allowed, 0 if it is allowed now. ``attempts`` are moments in seconds."""
    recent = sorted(moment for moment in attempts if moment > now - limit.seconds)
    if len(recent) < limit.amount:
        return 0
    return max(1, math.ceil(recent[-limit.amount] + limit.seconds - now))


def minutes_to_wait(seconds: int) -> int:
    """Whole minutes a person is told to wait."""
    return max(1, math.ceil(seconds / 60))
