"""Linking (結び付け) a resident's account with the holder of a card, and what follows from a proof."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account, AccountKind, LinkedIdentity
from yakuba.kernel.values.api import Clock, Refusal


@verb("identity.link_identity", label="マイナンバーカードとの結び付け")
def link_identity(*, by: Person, account: Account, issuer: str, subject: str, clock: Clock) -> LinkedIdentity:
    """Link one's own account with one's card. Raises ``Refusal`` when either belongs to something else already."""
    if account.kind != AccountKind.RESIDENT or not account.is_active:
        raise Refusal("このアカウントには、マイナンバーカードを結び付けられません。")
    return _linked(account, issuer, subject, clock)


@verb("identity.register_by_identity", label="マイナンバーカードによる利用登録")
def register_by_identity(
    *, by: Person, account: Account, issuer: str, subject: str, name: str, clock: Clock
) -> LinkedIdentity:
    """Open an account for the holder of a card no account knows, by their own choice. It has no mail address.

    ``account`` is the one ``new_resident`` made; ``name`` is how pages shall address the person, as they typed it.
    """
    account.display_name = name.strip()[:80]
    account.save()
    return _linked(account, issuer, subject, clock)


@verb("identity.unlink_identity", label="マイナンバーカードとの結び付けの取消し")
def unlink_identity(*, by: Person, account: Account, linked: LinkedIdentity, clock: Clock) -> Account:
    """Take the link away. Raises ``Refusal`` when nothing else would open the account any more."""
    if not has_other_ways_in(account):
        raise Refusal(
            "結び付けをやめると、ログインする方法がなくなります。",
            hint="先に、メールアドレスかパスキーを登録してください。",
        )
    linked.delete()
    return account


@verb("identity.prove_identity", label="マイナンバーカードによる本人確認")
def note_proof(
    *, by: Person, account: Account | None, linked: LinkedIdentity | None, provider: str, purpose: str, clock: Clock
) -> Account | None:
    """Keep that somebody showed by card who they are: for what, and when a linked card was last used."""
    if linked is not None:
        linked.last_used_at = clock.now()
        linked.save(update_fields=["last_used_at"])
    return account


def new_resident() -> tuple[Account, Person]:
    """A resident's account not yet stored, and the person it will be."""
    account = Account(kind=AccountKind.RESIDENT)
    account.sign_in_name = f"r-{account.public_id}"
    account.set_unusable_password()
    return account, Person(id=account.public_id, name="", kind=PersonKind.RESIDENT)


def has_other_ways_in(account: Account) -> bool:
    """Whether mail address or passkey opens the account too; a password alone needs the mail address as its name."""
    if account.email:
        return True
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN).exists())


def _linked(account: Account, issuer: str, subject: str, clock: Clock) -> LinkedIdentity:
    if LinkedIdentity.objects.filter(issuer=issuer, subject=subject).exists():
        raise Refusal("このマイナンバーカードは、すでに利用登録と結び付いています。")
    if LinkedIdentity.objects.filter(issuer=issuer, account=account).exists():
        raise Refusal(
            "この利用登録には、すでに別のマイナンバーカードが結び付いています。",
            hint="先に「登録とログイン」で、今の結び付けをやめてください。",
        )
    now = clock.now()
    return LinkedIdentity.objects.create(
        account=account, issuer=issuer, subject=subject, linked_at=now, last_used_at=now
    )
