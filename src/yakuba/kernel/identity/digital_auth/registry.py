"""Which provider of identity this installation asks, from ``YAKUBA_DIGITAL_AUTH_*``."""

from __future__ import annotations

import os
import stat
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from yakuba.kernel.identity.digital_auth.base import IdentityProvider, ProviderCheck, ProviderFault
from yakuba.kernel.identity.digital_auth.configuration import Configuration, Endpoints, is_set
from yakuba.kernel.identity.digital_auth.keys import opening_key, signing_key
from yakuba.kernel.identity.digital_auth.sample import sample_provider
from yakuba.kernel.identity.digital_auth.transport import HttpTransport
from yakuba.kernel.identity.digital_auth.vendors.digital_agency import DigitalAgency, key_ring
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import SystemClock


def provider_in_force() -> IdentityProvider | None:
    """The provider of this installation; ``None`` where none is configured.

    The sample town has a double of its own, unless a real one (its sandbox, say) is configured. Raises
    ``ProviderFault`` if what the settings say cannot be used.
    """
    if is_set(settings.YAKUBA_DIGITAL_AUTH):
        configuration = configuration_in_force()
        files = (configuration.key_file, configuration.opening_key_file)
        return _digital_agency(configuration, tuple(_changed(path) for path in files))
    return sample_provider() if is_sample_town() else None


def working_provider() -> IdentityProvider | None:
    """As ``provider_in_force``; settings that cannot be used are as good as none for the pages of residents."""
    try:
        return provider_in_force()
    except ProviderFault:
        return None


def configuration_in_force() -> Configuration:
    """The settings as the town wrote them. Raises ``ProviderFault``."""
    return Configuration.from_settings(
        settings.YAKUBA_DIGITAL_AUTH,
        is_production=settings.YAKUBA_IS_PRODUCTION,
        callback=reverse("resident-digital-auth-callback"),
    )


def provider_check() -> ProviderCheck:
    """How the provider stands; never raises."""
    try:
        provider = provider_in_force()
    except ProviderFault as fault:
        return ProviderCheck(
            True, False, f"設定が使えません：{fault}", "YAKUBA_DIGITAL_AUTH_… を直して、再起動してください"
        )
    if provider is None:
        return ProviderCheck(
            False, False, "未設定（マイナンバーカードでの本人確認は使えません）",
            "デジタル庁に申し込み、YAKUBA_DIGITAL_AUTH_… を設定してください（docs/digital-auth.ja.md）",
        )  # fmt: skip
    if provider.is_sample:
        return ProviderCheck(
            False, True, "未設定（見本の町では「見本の認証」が代わりをします。本人確認にはなりません）",
            "本番の町では、デジタル庁に申し込み、YAKUBA_DIGITAL_AUTH_… を設定してください",
        )  # fmt: skip
    return provider.check()


def _changed(path: Path | None) -> int:
    """When a key file was last changed: a new key is in force without a restart."""
    try:
        return path.stat().st_mtime_ns if path else 0
    except OSError:
        return 0


@lru_cache(maxsize=4)
def _digital_agency(configuration: Configuration, changed: tuple[int, ...]) -> DigitalAgency:
    endpoints = Endpoints.below(configuration.base)
    transport = HttpTransport(configuration.base, ca_file=configuration.ca_file, proxy=configuration.proxy)
    clock = SystemClock()
    opening = configuration.opening_key_file
    return DigitalAgency(
        issuer=configuration.issuer,
        client_id=configuration.client_id,
        redirect_uri=configuration.redirect_uri,
        endpoints=endpoints,
        transport=transport,
        signing=signing_key(configuration.key_file),
        clock=clock,
        ring=key_ring(transport, endpoints, clock),
        opening=opening_key(opening) if opening else None,
        acr_values=configuration.acr_values,
        worries=tuple(_worries(path) for path in (configuration.key_file, opening) if path and _is_open(path)),
    )


def _worries(path: Path) -> str:
    return f"鍵のファイル {path.name} を、ほかの利用者も読めます（chmod 600 にしてください）"


def _is_open(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
