"""Shared devices (共用PC): the PIN of a person on a device."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth.hashers import check_password
from django.db.models import F

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account, Device, DeviceUser
from yakuba.kernel.identity.rules.pin import MOST_FAILURES
from yakuba.kernel.values.api import Clock, Refusal

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@verb("identity.set_pin", label="端末の暗証番号の設定", auditor_may=True)
def set_pin(*, by: Person, account: Account, device: Device, hashed: str) -> Device:
    """Keep a PIN (already hashed) of one's own for this device; an empty one takes it away."""
    DeviceUser.objects.filter(device=device, account=account).update(pin=hashed, pin_failures=0)
    return device


@verb("identity.try_pin", label="端末の暗証番号の確認", auditor_may=True)
def claim_pin_attempt(*, by: Person, account: Account, device: Device, clock: Clock) -> Device:
    """Count one try of the PIN before it is compared. Raises ``Refusal`` when the PIN is not open (any more)."""
    user = DeviceUser.objects.filter(device=device, account=account).first()
    is_open = user is not None and user.is_pin_open(clock.now())
    # Counted by the database, so that tries sent at the same moment do not share one count.
    counted = is_open and DeviceUser.objects.filter(
        device=device, account=account, pin_failures__lt=MOST_FAILURES
    ).update(pin_failures=F("pin_failures") + 1)
    if not counted:
        raise Refusal("暗証番号は今は使えません。", hint="パスワードかパスキーでログインしてください。")
    return device


@verb("identity.pin_was_right", label="端末の暗証番号の一致", auditor_may=True)
def forget_pin_failures(*, by: Person, account: Account, device: Device) -> Device:
    """The PIN was right: earlier slips are forgotten."""
    DeviceUser.objects.filter(device=device, account=account).update(pin_failures=0)
    return device


def close_devices(account: Account) -> None:
    """Within a verb: no PIN and no code opens a device for this account before its next complete sign-in there."""
    DeviceUser.objects.filter(account=account).update(pin="", pin_failures=0, fully_signed_in_at=_LONG_AGO)


def is_pin_right(*, account: Account, device: Device, pin: str) -> bool:
    """Whether the PIN is the one kept for this person on this device; counts nothing."""
    user = DeviceUser.objects.filter(device=device, account=account).first()
    return user is not None and bool(user.pin) and check_password(pin, user.pin)
