"""Accounts of residents (町民のアカウント): registered by themselves, changed by themselves."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account, LinkedIdentity
from yakuba.kernel.people.api import forget_profile
from yakuba.kernel.values.api import Clock


@verb("identity.register_resident", label="町民の利用登録")
def register_resident(*, by: Person, account: Account, mail: str, clock: Clock) -> Account:
    """Keep the account of somebody who wants to register; it opens nothing before the mail address is verified."""
    account.email = mail.lower()
    account.save()
    return account


@verb("identity.name_resident", label="町民の表示名の変更")
def name_resident(*, by: Person, account: Account, name: str) -> Account:
    """How the pages address this resident."""
    account.display_name = name.strip()[:80]
    account.save(update_fields=["display_name"])
    return account


@verb("identity.remove_passkey", label="町民のパスキーの削除")
def remove_passkey(*, by: Person, account: Account, factor: Authenticator) -> Account:
    """Take a passkey away; the mail address stays as the way in."""
    factor.delete()
    return account


@verb("identity.mail_changed", label="町民のメールアドレスの変更")
def note_mail_changed(*, by: Person, account: Account) -> Account:
    """The library replaced the verified mail address of a resident."""
    return account


@verb("identity.close_resident", label="町民の利用登録の取消し")
def close_resident(*, by: Person, account: Account, clock: Clock) -> Account:
    """A resident no longer wants the account: nothing opens it any more, its ways in are deleted.

    What was submitted stays: it belongs to the town's records, not to the account. What was entered for filling forms
    goes with the account.
    """
    forget_profile(by=by, account=account.public_id)
    Authenticator.objects.filter(user=account).delete()
    EmailAddress.objects.filter(user=account).delete()
    LinkedIdentity.objects.filter(account=account).delete()
    account.is_active = False
    account.email, account.display_name, account.sign_in_name = "", "", f"closed-{account.public_id}"
    account.set_unusable_password()
    account.save()
    return account
