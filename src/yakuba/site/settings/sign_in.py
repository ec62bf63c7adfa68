"""Settings of sign-in."""

from __future__ import annotations

import os

AUTHENTICATION_BACKENDS = ["yakuba.kernel.identity.backends.AccountBackend"]

#: Staff need a second factor (passkey, authenticator app, printed list) wherever real data are.
YAKUBA_SECOND_FACTOR_REQUIRED = os.environ.get("YAKUBA_MODE", "development") == "production"

#: After so many minutes without use a session is locked; what was typed stays in the browser.
YAKUBA_IDLE_MINUTES = int(os.environ.get("YAKUBA_IDLE_MINUTES", "60"))
#: The same on devices marked as shared (共用の端末).
YAKUBA_IDLE_MINUTES_SHARED = int(os.environ.get("YAKUBA_IDLE_MINUTES_SHARED", "5"))
