"""Persons a case or account concerns: profiles, mandates, protections; and imports of the prefill file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from yakuba.kernel.people.rules.mandates import MandateKind, MandateState, covers, is_effective
from yakuba.kernel.people.rules.profiles import NoticePreference, ProfileEntry
from yakuba.kernel.people.sealing import unseal
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.kernel.values.api import Period

LANGUAGES = [("ja", "日本語"), ("ja-easy", "やさしい日本語"), ("en", "English")]


class ResidentProfile(PublicModel):
    """What a resident entered about themselves (本人の登録): fills forms in advance, certifies nothing.

    ``account`` is the public id of the account. ``recognition`` is a keyed digest of name and birth, by which a
    protection finds the account.
    """

    personal = PersonalData(
        purpose="申請書の下書きと、お知らせの送り先にするため（本人が入力し、いつでも直せます）",
        retention="利用登録をやめるまで（やめたときに消します）",
        fields={
            "account": DataClass.PERSONAL,
            "family_name": DataClass.PERSONAL,
            "given_name": DataClass.PERSONAL,
            "family_reading": DataClass.PERSONAL,
            "given_reading": DataClass.PERSONAL,
            "born_on": DataClass.PERSONAL,
            "postal_code": DataClass.PERSONAL,
            "prefecture": DataClass.PERSONAL,
            "city": DataClass.PERSONAL,
            "street": DataClass.PERSONAL,
            "building": DataClass.PERSONAL,
            "district": DataClass.PERSONAL,
            "phone": DataClass.PERSONAL,
            "recognition": DataClass.SENSITIVE,
        },
    )

    account = models.CharField("アカウント", max_length=16, unique=True)
    family_name = models.CharField("姓", max_length=60)
    given_name = models.CharField("名", max_length=60, blank=True)
    family_reading = models.CharField("セイ", max_length=60, blank=True)
    given_reading = models.CharField("メイ", max_length=60, blank=True)
    born_on = models.DateField("生年月日", null=True, blank=True)
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    prefecture = models.CharField("都道府県", max_length=20, blank=True)
    city = models.CharField("市区町村", max_length=100, blank=True)
    street = models.CharField("町名・番地", max_length=100, blank=True)
    building = models.CharField("建物・部屋", max_length=100, blank=True)
    district = models.CharField("行政区", max_length=40, blank=True)
    phone = models.CharField("電話", max_length=30, blank=True)
    preference = models.CharField(
        "お知らせの受け取り方",
        max_length=10,
        choices=[(one.value, one.label) for one in NoticePreference],
        default=NoticePreference.MAIL.value,
    )
    language = models.CharField("ことば", max_length=10, choices=LANGUAGES, default="ja")
    recognition = models.CharField("照合用の要約値", max_length=40, blank=True, db_index=True)
    changed_at = models.DateTimeField("変更日時")
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "本人の登録"

    def __str__(self) -> str:
        return self.entry.name

    @property
    def entry(self) -> ProfileEntry:
        """What was entered, as a plain value."""
        return ProfileEntry(
            family_name=self.family_name,
            given_name=self.given_name,
            family_reading=self.family_reading,
            given_reading=self.given_reading,
            born_on=self.born_on,
            postal_code=self.postal_code,
            prefecture=self.prefecture,
            city=self.city,
            street=self.street,
            building=self.building,
            district=self.district,
            phone=self.phone,
            preference=NoticePreference(self.preference),
            language=self.language,
        )


class Mandate(PublicModel):
    """That somebody acts for somebody else (委任・代理): parties, scope, period, evidence, state.

    A party is known by account, or by name and address where they have none. ``scope`` holds keys of procedures;
    ``evidence_file`` is the public id of a stored file (委任状, 戸籍, 登記事項証明書). ``ends_on`` is the first day on which
    the mandate no longer holds.
    """

    personal = PersonalData(
        purpose="代理人による手続きで、代理の権限を確かめるため",
        retention="終わってから5年",
        fields={
            "principal_account": DataClass.PERSONAL,
            "principal_name": DataClass.PERSONAL,
            "principal_born_on": DataClass.PERSONAL,
            "principal_address": DataClass.PERSONAL,
            "agent_account": DataClass.PERSONAL,
            "agent_name": DataClass.PERSONAL,
            "agent_address": DataClass.PERSONAL,
            "evidence_note": DataClass.PERSONAL,
            "reason": DataClass.PERSONAL,
            "requested_by": DataClass.PERSONAL,
            "decided_by": DataClass.PERSONAL,
        },
    )

    kind = models.CharField("種類", max_length=10, choices=[(one.value, one.label) for one in MandateKind])
    principal_account = models.CharField("本人のアカウント", max_length=16, blank=True)
    principal_name = models.CharField("本人の氏名", max_length=120)
    principal_born_on = models.DateField("本人の生年月日", null=True, blank=True)
    principal_address = models.CharField("本人の住所", max_length=300, blank=True)
    agent_account = models.CharField("代理人のアカウント", max_length=16, blank=True)
    agent_name = models.CharField("代理人の氏名", max_length=120)
    agent_address = models.CharField("代理人の住所", max_length=300, blank=True)
    scope = models.JSONField("委任する手続き", default=list, blank=True)
    scope_words = models.CharField("委任する事項", max_length=200)
    is_for_everything = models.BooleanField("すべての手続き", default=False)
    starts_on = models.DateField("始まりの日")
    ends_on = models.DateField("終わり（この日から無効）", null=True, blank=True)
    evidence_file = models.CharField("委任状などのファイル", max_length=16, blank=True)
    evidence_note = models.CharField("確かめたもの", max_length=200, blank=True)
    state = models.CharField(
        "状態",
        max_length=10,
        choices=[(one.value, one.label) for one in MandateState],
        default=MandateState.REQUESTED.value,
    )
    reason = models.CharField("理由", max_length=200, blank=True)
    requested_by = models.CharField("登録した人の番号", max_length=40)
    requested_at = models.DateTimeField("登録日時")
    decided_by = models.CharField("状態を変えた人の番号", max_length=40, blank=True)
    decided_at = models.DateTimeField("状態を変えた日時", null=True, blank=True)

    class Meta:
        verbose_name = "委任"
        ordering = ["-requested_at", "-id"]
        indexes = [
            models.Index(fields=["principal_account", "state"], name="people_mandate_principal"),
            models.Index(fields=["agent_account", "state"], name="people_mandate_agent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="people_mandate_period"
            ),
            models.CheckConstraint(
                condition=Q(principal_account="") | ~Q(principal_account=F("agent_account")),
                name="people_mandate_between_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal_name} → {self.agent_name}"

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)

    @property
    def last_day(self) -> date | None:
        return self.period.last_day

    def is_effective_on(self, day: date) -> bool:
        """Whether one may act on it on that day."""
        return is_effective(state=MandateState(self.state), period=self.period, on=day)

    def covers(self, procedure: str) -> bool:
        """Whether it serves for that procedure."""
        return covers(scope=self.scope, is_for_everything=self.is_for_everything, procedure=procedure)


class Protection(PublicModel):
    """That a person is protected (支援措置). Whom it concerns and why is sealed; it is found by keyed digests only."""

    personal = PersonalData(
        purpose="支援措置の対象者の住所などが、加害者に知られないようにするため",
        retention="期間が終わってから5年",
        fields={
            "sealed": DataClass.SECRET,
            "set_by": DataClass.PERSONAL,
            "ended_by": DataClass.PERSONAL,
        },
    )

    sealed = models.TextField("対象者と理由（暗号化）")
    starts_on = models.DateField("始まりの日")
    ends_on = models.DateField("終わり（この日から対象外）")
    set_by = models.CharField("登録した人の番号", max_length=40)
    set_by_name = models.CharField("登録した人", max_length=80)
    set_at = models.DateTimeField("登録日時")
    ended_by = models.CharField("終えた人の番号", max_length=40, blank=True)
    ended_at = models.DateTimeField("終えた日時", null=True, blank=True)

    class Meta:
        verbose_name = "支援措置"
        ordering = ["ends_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="people_protection_period"),
        ]

    def __str__(self) -> str:
        return f"支援措置 {self.public_id}"

    @property
    def content(self) -> dict[str, Any]:
        """Name, reading, birth, account, number, ground, note: for those who may see protections."""
        return unseal(self.sealed)

    @property
    def last_day(self) -> date:
        return date.fromordinal(self.ends_on.toordinal() - 1)


class ProtectionToken(models.Model):
    """A keyed digest by which a protected person is recognised."""

    personal = PersonalData(
        purpose="支援措置の対象者を、名前を読み出さずに見分けるため",
        retention="支援措置の記録と同じ",
        fields={"digest": DataClass.SENSITIVE},
    )

    protection = models.ForeignKey(Protection, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField("照合用の要約値", max_length=40, db_index=True)

    class Meta:
        verbose_name = "支援措置の照合"
        constraints = [
            models.UniqueConstraint(fields=["protection", "digest"], name="people_protection_token_once"),
        ]

    def __str__(self) -> str:
        return self.digest[:8]


class PrefillImport(PublicModel):
    """That a prefill file (住民情報の写し) was put in use, and by whom. The residents lie in a file of their own."""

    personal = PersonalData(
        purpose="住民情報の写しをだれがいつ入れたかを残すため",
        retention="5年",
        fields={"imported_by": DataClass.PERSONAL, "imported_name": DataClass.PERSONAL},
    )

    as_of = models.DateField("基準日")
    rows = models.PositiveIntegerField("人数")
    sha256 = models.CharField("ファイルの要約値", max_length=64)
    imported_by = models.CharField("入れた人の番号", max_length=40)
    imported_name = models.CharField("入れた人", max_length=80)
    imported_at = models.DateTimeField("入れた日時")
    removed_at = models.DateTimeField("消した日時", null=True, blank=True)

    class Meta:
        verbose_name = "住民情報の写し"
        ordering = ["-imported_at", "-id"]

    def __str__(self) -> str:
        return f"{self.as_of} 現在"
