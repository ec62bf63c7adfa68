"""Locking accounts (アカウントの停止), by hand and when somebody leaves."""

from __future__ import annotations

from datetime import date

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from yakuba.kernel.access.api import Person, system_person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account, SignIn, SignInEnd
from yakuba.kernel.identity.services.change_password import keep_password
from yakuba.kernel.identity.services.switch_user import close_devices
from yakuba.kernel.organisation.events import StaffLeft, StaffStayed
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.values.api import Clock, Refusal


@verb("identity.lock_account", label="アカウントの停止")
def lock_account(*, by: Person, account: Account, from_day: date, reason: str, clock: Clock) -> Account:
    """From 0:00 of ``from_day`` on the account may not be used. Raises ``Refusal`` for one's own account."""
    if by.id == account.public_id:
        raise Refusal("自分のアカウントは停止できません。", hint="ほかの担当者に頼んでください。")
    account.locked_on, account.locked_reason = from_day, reason.strip()[:200]
    account.save(update_fields=["locked_on", "locked_reason"])
    if from_day <= clock.today():
        _end_sessions(account, clock)
    return account


@verb("identity.unlock_account", label="アカウントの停止の解除")
def unlock_account(*, by: Person, account: Account, clock: Clock) -> Account:
    """The account may be used again. Raises ``Refusal`` for somebody whose service has ended."""
    staff = account.staff
    if staff is not None and staff.leaves_on is not None and staff.leaves_on <= clock.today():
        raise Refusal(
            f"{staff.name}さんは退職しています。", hint="任用が続くときは、先に職員名簿の退職日を直してください。"
        )
    account.locked_on, account.locked_reason = staff.leaves_on if staff is not None else None, ""
    account.save(update_fields=["locked_on", "locked_reason"])
    return account


@verb("identity.clear_factors", label="二つめの確認の登録の取消し")
def clear_factors(*, by: Person, account: Account, hashed: str | None, clock: Clock) -> Account:
    """Take all second factors and PINs away, for somebody who lost theirs; all sessions end.

    ``hashed`` is the one-time password (already hashed) that takes the place of the present one, which would otherwise
    be all it takes to set up a new factor; ``None`` for somebody whose password the directory keeps. Raises
    ``Refusal`` for one's own account: the last factor stays.
    """
    if by.id == account.public_id:
        raise Refusal(
            "自分の二つめの確認は、この画面では取り消せません。",
            hint="「わたしのログイン」で一つずつ変えるか、ほかの担当者に頼んでください。",
        )
    Authenticator.objects.filter(user=account).delete()
    close_devices(account)
    if hashed is not None:
        keep_password(account, hashed, must_change=True, clock=clock)
    _end_sessions(account, clock)
    return account


@verb("identity.follow_service", label="退職日に合わせたアカウントの停止")
def follow_service(*, by: Person, account: Account, locked_on: date | None, clock: Clock) -> Account:
    """Let the account end with the service of its owner, or go on with it. A lock made by hand for an earlier day stays."""
    if account.locked_reason and account.locked_on is not None and (locked_on is None or account.locked_on < locked_on):
        return account
    account.locked_on, account.locked_reason = locked_on, ""
    account.save(update_fields=["locked_on", "locked_reason"])
    if locked_on is not None and locked_on <= clock.today():
        _end_sessions(account, clock)
    return account


def lock_account_of_staff(event: StaffLeft) -> None:
    """Hears ``StaffLeft``: the account is locked from 0:00 of the first day out of service."""
    _follow(event.staff_id, date.fromisoformat(event.leaves_on))


def unlock_account_of_staff(event: StaffStayed) -> None:
    """Hears ``StaffStayed``: a lock that only followed the service is lifted or moved with it."""
    _follow(event.staff_id, date.fromisoformat(event.leaves_on) if event.leaves_on else None)


@verb("identity.end_sessions_of_locked", label="停止したアカウントのログインの終了")
def end_sessions_of_locked(*, by: Person, clock: Clock) -> list[Account]:
    """End the sessions still open of accounts whose day has come; returns those accounts."""
    today = clock.today()
    locked = list(
        Account.objects.filter(
            locked_on__lte=today, sign_ins__ended_at__isnull=True, sign_ins__isnull=False
        ).distinct()[:200]
    )
    for account in locked:
        _end_sessions(account, clock)
    return locked


def _follow(staff_id: int, locked_on: date | None) -> None:
    account = Account.objects.filter(staff_id=staff_id).first()
    if account is not None and account.locked_on != locked_on:
        follow_service(by=system_person("organisation"), account=account, locked_on=locked_on, clock=town_clock())


def _end_sessions(account: Account, clock: Clock) -> None:
    open_ones = SignIn.objects.filter(account=account, ended_at__isnull=True)
    Session.objects.filter(session_key__in=list(open_ones.values_list("session_digest", flat=True))).delete()
    open_ones.update(ended_at=clock.now(), end=SignInEnd.LOCKED)
