"""Keeping an electronic signature as evidence (署名の証拠)."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account, SignatureEvidence
from yakuba.kernel.values.api import Clock, Refusal


@verb("identity.keep_signature", label="電子署名の受領")
def keep_signature(
    *, by: Person, account: Account | None, evidence: SignatureEvidence, clock: Clock
) -> SignatureEvidence:
    """Store a signature that was received and judged, whatever the judgement. Raises ``Refusal`` if it came before."""
    if SignatureEvidence.objects.filter(issuer=evidence.issuer, transaction=evidence.transaction).exists():
        raise Refusal("この電子署名は、すでに受け取っています。")
    evidence.account = account
    evidence.save()
    return evidence
