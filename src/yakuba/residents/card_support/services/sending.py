"""Numbers and passwords of what people send."""

from __future__ import annotations

import secrets

from yakuba.kernel.values.api import Refusal
from yakuba.residents.card_support.models import Appointment, Visit
from yakuba.residents.card_support.rules.numbers import MOST, written_number

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_TRIES = 20
PASSWORD_LENGTH = 10


def new_password() -> str:
    """A password that can be read out and typed on a telephone: no letter looks like another."""
    return "".join(secrets.choice(_LETTERS) for _ in range(PASSWORD_LENGTH))


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
