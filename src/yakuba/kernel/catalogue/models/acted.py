"""Who did it, as it stood on the day."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.access.api import Person
from yakuba.kernel.things.api import DataClass, PersonalData

PERSONAL = PersonalData(
    purpose="手続きの案内と公開の決定を、だれがいつ登録したかを残すため",
    retention="手続きを廃止した年度の翌年度から5年",
    fields={"acted_by": DataClass.PERSONAL, "acted_name": DataClass.PERSONAL},
)


class Acted(models.Model):
    """A record that names the person behind its last change."""

    personal = PERSONAL

    acted_by = models.CharField("登録した人の番号", max_length=40)
    acted_name = models.CharField("登録した人", max_length=80)
    acted_at = models.DateTimeField("登録日時")

    class Meta:
        abstract = True


def acting(by: Person) -> dict[str, str]:
    """The fields that name a person in an `Acted` record."""
    return {"acted_by": by.id, "acted_name": by.name[:80]}
