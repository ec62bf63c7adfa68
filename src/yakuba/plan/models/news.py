"""News (お知らせ) of the plan and its initiatives, for everybody."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.things.models import PublicModel
from yakuba.plan.models.acted import Acted
from yakuba.plan.models.plan import Initiative, Plan


class News(PublicModel, Acted):
    """A short report of what happened. One that was wrong is withdrawn with a reason, not deleted."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="news", verbose_name="計画")
    initiative = models.ForeignKey(
        Initiative, on_delete=models.PROTECT, null=True, blank=True, related_name="news", verbose_name="取組"
    )
    title = models.CharField("題名", max_length=120)
    text = models.TextField("本文", max_length=2000, blank=True)
    published_on = models.DateField("公開日")
    withdrawn_on = models.DateField("取り下げた日", null=True, blank=True)
    withdrawn_reason = models.CharField("取り下げの理由", max_length=400, blank=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "お知らせ"
        verbose_name_plural = "お知らせ"
        ordering = ["-published_on", "-id"]

    def __str__(self) -> str:
        return self.title
