"""What people type to sign in."""

from __future__ import annotations

from django import forms

from yakuba.kernel.identity.passwords import LONGEST_PASSWORD


class OfficeSignInForm(forms.Form):
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
