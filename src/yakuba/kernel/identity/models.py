"""Accounts (アカウント): who can sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

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
    """The custom user model. Staff sign in by 職員番号, residents by mail; an account points at its staff row."""

    personal = PersonalData(
        purpose="本人の確認（ログイン）",
        retention="利用をやめるまで。職員は退職後5年",
        fields={
            "sign_in_name": DataClass.PERSONAL,
            "email": DataClass.PERSONAL,
            "display_name": DataClass.PERSONAL,
            "password": DataClass.SECRET,
        },
    )

    last_login = None  # type: ignore[assignment]  # sign-ins are audit events

    kind = models.CharField("種類", max_length=10, choices=AccountKind.choices)
    sign_in_name = models.CharField("ログイン名", max_length=254, unique=True)
    email = models.EmailField("メール", blank=True)
    display_name = models.CharField("表示名", max_length=80, blank=True)
    staff = models.OneToOneField(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="account", verbose_name="職員"
    )
    is_active = models.BooleanField("有効", default=True)
    locked_on = models.DateField("この日から使えない", null=True, blank=True)
    must_change_password = models.BooleanField("次回にパスワードを変更", default=False)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

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
        ]

    def __str__(self) -> str:
        return self.display_name or self.sign_in_name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Rights come from roles with dates, never from stored permissions."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False
