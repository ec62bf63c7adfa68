"""How the sign-in library (django-allauth) works in this house."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.identity.sealing import seal, unseal


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library is untyped
    """Passkeys, authenticator apps and printed lists: sealed secrets, Japanese names."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def is_mfa_enabled(self, user: AbstractBaseUser, types: Any = None) -> bool:
        """For residents a passkey is another way in, never a second lock: a lost telephone must not lock them out."""
        if isinstance(user, Account) and user.kind == AccountKind.RESIDENT:
            return False
        return bool(super().is_mfa_enabled(user, types))

    def get_totp_issuer(self) -> str:
        return f"{settings.TOWN.name} 庁内"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("パスキー %(number)d") % {"number": number} if number > 1 else pgettext("sign-in", "パスキー")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.TOWN.name}

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        """What the telephone lists beside the key, so that people with two accounts pick the right one."""
        if not isinstance(user, Account):
            return str(user)
        return f"庁内 {user.sign_in_name}" if user.kind == AccountKind.STAFF else user.email or str(user)
