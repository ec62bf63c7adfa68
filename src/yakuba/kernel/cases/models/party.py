"""The people a case concerns (当事者)."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q

from yakuba.kernel.cases.models.case import RETENTION, Case
from yakuba.kernel.cases.rules.parties import Party, PartyRole
from yakuba.kernel.identity.api import unseal
from yakuba.kernel.people.models import Mandate
from yakuba.kernel.things.api import DataClass, PersonalData

CONTACT = ("postal_code", "address", "phone", "mail")
"""What is withheld of protected people."""


class CaseParty(models.Model):
    """Applicant or agent as given with the submission.

    Of somebody protected (支援措置) at that time, place and contact lie in ``sealed`` and their columns stay empty, so
    that no list, search or export can show them by mistake. Protection that began later is asked for whenever a contact
    is read (`access.contact_of`).
    """

    personal = PersonalData(
        purpose="手続の当事者を確かめ、連絡し、通知を送るため",
        retention=RETENTION,
        fields={
            "name": DataClass.PERSONAL,
            "kana": DataClass.PERSONAL,
            "postal_code": DataClass.PERSONAL,
            "address": DataClass.PERSONAL,
            "phone": DataClass.PERSONAL,
            "mail": DataClass.PERSONAL,
            "account_id": DataClass.PERSONAL,
            "birth_date": DataClass.PERSONAL,
            "is_protected": DataClass.SENSITIVE,
            "sealed": DataClass.SECRET,
            "mandate_file": DataClass.PERSONAL,
        },
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties", verbose_name="案件")
    role = models.CharField("立場", max_length=9, choices=[(one.value, one.label) for one in PartyRole])
    name = models.CharField("氏名", max_length=120)
    kana = models.CharField("フリガナ", max_length=120, blank=True)
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    address = models.CharField("住所", max_length=300, blank=True)
    phone = models.CharField("電話", max_length=30, blank=True)
    mail = models.CharField("メール", max_length=254, blank=True)
    account_id = models.CharField("アカウント", max_length=16, blank=True)
    birth_date = models.DateField("生年月日", null=True, blank=True)
    is_protected = models.BooleanField("受付の時に支援措置の対象", default=False)
    sealed = models.TextField("住所と連絡先（暗号化）", blank=True)
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="委任の登録"
    )
    mandate_file = models.CharField("委任状のファイル", max_length=16, blank=True)
    mandate_checked = models.BooleanField("代理の権限を確かめた", default=False)

    class Meta:
        verbose_name = "当事者"
        constraints = [
            models.UniqueConstraint(fields=["case", "role"], name="cases_one_party_per_role"),
            models.CheckConstraint(
                condition=Q(sealed="") | Q(postal_code="", address="", phone="", mail=""),
                name="cases_sealed_contact_stands_nowhere_else",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def opened(self) -> Party:
        """The party with its contact, sealed or not. Only `access.contact_of` and letters may ask."""
        contact: dict[str, Any] = (
            json.loads(unseal(self.sealed)) if self.sealed else {name: getattr(self, name) for name in CONTACT}
        )
        return Party(
            name=self.name,
            kana=self.kana,
            account_id=self.account_id,
            birth_date=self.birth_date,
            is_protected=self.is_protected,
            **contact,
        )
