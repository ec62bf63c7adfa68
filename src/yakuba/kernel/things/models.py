"""The base of everything that has an address."""

from __future__ import annotations

import secrets

from django.db import models

from yakuba.kernel.things.personal import NO_PERSONAL_DATA, PersonalData

#: Crockford's alphabet: no I, L, O, U, so an identifier can be read out over the telephone.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
PUBLIC_ID_LENGTH = 16


def new_public_id() -> str:
    """A random identifier of 80 bits for URLs."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


class PublicModel(models.Model):
    """An object that may be shown in a URL: it is addressed by ``public_id``, never by its row number."""

    personal: PersonalData = NO_PERSONAL_DATA

    public_id = models.CharField(
        "公開ID", max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False
    )

    class Meta:
        abstract = True
