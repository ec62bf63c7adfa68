"""Settings of sign-in."""

from __future__ import annotations

import os
import tomllib

from yakuba.site.settings.digital_auth import digital_auth_settings
from yakuba.site.settings.places import home, secret, town_file

#: django-allauth: flows for residents, and the methods of the second factor.
SIGN_IN_APPS = ["allauth", "allauth.account", "allauth.mfa"]
AUTHENTICATION_BACKENDS = [
    "yakuba.kernel.identity.backends.AccountBackend",
    "yakuba.kernel.identity.backends.ResidentBackend",
]

#: The database knows sessions by a digest of their key only.
SESSION_ENGINE = "yakuba.kernel.identity.session_store"

#: Keys that seal second factors, one a line in ``secrets/sign-in.key``; write a new one above the old to rotate.
YAKUBA_SIGN_IN_KEYS = secret("sign-in").split()

ACCOUNT_ADAPTER = "yakuba.kernel.identity.adapters.ResidentAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
#: Registering takes a mail address and nothing else; a password is a choice for later.
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
#: The pages count attempts themselves (``throttle.py``) and say how long to wait; these lie behind, for what they miss.
ACCOUNT_RATE_LIMITS = {
    "login": "100/m/ip",
    "login_failed": "100/m/ip,50/5m/key",
    "request_login_code": "100/m/ip,20/m/key",
    "signup": "100/m/ip",
}
MFA_RATE_LIMITS = {"webauthn_login": "100/m/ip"}
_FORMS = "yakuba.kernel.identity.resident_forms."
ACCOUNT_FORMS = {
    "login": _FORMS + "MailAndPasswordForm",
    "signup": _FORMS + "RegisterForm",
    "request_login_code": _FORMS + "MailForm",
    "confirm_login_code": _FORMS + "LoginCodeForm",
    "confirm_email_verification_code": _FORMS + "MailCodeForm",
    "add_email": _FORMS + "NewMailForm",
}

MFA_FORMS = {"login_webauthn": _FORMS + "PasskeyForm", "signup_webauthn": _FORMS + "FirstPasskeyForm"}
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_ADAPTER = "yakuba.kernel.identity.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
#: A printed list lasts somebody without a smartphone about two months.
MFA_RECOVERY_CODE_COUNT = 40
MFA_RECOVERY_CODE_DIGITS = 8

#: Staff need a second factor (passkey, authenticator app, printed list) wherever real data are.
YAKUBA_SECOND_FACTOR_REQUIRED = os.environ.get("YAKUBA_MODE", "development") == "production"

#: After so many minutes without use a session is locked; what was typed stays in the browser.
YAKUBA_IDLE_MINUTES = int(os.environ.get("YAKUBA_IDLE_MINUTES", "60"))
#: The same on devices marked as shared (共用の端末).
YAKUBA_IDLE_MINUTES_SHARED = int(os.environ.get("YAKUBA_IDLE_MINUTES_SHARED", "5"))

#: ``[directory]`` of ``town.toml``; its password may stand in the environment instead.
YAKUBA_DIRECTORY = dict(tomllib.loads(town_file().read_text(encoding="utf-8")).get("directory", {}))
if os.environ.get("YAKUBA_DIRECTORY_PASSWORD"):
    YAKUBA_DIRECTORY["bind_password"] = os.environ["YAKUBA_DIRECTORY_PASSWORD"]

#: デジタル認証アプリ, from ``YAKUBA_DIGITAL_AUTH_*``; our private key lies in ``secrets/digital-auth.jwk``.
YAKUBA_DIGITAL_AUTH = digital_auth_settings(os.environ, secrets=home() / "secrets")
