"""Beginning and ending a session (ログイン・ログアウト)."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.sessions.models import Session

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import digest_of, record_refusal, verb
from yakuba.kernel.identity.models import Account, Device, DeviceUser, SignIn, SignInEnd, SignInMethod
from yakuba.kernel.identity.session_store import row_key
from yakuba.kernel.values.api import Clock


@verb("identity.sign_in", label="ログイン", auditor_may=True)
def record_sign_in(
    *,
    by: Person,
    account: Account,
    face: str,
    session_key: str,
    method: str,
    second_factor: str,
    device: Device | None,
    address: str,
    browser: str,
    clock: Clock,
) -> SignIn:
    """Keep that ``account`` signed in, and on which device. ``method`` and ``second_factor`` as in the models."""
    now = clock.now()
    if device is not None:
        user, is_new = DeviceUser.objects.get_or_create(
            device=device, account=account, defaults={"last_used_at": now, "fully_signed_in_at": now}
        )
        if not is_new:
            user.last_used_at = now
            user.pin_failures = 0
            if method != SignInMethod.PIN:
                user.fully_signed_in_at = now
            user.save(update_fields=["last_used_at", "pin_failures", "fully_signed_in_at"])
    return SignIn.objects.create(
        account=account,
        device=device,
        face=face,
        session_digest=row_key(session_key),
        method=method,
        second_factor=second_factor,
        address=address or None,
        browser=browser,
        started_at=now,
    )


@verb("identity.sign_out", label="ログアウト", auditor_may=True)
def end_sign_in(*, by: Person, sign_in: SignIn, end: SignInEnd, clock: Clock) -> SignIn:
    """End one session, here or from another device: its stored session is gone with the same commit."""
    _end([sign_in], end=end, clock=clock)
    return sign_in


@verb("identity.end_all_sign_ins", label="すべてのログインの終了", auditor_may=True)
def end_all_sign_ins(
    *, by: Person, account: Account, end: SignInEnd, clock: Clock, but: SignIn | None = None
) -> Account:
    """End every open session of ``account`` except ``but``."""
    open_ones = SignIn.objects.filter(account=account, ended_at__isnull=True)
    _end(open_ones.exclude(pk=but.pk) if but else open_ones, end=end, clock=clock)
    return account


def refuse_sign_in(*, by: Person, sign_in_name: str, why: str) -> None:
    """Log a sign-in that failed: a keyed digest of the name typed, so that attempts on one name can be told."""
    record_refusal(by=by, what="identity.sign_in", digest=digest_of({"sign_in_name": sign_in_name, "why": why}))


def _end(sign_ins: Iterable[SignIn], *, end: SignInEnd, clock: Clock) -> None:
    for sign_in in sign_ins:
        if sign_in.ended_at is None:
            sign_in.ended_at, sign_in.end = clock.now(), end
            sign_in.save(update_fields=["ended_at", "end"])
        Session.objects.filter(session_key=sign_in.session_digest).delete()


@verb("identity.follow_session", label="セッションの引き継ぎ", auditor_may=True)
def follow_session(*, by: Person, account: Account, sign_in_id: str, session_key: str) -> Account:
    """The running session got a fresh key (after a password change); its entry follows."""
    SignIn.objects.filter(account=account, public_id=sign_in_id).update(session_digest=row_key(session_key))
    return account
