"""Whether somebody is protected, asked with whatever is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yakuba.kernel.people.models import Protection, ProtectionToken, ResidentProfile
from yakuba.kernel.people.rules.protections import asked_tokens
from yakuba.kernel.people.sealing import digest_of_token
from yakuba.kernel.things.api import Ref

_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person: public id of the account, number of the register, name, birth."""

    account: str = ""
    number: str = ""
    name: str = ""
    born_on: date | None = None


def is_protected(*, account: str = "", number: str = "", name: str = "", born_on: date | None = None, on: date) -> bool:
    """Whether the person is protected (支援措置) on that day, by anything that is known of them.

    An account is also recognised by the name and birth its owner entered. A name without birth is enough: a namesake is
    treated with the same care. Says nothing about why; ask it before showing any place, and ask nobody twice.
    """
    return protected_among([Known(account, number, name, born_on)], on=on)[0]


def protected_among(people: Sequence[Known], *, on: date) -> list[bool]:
    """The same for many, in their order, with few queries."""
    profiles: dict[str, str] = {}
    accounts = sorted({one.account for one in people if one.account})
    for start in range(0, len(accounts), _AT_ONCE):
        found = ResidentProfile.objects.filter(account__in=accounts[start : start + _AT_ONCE])
        profiles.update(found.exclude(recognition="").values_list("account", "recognition"))
    asked = [_digests(one) | ({profiles[one.account]} if one.account in profiles else set()) for one in people]
    in_force = _in_force({digest for digests in asked for digest in digests}, on)
    return [bool(digests & in_force) for digests in asked]


def protected_refs(*, on: date) -> frozenset[Ref]:
    """Accounts and residents of the register protected on that day, for queries that must leave them out.

    Holds no name; still it is the list of protected people: use it inside a query, show it to nobody.
    """
    refs = set()
    for protection in _protections_on(on):
        content = protection.content
        if content.get("account"):
            refs.add(Ref("identity.account", str(content["account"])))
        if content.get("number"):
            refs.add(Ref("people.register", str(content["number"])))
    digests = ProtectionToken.objects.filter(protection__in=_protections_on(on)).values("digest")
    accounts = ResidentProfile.objects.filter(recognition__in=digests).values_list("account", flat=True)
    return frozenset(refs | {Ref("identity.account", account) for account in accounts})


def recognition_of(name: str, born_on: date | None) -> str:
    """The digest kept with a profile: of name and birth, and empty while the birth is not known."""
    if born_on is None or not name:
        return ""
    tokens = asked_tokens(account="", number="", name=name, born_on=born_on)
    return digest_of_token(next(token for token in tokens if token.startswith("person:")))


def _digests(one: Known) -> set[str]:
    tokens = asked_tokens(account=one.account, number=one.number, name=one.name, born_on=one.born_on)
    return {digest_of_token(token) for token in tokens}


def _in_force(digests: set[str], on: date) -> set[str]:
    wanted = sorted(digests)
    found: set[str] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        found.update(
            ProtectionToken.objects.filter(
                digest__in=wanted[start : start + _AT_ONCE],
                protection__starts_on__lte=on,
                protection__ends_on__gt=on,
            ).values_list("digest", flat=True)
        )
    return found


def _protections_on(on: date) -> Sequence[Protection]:
    return list(Protection.objects.filter(starts_on__lte=on, ends_on__gt=on))
