"""The first account of an empty town: somebody has to be let in before anybody can let anybody in."""

from __future__ import annotations

import unicodedata

from yakuba.kernel.access.api import Person, Role
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.identity.services.open_account import open_account
from yakuba.kernel.organisation.api import verbs
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import Clock, Refusal

_GROUND = "最初の準備（yakuba account first）"


@verb("identity.open_first_account", label="最初のアカウントの発行")
def open_first_account(*, by: Person, number: str, name: str, hashed: str, clock: Clock) -> Account:
    """Enter the first member of staff, with the roles that prepare the town (人事担当, 情報システム担当), and open the account.

    Raises ``Refusal`` as soon as any staff account exists: from then on accounts are opened in the office.
    """
    if Account.objects.filter(kind=AccountKind.STAFF).exists():
        raise Refusal(
            "職員のアカウントがもうあるので、最初のアカウントは作れません。",
            hint="庁内の画面で、人事担当か情報システム担当の人にアカウントの発行を頼んでください。",
        )
    number = unicodedata.normalize("NFKC", number).strip()
    staff = Staff.objects.filter(number=number).first()
    if staff is None:
        staff = verbs.record_staff(by=by, number=number, name=name, employment="regular", joined_on=clock.today())
    elif staff.name != name:
        raise Refusal(
            f"職員番号 {number} は「{staff.name}」さんの番号です。", hint="番号と氏名を名簿のとおりに入力してください。"
        )
    held = set(staff.role_grants.values_list("role", flat=True))
    for role in (Role.PERSONNEL, Role.IT):
        if role.value not in held:
            verbs.grant_role(by=by, staff=staff, role=role, starts_on=clock.today(), ground=_GROUND)
    return open_account(by=by, staff=staff, hashed=hashed, clock=clock)
