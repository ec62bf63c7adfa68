"""Accounts of the sample town, and the people one can be in it (登場人物)."""

from __future__ import annotations

import random
import string
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from yakuba.kernel.identity.models import Account, AccountKind, Persona
from yakuba.kernel.things.models import ALPHABET, PUBLIC_ID_LENGTH
from yakuba.kernel.values.api import start_of_day
from yakuba.site.sample.records import Register, ResidentRecord
from yakuba.site.sample.town_hall import TownHall


def make_accounts(
    *, hall: TownHall, register: Register, organisation: Mapping[str, Any], today: date, seed: str
) -> dict[str, Account]:
    """An account for everybody of the town hall and for one resident; the personas by their key.

    No account has a password: into the sample town one comes as a persona only.
    """
    rng = random.Random(f"{seed}:accounts")
    everybody = [*[one.staff for one in hall.careers], *hall.outside.values()]
    rows = [
        Account(
            public_id=_random_id(rng),
            kind=AccountKind.STAFF,
            sign_in_name=staff.number,
            display_name=staff.name,
            staff=staff,
            password=_no_password(rng),
            locked_on=staff.leaves_on,
        )
        for staff in everybody
    ]
    somebody = resident_to_be(register, today)
    rows.append(
        Account(
            public_id=_random_id(rng),
            kind=AccountKind.RESIDENT,
            sign_in_name=somebody.mail,
            email=somebody.mail,
            display_name=somebody.name,
            password=_no_password(rng),
        )
    )
    accounts = Account.objects.bulk_create(rows, batch_size=500)
    # Registration moments follow from the town's today, so that the same seed gives the same town.
    Account.objects.update(created_at=start_of_day(today))
    by_staff = {account.staff_id: account for account in accounts if account.staff_id is not None}
    personas: dict[str, Account] = {}
    for order, one in enumerate(organisation["persona"], start=1):
        if one.get("resident"):
            account = accounts[-1]
        elif "outside" in one:
            account = by_staff[hall.outside[one["outside"]].pk]
        else:
            account = by_staff[hall.holder(one["section"], one["post"]).pk]
        Persona.objects.create(account=account, label=one["label"], description=one["description"], order=order)
        personas[one["key"]] = account
    return personas


def resident_to_be(register: Register, today: date) -> ResidentRecord:
    """The resident visitors can be: grown up, with a child, reachable by mail, not protected."""
    with_children = {id(one.household) for one in register.residents if one.relationship == "子" and not one.removed_on}
    for one in register.residents:
        age = today.year - one.born_on.year
        if (
            one.relationship in ("世帯主", "妻")
            and one.removed_on is None
            and one.has_mail
            and not one.is_protected
            and one.foreign is None
            and 28 <= age <= 48
            and id(one.household) in with_children
        ):
            return one
    raise ValueError("the register has nobody to be the resident of the first screen: make it larger")


def _random_id(rng: random.Random) -> str:
    return "".join(rng.choices(ALPHABET, k=PUBLIC_ID_LENGTH))


def _no_password(rng: random.Random) -> str:
    return UNUSABLE_PASSWORD_PREFIX + "".join(rng.choices(string.ascii_letters + string.digits, k=40))
