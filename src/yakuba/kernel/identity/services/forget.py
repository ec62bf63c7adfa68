"""Forgetting what is no longer needed."""

from __future__ import annotations

from datetime import timedelta

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Device, SignIn
from yakuba.kernel.values.api import Clock

_AT_ONCE = 500


@verb("identity.forget_old_sign_ins", label="古いログインの記録の消去")
def forget_old_sign_ins(*, by: Person, clock: Clock) -> int:
    """Delete sign-ins 400 days after their beginning and devices unused for a year; returns how many, in chunks."""
    now = clock.now()
    old = list(SignIn.objects.filter(started_at__lt=now - timedelta(days=400)).values_list("pk", flat=True)[:_AT_ONCE])
    SignIn.objects.filter(pk__in=old).delete()
    unused = list(Device.objects.filter(last_used_at__lt=now - timedelta(days=365)).values_list("pk", flat=True)[:50])
    Device.objects.filter(pk__in=unused).delete()
    return len(old) + len(unused)
