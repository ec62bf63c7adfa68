"""``/office/digital-auth/``: how デジタル認証アプリ stands, for information systems and the auditor."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yakuba.kernel.access.api import Face, Role, page, role
from yakuba.kernel.identity.digital_auth.base import ProviderFault
from yakuba.kernel.identity.digital_auth.configuration import is_set
from yakuba.kernel.identity.digital_auth.keys import opening_key, public_text, signing_key
from yakuba.kernel.identity.digital_auth.registry import configuration_in_force, provider_check, working_provider
from yakuba.kernel.identity.digital_auth.signatures import checker_in_force
from yakuba.kernel.identity.models import LinkedIdentity, SignatureEvidence, SignatureOutcome


@dataclass(frozen=True)
class _PublicKey:
    """A public key to be registered with the provider."""

    title: str
    text: str


@page(Face.OFFICE, may=role(Role.IT, Role.AUDITOR))
@never_cache
@require_safe
def office_digital_auth(request: HttpRequest) -> HttpResponse:
    """Settings in force, whether the provider answers, public keys to register, and counts without names."""
    found = provider_check()
    provider = working_provider()
    outcomes = dict(
        SignatureEvidence.objects.filter(is_sample=False).values_list("outcome").annotate(Count("pk")).order_by()
    )
    context = {
        "found": found,
        "light": "success" if found.works and found.is_configured else "error" if found.is_configured else "",
        "state": "良好" if found.works and found.is_configured else "異常" if found.is_configured else "未設定",
        "is_sample": provider is not None and provider.is_sample,
        "rows": _rows(),
        "keys": _public_keys(),
        "linked": LinkedIdentity.objects.exclude(issuer=provider.issuer).count()
        if provider is not None and provider.is_sample
        else LinkedIdentity.objects.count(),
        "signatures": [(outcome.label, outcomes.get(outcome.value, 0)) for outcome in SignatureOutcome],
        "checker": checker_in_force().name,
    }
    return render(request, "identity/office_digital_auth.html", context)


def _rows() -> list[dict[str, str]]:
    """The settings as they are read; none of them is secret."""
    if not is_set(settings.YAKUBA_DIGITAL_AUTH):
        return []
    try:
        configuration = configuration_in_force()
    except ProviderFault:
        return []
    return [
        {"term": "接続先", "value": configuration.base},
        {"term": "発行者（issuer）", "value": configuration.issuer},
        {"term": "クライアントID", "value": configuration.client_id},
        {"term": "戻り先（redirect_uri）", "value": configuration.redirect_uri},
        {"term": "acr_values", "value": configuration.acr_values or "指定なし"},
        {"term": "プロキシー", "value": configuration.proxy or "使わない"},
    ]


def _public_keys() -> list[_PublicKey]:
    """Shown as soon as there are keys: they are handed in before anything else is known."""
    written, found = settings.YAKUBA_DIGITAL_AUTH, []
    with suppress(ProviderFault):
        signing = signing_key(Path(written["KEY_FILE"]))
        found.append(_PublicKey("クライアント認証の公開鍵（ES256）", public_text(signing, use="sig")))
    if written.get("OPENING_KEY_FILE"):
        with suppress(ProviderFault):
            opening = opening_key(Path(written["OPENING_KEY_FILE"]))
            found.append(_PublicKey("署名の結果を開く鍵の公開鍵", public_text(opening, use="enc")))
    return found
