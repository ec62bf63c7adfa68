"""Forgetting what is no longer needed."""

from __future__ import annotations

from datetime import timedelta

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account, AccountKind, Device, SignIn
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


@verb("identity.forget_unfinished", label="完了しなかった利用登録の消去")
def forget_unfinished_registrations(*, by: Person, clock: Clock) -> int:
    """Delete residents' accounts whose mail address was never verified within two days; returns how many."""
    unfinished = Account.objects.filter(
        kind=AccountKind.RESIDENT,
        created_at__lt=clock.now() - timedelta(days=2),
        sign_ins__isnull=True,
        persona__isnull=True,
        emailaddress__isnull=False,
        is_active=True,
    ).exclude(emailaddress__verified=True)
    ids = list(unfinished.values_list("pk", flat=True)[:_AT_ONCE])
    Account.objects.filter(pk__in=ids).delete()
    return len(ids)
