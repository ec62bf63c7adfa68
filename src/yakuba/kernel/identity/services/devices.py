"""Devices of the town hall (端末) and whether they are shared."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account, Device, DeviceUser
from yakuba.kernel.values.api import Clock


@verb("identity.note_device", label="端末の登録", auditor_may=True)
def note_device(*, by: Person, device: Device | None, name: str, is_shared: bool, clock: Clock) -> Device:
    """Remember the device of a sign-in. Once shared it stays shared until information systems say otherwise."""
    now = clock.now()
    if device is None:
        return Device.objects.create(name=name[:60], is_shared=is_shared, first_seen_at=now, last_used_at=now)
    device.last_used_at = now
    device.is_shared = device.is_shared or is_shared
    device.save(update_fields=["last_used_at", "is_shared"])
    return device


@verb("identity.describe_device", label="端末の登録内容の変更")
def describe_device(*, by: Person, device: Device, name: str, is_shared: bool) -> Device:
    """Name a device and say whether it is shared. PINs exist on shared devices only."""
    device.name, device.is_shared = name.strip()[:60] or device.name, is_shared
    device.save(update_fields=["name", "is_shared"])
    if not is_shared:
        DeviceUser.objects.filter(device=device).update(pin="", pin_failures=0)
    return device


@verb("identity.leave_device", label="端末の利用者一覧からの削除", auditor_may=True)
def leave_device(*, by: Person, account: Account, device: Device) -> Device:
    """Take oneself off a device's list of people, PIN included."""
    DeviceUser.objects.filter(device=device, account=account).delete()
    return device
