"""What becomes of an electronic signature that came back from the app."""

from __future__ import annotations

import base64
import hashlib
import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from yakuba.kernel.identity.digital_auth.base import IdentityProvider, SignedDigest
from yakuba.kernel.identity.digital_auth.signatures import checker_in_force, judge
from yakuba.kernel.identity.levels import subject_shown
from yakuba.kernel.identity.models import Account, SignatureEvidence, SignatureOutcome
from yakuba.kernel.identity.proving import Question, forget_document
from yakuba.kernel.identity.queries import identity_of, linked_identity
from yakuba.kernel.identity.refusals import log_not_proven
from yakuba.kernel.identity.sealing import seal
from yakuba.kernel.identity.services.keep_signature import keep_signature
from yakuba.kernel.identity.views.resident_card.ways import WrongCard, account_of, back_to_start, nothing_to_answer


def signed(request: HttpRequest, provider: IdentityProvider, question: Question, came: SignedDigest) -> HttpResponse:
    """Judge and keep the signature, and say honestly what it is worth. Raises ``WrongCard``."""
    document, account = question.document, account_of(request)
    if document is None:
        return nothing_to_answer(question.purpose, question.onward)
    _check_signer(request, came, account)
    judgement = judge(came, bytes.fromhex(document.digest), checker=checker_in_force())
    by, clock = request.person, request.clock  # type: ignore[attr-defined]
    evidence = SignatureEvidence(
        about=document.about,
        title=document.title,
        document_digest=document.digest,
        issuer=came.issuer,
        subject=came.subject,
        transaction=question.attempt.sign_transaction,
        sealed=_sealed(came),
        received_at=came.received_at,
        outcome=judgement.outcome,
        reason=judgement.reason,
        checker=judgement.checker,
        is_sample=provider.is_sample,
    )
    keep_signature(by=by, account=account, evidence=evidence, clock=clock)
    forget_document(request)
    if judgement.outcome == SignatureOutcome.ACCEPTED:
        messages.success(request, _("電子署名を受け取りました。"))
        return HttpResponseRedirect(question.onward)
    log_not_proven(request, why=f"signature {judgement.reason}", provider=provider.kind)
    kind = "signature-open" if judgement.outcome == SignatureOutcome.NOT_CHECKABLE else "signature-bad"
    return back_to_start(request, kind, question.purpose, question.onward)


def _check_signer(request: HttpRequest, came: SignedDigest, account: Account | None) -> None:
    """Whoever signs is whoever is known here, by the account's card or by the one shown in this session."""
    linked = linked_identity(came.issuer, came.subject)
    if linked is not None and (account is None or linked.account_id != account.pk):
        raise WrongCard("elsewhere")
    if linked is None and account is not None and identity_of(account, came.issuer) is not None:
        raise WrongCard("other")
    shown = subject_shown(request)
    if shown is not None and shown != (came.issuer, came.subject):
        raise WrongCard("other")


def _sealed(came: SignedDigest) -> str:
    content = {
        "signature": base64.b64encode(came.signature).decode(),
        "certificate": base64.b64encode(came.certificate).decode(),
        "certificate_digest": hashlib.sha256(came.certificate).hexdigest(),
    }
    return seal(json.dumps(content))
