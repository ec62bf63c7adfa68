"""What is not sent is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.forms.fillings import take_open
from yakuba.kernel.forms.models import Filling, FillingState
from yakuba.kernel.values.api import Clock

KEPT_FOR = timedelta(days=90)
"""How long something half written stays after the last touch."""


@verb("forms.give_up_filling", label="記入をやめる")
def give_up_filling(*, by: Person, filling: Filling, clock: Clock) -> Filling:
    """Throw away what was written. Only the fact that something was begun stays, for counting."""
    filling = take_open(filling)
    _wipe(filling, clock.now())
    return filling


@verb("forms.forget_fillings", label="古い記入の消去")
def forget_fillings(*, by: Person, clock: Clock, most: int = 100) -> int:
    """Wipe fillings nobody has touched for three months; the number wiped, at most ``most`` at a time."""
    limit = clock.now() - KEPT_FOR
    old = list(Filling.objects.filter(state=FillingState.OPEN, touched_at__lt=limit).order_by("touched_at")[:most])
    for filling in old:
        _wipe(filling, filling.touched_at)
    return len(old)


def _wipe(filling: Filling, touched_at: datetime) -> None:
    filling.state = FillingState.GIVEN_UP
    filling.answers = filling.typed = filling.account_id = filling.key_digest = ""
    filling.sources, filling.facts = {}, {}
    filling.touched_at = touched_at
    filling.edition += 1
    filling.save()
