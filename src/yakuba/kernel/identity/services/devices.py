"""Devices of the town hall (端末) and whether they are shared."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Device
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
