"""Opening an account for a staff member (アカウントの発行)."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import Clock, Refusal


@verb("identity.open_account", label="アカウントの発行")
def open_account(*, by: Person, staff: Staff, hashed: str | None, clock: Clock) -> Account:
    """Open the account of a staff member under the 職員番号.

    ``hashed`` is the one-time password (already hashed), or ``None`` where the directory (庁内の認証基盤) knows the
    password. Raises ``Refusal`` if there is an account already or the service has ended.
    """
    if Account.objects.filter(staff=staff).exists():
        raise Refusal(f"{staff.name}さんのアカウントは、もうあります。")
    if staff.leaves_on is not None and staff.leaves_on <= clock.today():
        raise Refusal(f"{staff.name}さんは退職しています。", hint="職員名簿の退職日を確かめてください。")
    if Account.objects.filter(sign_in_name=staff.number).exists():
        raise Refusal(f"職員番号 {staff.number} は別のアカウントが使っています。")
    account = Account(
        kind=AccountKind.STAFF,
        sign_in_name=staff.number,
        display_name=staff.name,
        staff=staff,
        must_change_password=hashed is not None,
        locked_on=staff.leaves_on,
    )
    if hashed is None:
        account.set_unusable_password()
    else:
        account.password = hashed
    account.save()
    return account
