"""Accounts (アカウント): who can sign in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from yakuba.kernel.identity.rules.pin import is_pin_open
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel


class AccountKind(models.TextChoices):
    STAFF = "staff", "職員"
    RESIDENT = "resident", "町民"


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by what people type: 職員番号 or mail."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(sign_in_name=username)


class Account(AbstractBaseUser, PublicModel):
    """The custom user model. Staff sign in by 職員番号, residents by mail; an account points at its staff row.

    A resident's ``sign_in_name`` is a mere identifier: the verified mail address stands in ``email`` and may change.
    """

    personal = PersonalData(
        purpose="本人の確認（ログイン）",
        retention="利用をやめるまで。職員は退職後5年",
        fields={
            "sign_in_name": DataClass.PERSONAL,
            "email": DataClass.PERSONAL,
            "display_name": DataClass.PERSONAL,
            "staff": DataClass.PERSONAL,
            "password": DataClass.SECRET,
        },
    )

    last_login = None  # sign-ins are audit events

    kind = models.CharField("種類", max_length=10, choices=AccountKind.choices)
    sign_in_name = models.CharField("ログイン名", max_length=254, unique=True)
    email = models.EmailField("メール", blank=True)
    display_name = models.CharField("表示名", max_length=80, blank=True)
    staff = models.OneToOneField(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="account", verbose_name="職員"
    )
    is_active = models.BooleanField("有効", default=True)
    locked_on = models.DateField("この日から使えない", null=True, blank=True)
    locked_reason = models.CharField("停止の理由", max_length=200, blank=True)
    must_change_password = models.BooleanField("次回にパスワードを変更", default=False)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)
    password_changed_at = models.DateTimeField("パスワードの変更日時", null=True, blank=True)

    USERNAME_FIELD = "sign_in_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        verbose_name = "アカウント"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="staff", staff__isnull=False) | Q(kind="resident", staff__isnull=True),
                name="identity_staff_accounts_have_staff",
            ),
            # A staff account with a mail address could have its password reset through the residents' pages.
            models.CheckConstraint(
                condition=Q(kind="resident") | Q(email=""), name="identity_staff_accounts_have_no_mail"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.email or self.sign_in_name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Rights come from roles with dates, never from stored permissions."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Persona(models.Model):
    """Somebody the sample town lets visitors be (見本の町の登場人物). Filled by the sample generator, nobody else."""

    personal = PersonalData(
        purpose="見本の町で、立場を選んで画面を試すため",
        retention="見本の町を片付けるまで",
        fields={"account": DataClass.PERSONAL},
    )

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="persona", verbose_name="アカウント")
    label = models.CharField("立場", max_length=40)
    description = models.CharField("できること", max_length=120, blank=True)
    order = models.PositiveSmallIntegerField("並び順", default=0)

    class Meta:
        verbose_name = "見本の町の登場人物"
        ordering = ["order", "label"]

    def __str__(self) -> str:
        return self.label


class Device(PublicModel):
    """A browser on a machine of the town hall (端末), known by a signed cookie."""

    personal = PersonalData(
        purpose="共用の端末で利用者を切り替え、ログインした端末を本人に示すため",
        retention="最後に使った日から1年",
        fields={"name": DataClass.PERSONAL},
    )

    name = models.CharField("端末の名前", max_length=60)
    is_shared = models.BooleanField("共用の端末", default=False)
    first_seen_at = models.DateTimeField("最初に使った日時")
    last_used_at = models.DateTimeField("最後に使った日時")

    class Meta:
        verbose_name = "端末"

    def __str__(self) -> str:
        return self.name


class DeviceUser(models.Model):
    """That an account was used on a device, and the PIN (暗証番号) that lets it back in there for some hours."""

    personal = PersonalData(
        purpose="共用の端末で利用者を切り替えるため",
        retention="最後に使った日から1年",
        fields={"account": DataClass.PERSONAL, "pin": DataClass.SECRET},
    )

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="users", verbose_name="端末")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="devices", verbose_name="アカウント")
    last_used_at = models.DateTimeField("最後に使った日時")
    #: Last sign-in here with everything the rules ask for; a PIN opens the device only for some hours after it.
    fully_signed_in_at = models.DateTimeField("最後の通常のログイン")
    pin = models.CharField("暗証番号（ハッシュ）", max_length=128, blank=True)
    pin_failures = models.PositiveSmallIntegerField("暗証番号の誤り", default=0)

    class Meta:
        verbose_name = "端末の利用者"
        constraints = [models.UniqueConstraint(fields=["device", "account"], name="identity_device_user_once")]

    def __str__(self) -> str:
        return f"{self.account} / {self.device}"

    def is_pin_open(self, now: datetime) -> bool:
        """Whether the PIN may be tried now."""
        return is_pin_open(
            has_pin=bool(self.pin), failures=self.pin_failures, fully_signed_in_at=self.fully_signed_in_at, now=now
        )

    def is_recent(self, now: datetime) -> bool:
        """Whether the person signed in here completely within the last hours."""
        return is_pin_open(has_pin=True, failures=0, fully_signed_in_at=self.fully_signed_in_at, now=now)


class SignInMethod(models.TextChoices):
    """How somebody showed who they are."""

    PASSWORD = "password", "パスワード"
    DIRECTORY = "directory", "庁内の認証基盤"
    PASSKEY = "passkey", "パスキー"
    MAIL_CODE = "code", "メールの確認番号"
    PIN = "pin", "端末の暗証番号"
    CARD = "card", "デジタル認証アプリ"
    PERSONA = "persona", "見本の町の登場人物"


class SecondFactor(models.TextChoices):
    """What was shown beside the password."""

    NONE = "", "なし"
    PASSKEY = "passkey", "パスキー・FIDOキー"
    TOTP = "totp", "認証アプリ"
    LIST = "list", "使い捨て番号表"


class SignInEnd(models.TextChoices):
    """Why a session ended."""

    SIGNED_OUT = "signed_out", "ログアウト"
    ELSEWHERE = "elsewhere", "別の端末から終了"
    SWITCHED = "switched", "利用者の切り替え"
    LOCKED = "locked", "アカウントの停止"
    CHANGED = "changed", "パスワードの変更"
    OVER = "over", "時間切れ"


class SignIn(PublicModel):
    """One session (ログイン) of an account: where, how, since when. Its last use stands in the session itself."""

    personal = PersonalData(
        purpose="本人が自分のログインを確かめ、離れた端末のログインを終えるため",
        retention="終了から400日",
        fields={
            "account": DataClass.PERSONAL,
            "session_digest": DataClass.SECRET,
            "address": DataClass.PERSONAL,
            "browser": DataClass.PERSONAL,
        },
    )

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ins", verbose_name="アカウント")
    device = models.ForeignKey(
        Device, on_delete=models.SET_NULL, null=True, blank=True, related_name="sign_ins", verbose_name="端末"
    )
    face = models.CharField("窓口", max_length=10)
    session_digest = models.CharField("セッション（鍵付きハッシュ）", max_length=40, unique=True)
    method = models.CharField("方法", max_length=10, choices=SignInMethod.choices)
    second_factor = models.CharField("二つめの確認", max_length=8, choices=SecondFactor.choices, blank=True)
    address = models.GenericIPAddressField("接続元", null=True, blank=True)
    browser = models.CharField("ブラウザー", max_length=60, blank=True)
    started_at = models.DateTimeField("開始日時")
    ended_at = models.DateTimeField("終了日時", null=True, blank=True)
    end = models.CharField("終了の理由", max_length=10, choices=SignInEnd.choices, blank=True)

    class Meta:
        verbose_name = "ログイン"
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["account", "-started_at"], name="identity_sign_in_account")]

    def __str__(self) -> str:
        return f"{self.account} {self.started_at:%Y-%m-%d %H:%M}"


class LinkedIdentity(PublicModel):
    """That a resident's account belongs to the holder of a card: the pairwise subject (PPID) a provider knows them by.

    The subject is this town's alone: no other service knows the same person by it, and it tells nothing of them.
    """

    personal = PersonalData(
        purpose="デジタル認証アプリでのログインと本人確認",
        retention="本人が結び付けをやめるか、利用をやめるまで",
        fields={"account": DataClass.PERSONAL, "subject": DataClass.PERSONAL},
    )

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="linked_identities", verbose_name="アカウント"
    )
    issuer = models.CharField("発行者", max_length=255)
    subject = models.CharField("利用者の番号（PPID）", max_length=255)
    linked_at = models.DateTimeField("結び付けた日時")
    last_used_at = models.DateTimeField("最後に使った日時")

    class Meta:
        verbose_name = "本人確認との結び付け"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_one_account_per_card"),
            models.UniqueConstraint(fields=["account", "issuer"], name="identity_one_card_per_account"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.linked_at:%Y-%m-%d}"


class SignatureOutcome(models.TextChoices):
    """What became of a signature that was received."""

    ACCEPTED = "accepted", "有効"
    NOT_CHECKABLE = "not_checkable", "受領（失効を確かめられないため不採用）"
    REFUSED = "refused", "無効"


class SignatureEvidence(PublicModel):
    """An electronic signature (電子署名) as it came, over which document, and how it was judged.

    ``about`` is the address of the thing signed (``kind:public_id``), ``document_digest`` the SHA-256 of the very bytes
    that were shown. Signature and certificate are sealed: the certificate names its holder and where they live.
    """

    personal = PersonalData(
        purpose="署名の必要な手続きで、署名と本人を確かめた証拠",
        retention="署名された文書と同じ",
        fields={
            "account": DataClass.PERSONAL,
            "subject": DataClass.PERSONAL,
            "title": DataClass.PERSONAL,
            "sealed": DataClass.SECRET,
        },
    )

    account = models.ForeignKey(
        Account,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="signatures",
        verbose_name="アカウント",
    )
    about = models.CharField("署名されたもの", max_length=80)
    title = models.CharField("文書の題名", max_length=200)
    document_digest = models.CharField("文書のハッシュ（SHA-256）", max_length=64)
    issuer = models.CharField("発行者", max_length=255)
    subject = models.CharField("利用者の番号（PPID）", max_length=255)
    transaction = models.CharField("署名の取引番号", max_length=64)
    sealed = models.TextField("署名と証明書（封をしたもの）")
    received_at = models.DateTimeField("受領日時")
    outcome = models.CharField("判定", max_length=14, choices=SignatureOutcome.choices)
    reason = models.CharField("判定の理由", max_length=40, blank=True)
    checker = models.CharField("失効を確かめた方法", max_length=60, blank=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "署名の証拠"
        constraints = [models.UniqueConstraint(fields=["issuer", "transaction"], name="identity_signature_once")]
        indexes = [models.Index(fields=["about", "document_digest"], name="identity_signature_about")]

    def __str__(self) -> str:
        return f"{self.title} {self.get_outcome_display()}"
