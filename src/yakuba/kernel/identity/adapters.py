"""How the sign-in library (django-allauth) works in this house."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from yakuba.kernel.access.api import VISITOR, Person, PersonKind
from yakuba.kernel.identity.client import client_address
from yakuba.kernel.identity.fronts import resident_front
from yakuba.kernel.identity.models import Account, AccountKind, SignInMethod
from yakuba.kernel.identity.persons import is_usable
from yakuba.kernel.identity.sealing import seal, unseal
from yakuba.kernel.identity.services.resident_account import register_resident
from yakuba.kernel.identity.services.sign_in import refuse_sign_in
from yakuba.kernel.identity.session import begin_session
from yakuba.kernel.ui.api import safe_return


class MailNotSent(Exception):
    """A mail could not be handed over to the mail server."""


class ResidentAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """Residents register and sign in through the library; what it writes and says is ours."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("この登録は今は使えません。"),
        "duplicate_email": gettext_lazy("このメールアドレスは、もう登録されています。"),
        "email_password_mismatch": gettext_lazy("メールアドレスかパスワードが違います。"),
        "email_taken": gettext_lazy("このメールアドレスは使えません。"),
        "incorrect_code": gettext_lazy("番号が違います。メールを確かめて、もう一度入力してください。"),
        "incorrect_password": gettext_lazy("パスワードが違います。"),
        "invalid_login": gettext_lazy("ログインできませんでした。"),
        "rate_limited": gettext_lazy("続けて何度も送信されました。少し待ってから、もう一度お試しください。"),
        "too_many_login_attempts": gettext_lazy("続けて何度も間違えました。はじめからやり直してください。"),
        "unknown_email": gettext_lazy("このメールアドレスは登録されていません。"),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104  a local socket has no address, nothing is bound here

    def new_user(self, request: HttpRequest) -> Account:
        account = Account(kind=AccountKind.RESIDENT)
        account.sign_in_name = f"r-{account.public_id}"
        account.set_unusable_password()
        return account

    def save_user(self, request: HttpRequest, user: Account, form: Any, commit: bool = True) -> Account:
        clock = request.clock  # type: ignore[attr-defined]
        return register_resident(
            by=Person(id=user.public_id, name="", kind=PersonKind.RESIDENT),
            account=user,
            mail=form.cleaned_data["email"],
            clock=clock,
        )

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        raise PermissionDenied  # passwords are set by our own verbs only

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **hook: Any) -> HttpResponse | None:
        """Only residents whose account may be used; staff never come in by the residents' door."""
        clock = request.clock  # type: ignore[attr-defined]
        if isinstance(user, Account) and user.kind == AccountKind.RESIDENT and is_usable(user, clock.today()):
            return None
        refuse_sign_in(by=VISITOR, sign_in_name=getattr(user, "public_id", ""), why="locked")
        clear_login(request)
        return self.respond_user_inactive(request, user)  # type: ignore[no-any-return]

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        if not isinstance(user, Account):
            raise PermissionDenied
        records = get_authentication_records(request, user)
        shown = str(records[-1].get("method", "")) if records else ""
        method = {"password": SignInMethod.PASSWORD, "mfa": SignInMethod.PASSKEY}.get(shown, SignInMethod.MAIL_CODE)
        begin_session(request, user, method=method)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        refuse_sign_in(by=VISITOR, sign_in_name=str(credentials.get("email", "")), why="wrong")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return resident_front()

    get_signup_redirect_url = get_login_redirect_url

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return resident_front()

    def is_safe_url(self, url: str) -> bool:
        return bool(url) and safe_return(context.request, url, otherwise="") == url

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Our own pages ask again before (``resident_confirmed_only``)."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, {**context, "town": settings.TOWN})
        except (OSError, SMTPException) as fault:
            raise MailNotSent from fault

    def send_account_already_exists_mail(self, email: str) -> None:
        address = build_absolute_uri(context.request, reverse("resident-sign-in"))
        self.send_mail("account/email/account_already_exists", email, {"sign_in_url": address})

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """The library's own messages are left out: our pages say what happened."""
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library is untyped
    """Passkeys, authenticator apps and printed lists: sealed secrets, Japanese names."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def is_mfa_enabled(self, user: AbstractBaseUser, types: Any = None) -> bool:
        """For residents a passkey is another way in, never a second lock: a lost telephone must not lock them out."""
        if isinstance(user, Account) and user.kind == AccountKind.RESIDENT:
            return False
        return bool(super().is_mfa_enabled(user, types))

    def get_totp_issuer(self) -> str:
        return f"{settings.TOWN.name} 庁内"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("パスキー %(number)d") % {"number": number} if number > 1 else pgettext("sign-in", "パスキー")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.TOWN.name}

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        """What the telephone lists beside the key, so that people with two accounts pick the right one."""
        if not isinstance(user, Account):
            return str(user)
        return f"庁内 {user.sign_in_name}" if user.kind == AccountKind.STAFF else user.email or str(user)
