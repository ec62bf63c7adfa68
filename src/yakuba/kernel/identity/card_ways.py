"""How other engines lead somebody to show their card, or to sign a document with it."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest

from yakuba.kernel.identity.digital_auth.registry import working_provider
from yakuba.kernel.identity.proving import Document, Purpose, address_to_show_card, keep_document
from yakuba.kernel.things.api import Ref


def way_to_prove(*, onward: str) -> str:
    """The page that raises this session to ``PUBLIC_AUTH`` and leads on to ``onward``; empty where nothing can."""
    return address_to_show_card(Purpose.LEVEL, onward) if working_provider() is not None else ""


def way_to_sign(request: HttpRequest, *, document: bytes, title: str, about: Ref, onward: str) -> str:
    """The page on which these very bytes are signed (電子署名), then on to ``onward``; empty where nothing can.

    ``title`` tells the person what they sign. Afterwards ``signature_level_of(about, document)`` says whether it counts.
    """
    provider = working_provider()
    if provider is None or not provider.can_sign:
        return ""
    keep_document(request, Document(hashlib.sha256(document).hexdigest(), title[:200], str(about)))
    return address_to_show_card(Purpose.SIGNATURE, onward)
