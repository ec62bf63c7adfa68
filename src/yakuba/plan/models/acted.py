"""Who did it, as it stood on the day."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.access.api import Person
from yakuba.kernel.things.api import DataClass, PersonalData

PURPOSE = "計画の進捗管理の記録に、だれがいつ行ったかを残すため"
RETENTION = "計画期間の終了後5年"
ACTOR_FIELDS = {"acted_by": DataClass.PERSONAL, "acted_name": DataClass.PERSONAL}


class Acted(models.Model):
    """A record that names the person behind it; the title stays as it was on the day of the act."""

    personal = PersonalData(purpose=PURPOSE, retention=RETENTION, fields=ACTOR_FIELDS)

    acted_by = models.CharField("記録した人の番号", max_length=40)
    acted_name = models.CharField("記録した人", max_length=80)
    acted_title = models.CharField("職名", max_length=60, blank=True)
    acted_at = models.DateTimeField("記録日時")

    class Meta:
        abstract = True


def acting(by: Person) -> dict[str, str]:
    """The fields that name a person in an `Acted` record."""
    return {"acted_by": by.id, "acted_name": by.name, "acted_title": by.title[:60]}
