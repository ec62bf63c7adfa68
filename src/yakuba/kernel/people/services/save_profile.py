"""A resident enters or changes their own particulars."""

from __future__ import annotations

from dataclasses import fields

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.people.models import ResidentProfile
from yakuba.kernel.people.recognising import recognition_of
from yakuba.kernel.people.rules.profiles import ProfileEntry, checked_profile
from yakuba.kernel.values.api import Clock, Refusal


class ChangedMeanwhile(Refusal):
    """The profile was changed in another window or on another device since it was opened."""


@verb("people.save_profile", label="本人の登録の変更")
def save_profile(*, by: Person, entry: ProfileEntry, version: int, clock: Clock) -> ResidentProfile:
    """Keep what the resident entered about themselves; nobody else may.

    ``version`` is the one the page showed, 0 for a first entry. Raises ``Refusal`` naming the field, and
    ``ChangedMeanwhile``.
    """
    if by.kind is not PersonKind.RESIDENT:
        raise NotAllowed("本人の登録を変えられるのは、本人だけです。")
    entry = checked_profile(entry, today=clock.today())
    kept = ResidentProfile.objects.select_for_update().filter(account=by.id).first()
    if (kept.version if kept else 0) != version:
        raise ChangedMeanwhile("ほかの画面で変更されています。", hint="下の内容を確かめて、もう一度保存してください。")
    profile = kept or ResidentProfile(account=by.id, version=0)
    for field in fields(entry):
        setattr(profile, field.name, getattr(entry, field.name))
    profile.preference = entry.preference.value
    profile.recognition = recognition_of(entry.name, entry.born_on)
    profile.changed_at = clock.now()
    profile.version += 1
    profile.save()
    return profile
