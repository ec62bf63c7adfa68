"""That a protected person's contact was opened, by whom and why (支援措置)."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel


class ContactOpened(PublicModel):
    """One opening. ``about`` is the reference of the appointment or visit."""

    personal = PersonalData(
        purpose="支援措置の対象の人の連絡先を、だれが何のために開いたかを残すため",
        retention="5年",
        fields={"reason": DataClass.PERSONAL, "opened_by": DataClass.PERSONAL},
    )

    about = models.CharField("対象", max_length=60, db_index=True)
    reason = models.CharField("理由", max_length=200)
    opened_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="開いた職員"
    )
    opened_at = models.DateTimeField("開いた日時")

    class Meta:
        verbose_name = "連絡先を開いた記録"
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return self.about
