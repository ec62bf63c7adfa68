"""Opt-in reminders (更新のお知らせの申込) that a card or its certificates end."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel

_PURPOSE = "本人が頼んだ、カードと電子証明書の有効期限のお知らせを送るため"
_RETENTION = "遅い方の期限から町の定める日数（card.reminder_kept_days）。確認されないものは3日。止めるとすぐ消える"


class Reminder(PublicModel):
    """One entry: the days typed by the person, and either an account or a mail address.

    A mail address counts from the press on the link that was sent there (``confirmed_at``); until then nothing but that
    link is sent. Stopping deletes the row.
    """

    personal = PersonalData(
        purpose=_PURPOSE,
        retention=_RETENTION,
        fields={
            "account": DataClass.PERSONAL,
            "mail": DataClass.PERSONAL,
            "card_until": DataClass.PERSONAL,
            "certificate_until": DataClass.PERSONAL,
        },
    )

    account = models.CharField("利用者", max_length=40, blank=True, db_index=True)
    mail = models.CharField("メールアドレス", max_length=254, blank=True, db_index=True)
    card_until = models.DateField("カードの有効期限", null=True, blank=True)
    certificate_until = models.DateField("電子証明書の有効期限", null=True, blank=True)
    language = models.CharField("言葉", max_length=8, default="ja")
    asked_at = models.DateTimeField("申込日時")
    confirmed_at = models.DateTimeField("確認日時", null=True, blank=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "更新のお知らせの申込"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(card_until__isnull=False) | Q(certificate_until__isnull=False), name="card_reminder_has_day"
            ),
            models.CheckConstraint(
                condition=(Q(account="") & ~Q(mail="")) | (~Q(account="") & Q(mail="")), name="card_reminder_one_way"
            ),
        ]

    def __str__(self) -> str:
        return f"更新のお知らせ {self.public_id}"


class Reminded(models.Model):
    """That a reminder was sent: once for each thing, day and step."""

    personal = PersonalData(purpose=_PURPOSE, retention=_RETENTION, fields={"until": DataClass.PERSONAL})

    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="sent", verbose_name="申込")
    what = models.CharField("何の期限", max_length=11, choices=[("card", "カード"), ("certificate", "電子証明書")])
    until = models.DateField("期限")
    months = models.PositiveSmallIntegerField("何か月前の")
    sent_at = models.DateTimeField("送った日時")

    class Meta:
        verbose_name = "送った更新のお知らせ"
        constraints = [
            models.UniqueConstraint(fields=["reminder", "what", "until", "months"], name="card_reminded_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.until} {self.months}か月前"
