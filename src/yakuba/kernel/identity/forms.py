"""What people type to sign in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password

from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.passwords import LONGEST_PASSWORD
from yakuba.kernel.identity.rules.pin import LONGEST, SHORTEST, fault_of_pin
from yakuba.kernel.identity.rules.steps import folded_sign_in_name
from yakuba.kernel.ui.api import DateField, TownForm


class OfficeSignInForm(TownForm):
    """職員番号 and password. What is wrong is never said more precisely than that one of both is."""

    number = forms.CharField(
        label="職員番号",
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false", "inputmode": "text"}
        ),
        error_messages={"required": "職員番号を入力してください。"},
    )
    password = forms.CharField(
        label="パスワード",
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={
            "required": "パスワードを入力してください。",
            "max_length": "パスワードが長すぎます。もう一度入力してください。",
        },
    )
    is_shared = forms.BooleanField(label="この端末は共用です（窓口・会議室など）", required=False)


class CodeForm(TownForm):
    """A code of the authenticator app or an entry of the printed list."""

    code = forms.CharField(
        label="確認の番号",
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "input--short",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": "番号を入力してください。"},
    )

    def __init__(self, *args: Any, label: str = "", help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = label or self.fields["code"].label
        self.fields["code"].help_text = help_text


class NewPasswordForm(TownForm):
    """A new password, typed twice; with ``asks_old`` also the present one."""

    old = forms.CharField(
        label="今のパスワード",
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "今のパスワードを入力してください。"},
    )
    new = forms.CharField(
        label="新しいパスワード",
        max_length=LONGEST_PASSWORD,
        strip=False,
        help_text="12文字以上。短い文や、つながりのない言葉を並べたものが覚えやすく安全です。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={
            "required": "新しいパスワードを入力してください。",
            "max_length": f"パスワードは{LONGEST_PASSWORD}文字までです。",
        },
    )
    again = forms.CharField(
        label="新しいパスワード（もう一度）",
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "確かめのため、もう一度入力してください。"},
    )

    def __init__(self, *args: Any, account: Account, asks_old: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        if not asks_old:
            del self.fields["old"]

    def clean_old(self) -> str:
        typed = str(self.cleaned_data["old"])
        if not check_password(typed, self.account.password):
            raise forms.ValidationError("今のパスワードが違います。")
        return typed

    def clean_new(self) -> str:
        typed = str(self.cleaned_data["new"])
        if check_password(typed, self.account.password):
            raise forms.ValidationError("今のパスワードと同じです。別のものにしてください。")
        validate_password(typed, self.account)
        return typed

    def clean_again(self) -> str:
        typed = str(self.cleaned_data["again"])
        if "new" in self.cleaned_data and typed != self.cleaned_data["new"]:
            raise forms.ValidationError("二つの新しいパスワードが違います。")
        return typed


class PasswordForm(TownForm):
    """The present password, to confirm who sits there."""

    password = forms.CharField(
        label="パスワード",
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "パスワードを入力してください。"},
    )


class PasskeyNameForm(TownForm):
    """The name of a passkey."""

    name = forms.CharField(
        label="名前",
        max_length=60,
        help_text="例：公用スマートフォン、青いFIDOキー",
        error_messages={"required": "名前を入力してください。"},
    )


class PinForm(TownForm):
    """The PIN of a shared device, to open it."""

    pin = forms.CharField(
        label="この端末の暗証番号",
        max_length=20,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "input--short"}),
    )


class NewPinForm(TownForm):
    """A new PIN for this device, typed twice."""

    pin = forms.CharField(
        label="新しい暗証番号",
        max_length=20,
        help_text=f"数字{SHORTEST}〜{LONGEST}けた。誕生日や職員番号は避けてください。",
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "input--short"}),
        error_messages={"required": "暗証番号を入力してください。"},
    )
    again = forms.CharField(
        label="新しい暗証番号（もう一度）",
        max_length=20,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "input--short"}),
        error_messages={"required": "確かめのため、もう一度入力してください。"},
    )

    def __init__(self, *args: Any, number: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = number

    def clean_pin(self) -> str:
        typed = folded_sign_in_name(str(self.cleaned_data["pin"]))
        fault = fault_of_pin(typed)
        if not fault and typed in (self.number, self.number.zfill(SHORTEST)):
            fault = "職員番号と同じものは使えません。"
        if fault:
            raise forms.ValidationError(fault)
        return typed

    def clean_again(self) -> str:
        typed = folded_sign_in_name(str(self.cleaned_data["again"]))
        if "pin" in self.cleaned_data and typed != self.cleaned_data["pin"]:
            raise forms.ValidationError("二つの暗証番号が違います。")
        return typed


class LockForm(TownForm):
    """From which day on an account is locked, and why."""

    from_day = DateField(label="この日の0時から停止", error_messages={"required": "日付を入力してください。"})
    reason = forms.CharField(
        label="理由",
        max_length=200,
        error_messages={"required": "理由を入力してください。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class DeviceForm(TownForm):
    """Name and use of a device."""

    name = forms.CharField(
        label="端末の名前",
        max_length=60,
        help_text="例：町民課 窓口1",
        error_messages={"required": "名前を入力してください。"},
    )
    is_shared = forms.BooleanField(label="共用の端末", required=False)
