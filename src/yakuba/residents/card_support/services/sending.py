"""Numbers and passwords of what people send."""

from __future__ import annotations

import hashlib
import secrets

from django.utils.crypto import salted_hmac

from yakuba.kernel.values.api import Refusal
from yakuba.residents.card_support.models import Appointment, Visit
from yakuba.residents.card_support.rules.numbers import MOST, written_number

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_TRIES = 20
PASSWORD_LENGTH = 10


def password_for(sending: str) -> str:
    """The password of one sending: the same for every press of it, so that two presses at once never show two. Made with
    the town's key, readable out loud: no letter looks like another."""
    digest = salted_hmac("card_support.password", sending, algorithm="sha256").digest()
    drawn = int.from_bytes(digest, "big")
    letters = []
    for _place in range(PASSWORD_LENGTH):
        drawn, rest = divmod(drawn, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(letters)


def stored_sending(sending: str) -> str:
    """What is stored of a sending: with it alone nobody makes the password."""
    return hashlib.sha256(sending.encode()).hexdigest()


def new_sending() -> str:
    """What a page carries so that pressing twice sends once."""
    return secrets.token_urlsafe(24)


def free_number(model: type[Appointment] | type[Visit], letter: str) -> str:
    """A number nobody has. Raises `Refusal` when the drawing finds none (then the register is all but full)."""
    for _ in range(_TRIES):
        number = written_number(letter, secrets.randbelow(MOST))
        if not model.objects.filter(number=number).exists():
            return number
    raise Refusal("整理番号を作れませんでした。", hint="もう一度押してください。")
