"""Somebody who applies together with the applicant (共同申請者) and must agree."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.cases.models.case import RETENTION, Case
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel


class ConsentState(models.TextChoices):
    """What a co-applicant said."""

    ASKED = "asked", "同意待ち"
    AGREED = "agreed", "同意"
    REFUSED = "refused", "同意しない"


class Cosigner(PublicModel):
    """A co-applicant, the link they got and what they answered.

    The link's token and the one-time code are kept as hashes; a new invitation replaces both. ``statement`` is the very
    text that was agreed to.
    """

    personal = PersonalData(
        purpose="一緒に申請する人の同意を確かめるため",
        retention=RETENTION,
        fields={
            "name": DataClass.PERSONAL,
            "relation": DataClass.PERSONAL,
            "mail": DataClass.PERSONAL,
            "token_hash": DataClass.SECRET,
            "code_hash": DataClass.SECRET,
            "typed_name": DataClass.PERSONAL,
            "note": DataClass.PERSONAL,
        },
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="cosigners", verbose_name="案件")
    name = models.CharField("氏名", max_length=120)
    relation = models.CharField("申請者との関係", max_length=60, blank=True)
    mail = models.CharField("メール", max_length=254, blank=True)
    state = models.CharField("状態", max_length=7, choices=ConsentState.choices, default=ConsentState.ASKED.value)
    token_hash = models.CharField("リンクの鍵（ハッシュ）", max_length=64, blank=True, db_index=True)
    code_hash = models.CharField("確認番号（ハッシュ）", max_length=64, blank=True)
    invited_at = models.DateTimeField("リンクを作った日時", null=True, blank=True)
    expires_at = models.DateTimeField("リンクの期限", null=True, blank=True)
    wrong_codes = models.PositiveSmallIntegerField("確認番号の誤り", default=0)
    statement = models.TextField("同意した文", blank=True)
    typed_name = models.CharField("本人が入力した氏名", max_length=120, blank=True)
    note = models.CharField("書面などで確かめたこと", max_length=200, blank=True)
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)

    class Meta:
        verbose_name = "共同申請者"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
