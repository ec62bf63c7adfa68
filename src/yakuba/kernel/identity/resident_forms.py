"""What residents type to register and to sign in: the library's forms in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as library
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.mfa.webauthn.forms import LoginWebAuthnForm, SignupWebAuthnForm
from allauth.mfa.webauthn.internal.auth import parse_authentication_response
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yakuba.kernel.access.api import VISITOR
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.passwords import LONGEST_PASSWORD
from yakuba.kernel.identity.second_factors import read_credential
from yakuba.kernel.identity.services.sign_in import refuse_sign_in
from yakuba.kernel.ui.api import TownForm

_MAIL = {"autocomplete": "email", "inputmode": "email", "type": "email"}


def _as_mail(field: forms.Field) -> None:
    field.label = _("メールアドレス")
    field.widget.attrs = dict(_MAIL)
    field.error_messages.update(
        required=_("メールアドレスを入力してください。"),
        invalid=_("メールアドレスの形になっていません。例：hanako@example.jp"),
    )
    for validator in field.validators:
        if getattr(validator, "code", "") == "invalid":
            setattr(validator, "message", field.error_messages["invalid"])  # noqa: B010


def _as_code(field: forms.Field) -> None:
    field.label = _("確認番号（6けた）")
    field.widget.attrs = {
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "class": "input--short",
        "maxlength": "20",
    }
    field.error_messages["required"] = _("メールに書かれた番号を入力してください。")


class MailForm(TownForm, library.RequestLoginCodeForm):  # type: ignore[misc]  # the library is untyped
    """The mail address a sign-in code is sent to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_mail(self.fields["email"])

    def clean_email(self) -> str:
        """Also finds accounts whose address stands in the account alone; the code verifies it in one go."""
        mail = str(super().clean_email())
        if getattr(self, "_user", None) is not None:
            sync_user_email_address(self._user)
        return mail


class RegisterForm(TownForm, library.SignupForm):  # type: ignore[misc]
    """The mail address somebody registers with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_mail(self.fields["email"])


class LoginCodeForm(TownForm, library.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code of a sign-in mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(self.fields["code"])

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except ValidationError:
            refuse_sign_in(by=VISITOR, sign_in_name="", why="mail code")
            raise


class MailCodeForm(TownForm, library.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    """The code that verifies a mail address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_code(self.fields["code"])


class MailAndPasswordForm(TownForm, library.LoginForm):  # type: ignore[misc]
    """Mail address and password, for residents who chose one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_mail(self.fields["login"])
        password = self.fields["password"]
        password.label, password.help_text = _("パスワード"), ""
        password.widget.attrs = {"autocomplete": "current-password", "maxlength": str(LONGEST_PASSWORD)}
        password.error_messages["required"] = _("パスワードを入力してください。")

    def _setup_password_field(self) -> None:
        """The library drops the password where registering asks for none; here some residents have one."""


class NewMailForm(TownForm, library.AddEmailForm):  # type: ignore[misc]
    """The mail address to change to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_mail(self.fields["email"])
        self.fields["email"].label = _("新しいメールアドレス")


class CredentialField(forms.JSONField):
    """What a browser sends as passkey: JSON of a passkey's shape, whatever else it tries."""

    def to_python(self, value: Any) -> Any:
        found = read_credential(str(value or ""))
        if found is None:
            raise ValidationError(_("このパスキーは登録がないか、消されています。"))
        return found


class PasskeyForm(TownForm, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey shown at the residents' door. Whatever a browser makes up is refused, never an error of ours."""

    numbers_allowed = {"credential": "what the browser says of a passkey, not typed"}

    credential = CredentialField(widget=forms.HiddenInput)

    def clean_credential(self) -> Any:
        try:
            said = parse_authentication_response(self.cleaned_data["credential"])
            if not said.response.authenticator_data.is_user_verified():
                raise ValueError("a key that did not verify its person")
            return super().clean_credential()
        except (ValidationError, ValueError, TypeError, KeyError, AttributeError, OverflowError) as fault:
            refuse_sign_in(by=VISITOR, sign_in_name="", why="passkey")
            raise ValidationError(_("このパスキーは登録がないか、消されています。")) from fault


class FirstPasskeyForm(TownForm, SignupWebAuthnForm):  # type: ignore[misc]
    """The passkey made while registering."""

    numbers_allowed = {"credential": "what the browser says of a passkey, not typed"}

    credential = CredentialField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        try:
            return dict(super().clean() or {})
        except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as fault:
            raise ValidationError(_("パスキーを登録できませんでした。もう一度お試しください。")) from fault


class ResidentPasswordForm(TownForm):
    """A password of one's own, typed twice."""

    new = forms.CharField(
        label=_("新しいパスワード"),
        help_text=_("12文字以上にしてください。"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("新しいパスワードを入力してください。")},
    )
    again = forms.CharField(
        label=_("新しいパスワード（もう一度）"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("確かめのため、もう一度入力してください。")},
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_new(self) -> str:
        typed = str(self.cleaned_data["new"])
        validate_password(typed, self.account)
        return typed

    def clean_again(self) -> str:
        typed = str(self.cleaned_data["again"])
        if "new" in self.cleaned_data and typed != self.cleaned_data["new"]:
            raise ValidationError(_("二つの新しいパスワードが違います。"))
        return typed


class ResidentNameForm(TownForm):
    """How the pages address this resident."""

    name = forms.CharField(
        label=_("画面に出す名前"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class ResidentPasskeyNameForm(TownForm):
    """The name of a passkey."""

    name = forms.CharField(
        label=_("パスキーの名前"),
        help_text=_("例：わたしのスマートフォン"),
        max_length=60,
        error_messages={"required": _("名前を入力してください。")},
    )


class ConfirmByPasswordForm(TownForm):
    """The password once more, before the ways in are changed."""

    password = forms.CharField(
        label=pgettext_lazy("sign-in", "パスワード"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("パスワードを入力してください。")},
    )
