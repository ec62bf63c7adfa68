"""Second factors of an account: which it has, and whether what was shown is right."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from fido2.webauthn import UserVerificationRequirement

from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.rules.steps import folded_sign_in_name

#: A code stays valid for its own half minute and one to either side; once shown it is worth nothing in that time.
_CODE_SECONDS = 120
_LONGEST_CREDENTIAL = 20_000


@dataclass(frozen=True)
class Factors:
    """The second factors of an account."""

    passkeys: tuple[Authenticator, ...] = ()
    totp: Authenticator | None = None
    printed: Authenticator | None = None
    entries_left: int = 0

    @property
    def are_any(self) -> bool:
        return bool(self.passkeys or self.totp or self.printed)

    @property
    def can_open_alone(self) -> bool:
        """Whether a passkey is among them that verified its person when it was made; a plain FIDO key did not."""
        return any(one.wrap().authenticator_data.is_user_verified() for one in self.passkeys)

    @property
    def is_list_short(self) -> bool:
        """Whether it is time to print a new list."""
        return self.printed is not None and self.entries_left <= 5

    @property
    def are_used_up(self) -> bool:
        """Whether nothing is left to show: only a list, and every entry struck off."""
        return self.printed is not None and not self.entries_left and not self.passkeys and self.totp is None


def factors_of(account: Account) -> Factors:
    """Passkeys, authenticator app and printed list of an account, in one query."""
    found = list(Authenticator.objects.filter(user=account).order_by("created_at", "pk"))
    printed = next((one for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return Factors(
        passkeys=tuple(one for one in found if one.type == Authenticator.Type.WEBAUTHN),
        totp=next((one for one in found if one.type == Authenticator.Type.TOTP), None),
        printed=printed,
        entries_left=len(printed.wrap().get_unused_codes()) if printed else 0,
    )


def has_second_factor(account: Account) -> bool:
    """Whether the account has a second factor, be it a list that is used up: that one is not opened without either."""
    return bool(Authenticator.objects.filter(user=account).exists())


def digits_of(typed: str) -> str:
    """The digits of a typed code: full width, blanks and hyphens do not matter."""
    return "".join(one for one in folded_sign_in_name(typed) if one in "0123456789")


def is_totp_right(secret: str, typed: str, *, whose: str) -> bool:
    """Whether a code of the authenticator app is right and was not shown before. ``whose`` tells the uses apart."""
    code = digits_of(typed)
    if len(code) != 6 or not validate_totp_code(secret, code):
        return False
    return bool(cache.add(f"totp-shown:{whose}:{code}", 1, _CODE_SECONDS))


def totp_secret(factor: Authenticator) -> str:
    return str(decrypt(factor.data["secret"]))


def read_credential(text: str) -> dict[str, Any] | None:
    """What a browser sent as credential; ``None`` unless it has the shape of one."""
    if len(text) > _LONGEST_CREDENTIAL:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("response"), dict):
        return None
    return found


def passkey_request(account: Account | None, *, is_beside_password: bool = False) -> dict[str, Any]:
    """Options for the browser to show a passkey: any of ours (``None``) or one of this account's.

    The key has to verify its person (PIN, finger, face), unless it is shown beside the password.
    """
    asked, state = webauthn.get_server().authenticate_begin(
        credentials=webauthn.get_credentials(account) if account is not None else [],
        user_verification=UserVerificationRequirement.PREFERRED
        if is_beside_password
        else UserVerificationRequirement.REQUIRED,
    )
    webauthn.set_state(state)
    return dict(asked)


def passkey_shown(account: Account | None, text: str, *, is_beside_password: bool = False) -> Authenticator | None:
    """The passkey a browser showed, if the answer belongs to our question; arguments as in ``passkey_request``.

    What the key itself signed about its person counts, not what the question asked for: a question put for the second
    factor may be answered at another door.
    """
    credential = read_credential(text)
    if credential is None:
        return None
    try:
        said = webauthn.parse_authentication_response(credential)
        user = account or webauthn.extract_user_from_response(credential)
        factor = webauthn.complete_authentication(user, credential)
        return factor if is_beside_password or said.response.authenticator_data.is_user_verified() else None
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None  # whatever a browser makes up is no passkey


def passkey_offer(account: Account, *, passwordless: bool) -> dict[str, Any]:
    """Options for the browser to make a new passkey (``passwordless``) or to take a plain FIDO key."""
    return dict(webauthn.begin_registration(account, passwordless))


def passkey_made(text: str, *, passwordless: bool) -> dict[str, Any] | None:
    """The credential of a new passkey, if it answers our question; with ``passwordless`` it verified its person."""
    credential = read_credential(text)
    if credential is None:
        return None
    try:
        webauthn.parse_registration_response(credential)
        made = webauthn.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return credential if made.is_user_verified() or not passwordless else None


def can_host_have_passkeys(request: HttpRequest) -> bool:
    """Browsers refuse passkeys for addresses: the town hall has to be reached by a name."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return not (host.startswith("[") or host.replace(".", "").isdigit())
