from __future__ import annotations

from django.urls import reverse

from yakuba.kernel.access.api import PersonKind
from yakuba.kernel.people.access import keeps_protections
from yakuba.kernel.people.models import Mandate, Protection, ResidentProfile
from yakuba.kernel.things.api import describe

describe(
    kind="people.profile",
    label="本人の登録",
    model=ResidentProfile,
    title=lambda one: "本人の登録",
    url=lambda one: reverse("resident-profile"),
    gate=lambda person, one: person.kind is PersonKind.RESIDENT and person.id == one.account,
)
describe(
    kind="people.mandate",
    label="委任",
    model=Mandate,
    title=lambda one: "委任",
    url=lambda one: reverse("resident-mandates"),
    gate=lambda person, one: person.id in (one.principal_account, one.agent_account) and person.is_signed_in,
    snapshot=lambda one: {
        "kind": one.kind,
        "scope": one.scope,
        "everything": one.is_for_everything,
        "from": one.starts_on.isoformat(),
        "until": one.ends_on.isoformat() if one.ends_on else None,
        "state": one.state,
    },
)
describe(
    kind="people.protection",
    label="支援措置",
    model=Protection,
    title=lambda one: "支援措置",
    url=lambda one: reverse("protection", args=[one.public_id]),
    gate=lambda person, one: keeps_protections.allows(person),
)
