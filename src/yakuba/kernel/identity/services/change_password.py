"""Changing and resetting passwords."""

from __future__ import annotations

import secrets

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.directory.registry import directory_words, has_directory
from yakuba.kernel.identity.models import Account, SignIn, SignInEnd
from yakuba.kernel.identity.services.switch_user import close_devices
from yakuba.kernel.values.api import Clock, Refusal

#: Letters and digits nobody confuses on paper or by telephone.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password() -> str:
    """A password to be printed and changed at the first sign-in: four groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


@verb("identity.change_password", label="パスワードの変更", auditor_may=True)
def change_password(*, by: Person, account: Account, hashed: str, clock: Clock, here: SignIn | None = None) -> Account:
    """Keep a new password (already hashed) of one's own; every other session of the account ends."""
    keep_password(account, hashed, must_change=False, clock=clock)
    _end_sessions(account, clock=clock, but=here)
    return account


@verb("identity.reset_password", label="パスワードの再発行")
def reset_password(
    *, by: Person, account: Account, hashed: str, clock: Clock, replaces_directory: bool = False
) -> Account:
    """Give somebody a one-time password (already hashed) that has to be changed at once; all sessions and PINs end.

    Raises ``Refusal`` for one's own account, and for somebody whose password the directory (庁内の認証基盤) keeps: a
    local one would replace it for good. ``replaces_directory`` does that on purpose, while the directory is out of
    order; ``return_to_directory`` undoes it.
    """
    if by.id == account.public_id:
        raise Refusal(
            "自分のパスワードは再発行できません。",
            hint="「わたしのログイン」で変えるか、ほかの担当者に頼んでください。",
        )
    if not replaces_directory and not account.has_usable_password() and has_directory():
        raise Refusal(
            f"{account}さんのパスワードは、庁内の認証基盤（{directory_words()}）が持っているため、再発行できません。",
            hint="認証基盤の側で設定し直してください。認証基盤が使えない非常時は、サーバーで"
            f"「yakuba account reset {account.sign_in_name} --instead-of-directory」を実行します。",
        )
    close_devices(account)
    keep_password(account, hashed, must_change=True, clock=clock)
    _end_sessions(account, clock=clock)
    return account


@verb("identity.return_to_directory", label="認証基盤のパスワードへの切り戻し")
def return_to_directory(*, by: Person, account: Account, clock: Clock) -> Account:
    """Let the directory answer for this person's password again; the local one is forgotten and all sessions end.

    Raises ``Refusal`` where there is no directory: nobody would answer any more.
    """
    if not has_directory():
        raise Refusal(
            "庁内の認証基盤が設定されていないので、切り戻せません。",
            hint="town.toml の [directory] を確かめてください。",
        )
    close_devices(account)
    keep_password(account, make_password(None), must_change=False, clock=clock)
    _end_sessions(account, clock=clock)
    return account


def hashed_password(password: str) -> str:
    """The stored form of a password. Slow on purpose, so it is made before a transaction begins."""
    return make_password(password)


def keep_password(account: Account, hashed: str, *, must_change: bool, clock: Clock) -> None:
    """Within a verb: keep an already hashed password."""
    account.password = hashed
    account.must_change_password = must_change
    account.password_changed_at = clock.now()
    account.save(update_fields=["password", "must_change_password", "password_changed_at"])


def _end_sessions(account: Account, *, clock: Clock, but: SignIn | None = None) -> None:
    for sign_in in SignIn.objects.filter(account=account, ended_at__isnull=True):
        if but is not None and sign_in.pk == but.pk:
            continue
        sign_in.ended_at, sign_in.end = clock.now(), SignInEnd.CHANGED
        sign_in.save(update_fields=["ended_at", "end"])
        Session.objects.filter(session_key=sign_in.session_digest).delete()
