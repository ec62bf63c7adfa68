"""What the counter needs around a mandate: whose account a mail address is, and where somebody may act for another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.catalogue.api import Channel, ChannelKind, Procedure
from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.forms.rules.lifecycle import VersionState
from yakuba.kernel.identity.api import IdentityLevel, is_usable
from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.japan.api import fold
from yakuba.kernel.notify.rules.deliveries import masked_mail
from yakuba.kernel.people.api import MandateKind, profiles_of
from yakuba.kernel.people.models import Mandate
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.agents import MANDATE_QUESTION

_ACCOUNT = viewing("procedures.mandate_account", label="委任のためのアカウントの確認")


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """A resident's account as the counter sees it: the name its owner gave (empty for none), how surely they are known,
    the mail address with most of it hidden."""

    account: str
    name: str
    level: IdentityLevel
    mail: str

    def is_called(self, name: str, kind: MandateKind) -> bool:
        """Whether the paper names the owner; of a body's officer the paper may say more than the name."""
        mine, theirs = fold(self.name), fold(name)
        if not mine:
            return False
        return mine in theirs if kind is MandateKind.OFFICER else mine == theirs


def account_with_mail(*, by: Person, mail: str, on: date) -> AccountSeen | None:
    """The resident's account whose confirmed mail address this is; logged. Raises ``Refusal`` when it is not clear whose.

    An address somebody typed when registering and never confirmed is nobody's.
    """
    confirmed = Q(emailaddress__verified=True, emailaddress__email__iexact=mail) | Q(emailaddress__isnull=True)
    rows = Account.objects.filter(confirmed, kind=AccountKind.RESIDENT, email__iexact=mail).distinct()
    found = [one for one in rows[:5] if is_usable(one, on)]
    if len(found) > 1:
        raise Refusal(
            "このメールアドレスのアカウントが、二つ以上あります。",
            hint="本人に、使っているアカウントのメールアドレスを確かめてください。",
        )
    return next(iter(_seen(by, found).values()), None)


def accounts_seen(*, by: Person, ids: Iterable[str]) -> dict[str, AccountSeen]:
    """Accounts by public id, as far as they are still there; logged."""
    wanted = {one for one in ids if one}
    return (
        _seen(by, Account.objects.filter(public_id__in=wanted, kind=AccountKind.RESIDENT, is_active=True))
        if wanted
        else {}
    )


def _seen(by: Person, accounts: Iterable[Account]) -> dict[str, AccountSeen]:
    rows = list(accounts)
    if not rows:
        return {}
    record_view(by=by, subjects=[Ref("identity.account", one.public_id) for one in rows], what=_ACCOUNT)
    profiles = profiles_of(one.public_id for one in rows)
    linked = set(
        Account.objects.filter(pk__in=[one.pk for one in rows], linked_identities__isnull=False).values_list(
            "pk", flat=True
        )
    )
    return {
        one.public_id: AccountSeen(
            one.public_id,
            profiles[one.public_id].name if one.public_id in profiles else one.display_name,
            IdentityLevel.PUBLIC_AUTH if one.pk in linked else IdentityLevel.ACCOUNT,
            masked_mail(one.email),
        )
        for one in rows
    }


def procedures_for_agents(on: date) -> list[Procedure]:
    """The procedures that are open online today and whose form lets somebody act for another."""
    ways = Channel.objects.filter(
        kind=ChannelKind.YAKUBA_FORM.value, live_since__lte=on, closed_on__isnull=True, procedure__is_shown=True
    )
    targets = dict(ways.values_list("procedure_id", "target"))
    versions = FormVersion.objects.filter(state=VersionState.LIVE.value, form__key__in=set(targets.values()))
    taking = {key for key, definition in versions.values_list("form__key", "definition") if _takes_letters(definition)}
    wanted = [procedure for procedure, target in targets.items() if target in taking]
    return list(Procedure.objects.filter(pk__in=wanted).order_by("number"))


def _takes_letters(definition: dict[str, Any]) -> bool:
    """The same as `agents.takes_letters`, of a definition nobody has read yet: reading all of them takes too long."""
    return any(
        question.get("key") == MANDATE_QUESTION and question.get("type") == "files"
        for step in definition.get("steps", ())
        for question in step.get("questions", ())
    )


def titles_of(mandate: Mandate) -> list[str]:
    """The procedures a mandate serves for, as the catalogue calls them; a key nobody knows any more as it is."""
    known = dict(Procedure.objects.filter(key__in=mandate.scope).order_by("number").values_list("key", "title_ja"))
    return [*known.values(), *(key for key in mandate.scope if key not in known)]


def scope_words(titles: list[str], *, longest: int = 200) -> str:
    """The procedures in one line that fits."""
    words = "、".join(titles)
    if len(words) <= longest:
        return words
    shown: list[str] = []
    for title in titles:
        if len("、".join([*shown, title])) > longest - len("ほか000件"):
            break
        shown.append(title)
    return f"{'、'.join(shown)}ほか{len(titles) - len(shown)}件"
