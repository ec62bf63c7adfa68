"""What the sign-in library tells us, told on to the audit log."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import email_changed
from django.dispatch import receiver
from django.http import HttpRequest

from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.persons import person_of
from yakuba.kernel.identity.services.resident_account import note_mail_changed


@receiver(email_changed, dispatch_uid="yakuba.identity.mail_changed")
def mail_changed(request: HttpRequest, user: Account, **_more: Any) -> None:
    """A resident's new mail address was verified and took the place of the old one."""
    clock = request.clock  # type: ignore[attr-defined]
    note_mail_changed(by=person_of(user, clock.today()), account=user)
