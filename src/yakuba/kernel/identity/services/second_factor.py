"""Setting up, using and removing second factors."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account
from yakuba.kernel.values.api import Clock, Refusal


@verb("identity.add_passkey", label="パスキーの登録", auditor_may=True)
def add_passkey(*, by: Person, account: Account, name: str, credential: dict[str, Any]) -> Authenticator:
    """Keep a passkey whose making was checked against our question."""
    return WebAuthn.add(account, name.strip()[:60] or "パスキー", credential).instance


@verb("identity.add_totp", label="認証アプリの登録", auditor_may=True)
def add_totp(*, by: Person, account: Account, secret: str) -> Authenticator:
    """Keep the secret of an authenticator app; an app set up before stops working."""
    Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).delete()
    return TOTP.activate(account, secret).instance


@verb("identity.take_list", label="使い捨て番号表の使用開始", auditor_may=True)
def take_list(*, by: Person, account: Account, printed: Authenticator, typed: str) -> Authenticator:
    """Begin to use a printed list (使い捨て番号表) once one of its entries was typed from the paper.

    ``printed`` is the list not yet stored. Until then the list before stays good, so a print that went wrong locks
    nobody out. Raises ``Refusal`` if the entry is not on the new list.
    """
    if typed not in RecoveryCodes(printed).generate_codes():
        raise Refusal("この番号は、いま印刷した番号表にありません。", field="code")
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    RecoveryCodes(printed).validate_code(typed)
    return printed


@verb("identity.strike_off", label="使い捨て番号の使用", auditor_may=True)
def strike_off(*, by: Person, account: Account, typed: str, clock: Clock) -> Authenticator:
    """Strike one entry off the printed list. Raises ``Refusal`` if the entry is not on it or was used."""
    factor = Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).first()
    if factor is None or not RecoveryCodes(factor).validate_code(typed):
        raise Refusal("この番号は番号表にないか、もう使われています。", field="code")
    factor.refresh_from_db()
    factor.record_usage()
    return factor


@verb("identity.remove_factor", label="二つめの確認の削除", auditor_may=True)
def remove_factor(*, by: Person, account: Account, factor: Authenticator, is_required: bool) -> Account:
    """Remove a factor of one's own. Raises ``Refusal`` for the last one where a second factor is required."""
    others = Authenticator.objects.filter(user=account).exclude(pk=factor.pk)
    if is_required and not others.exists():
        raise Refusal("最後の一つは消せません。", hint="先に別の方法を登録してください。")
    factor.delete()
    return account


@verb("identity.rename_passkey", label="パスキーの名前の変更", auditor_may=True)
def rename_passkey(*, by: Person, account: Account, factor: Authenticator, name: str) -> Authenticator:
    """Give a passkey another name."""
    factor.data["name"] = name.strip()[:60] or "パスキー"
    factor.save(update_fields=["data"])
    return factor


@verb("identity.use_factor", label="二つめの確認", auditor_may=True)
def use_factor(*, by: Person, account: Account, factor: Authenticator) -> Account:
    """Keep when a factor was last used."""
    factor.record_usage()
    return account
