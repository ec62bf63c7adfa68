from django.db import models

from yakuba.kernel.things.models import PublicModel


class Note(PublicModel):
    """One half of a note; every key has a debit and a credit."""

    key = models.CharField(max_length=40)
    side = models.CharField(max_length=6)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "side"], name="ledger_note_side")]

    def __str__(self) -> str:
        return f"{self.key} {self.side}"


class Effect(PublicModel):
    """What the job of a note did. Nothing but the job's own care keeps a second one away."""

    key = models.CharField(max_length=40, db_index=True)

    def __str__(self) -> str:
        return self.key
