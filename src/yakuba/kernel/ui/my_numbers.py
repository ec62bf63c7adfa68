"""No text that a person types keeps a My Number (個人番号): forms refuse it at its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yakuba.kernel.japan.api import find_my_numbers
from yakuba.kernel.values.api import Refusal


class TownForm(forms.Form):
    """The form every form of the town hall derives from: it refuses My Numbers (番号法第20条) before anything else looks.

    Looked at is whatever a person types, and the names of files sent with it. The `clean_…` of a refused field is not
    called, so that no log and no audit event can hold the number; the page shows what was typed, for correction.
    Passwords, one-time codes and choices are not looked at: the first two are never kept readable, the third come from
    us. The content of files is not looked at either. Forms of a library mix this class in, before the library's.
    """

    numbers_allowed: ClassVar[Mapping[str, str]] = {}
    """Fields that are not looked at either, each with the reason."""

    def fields_with_a_my_number(self) -> list[str]:
        """The names of the fields in which one was typed."""
        return [
            name
            for name, field in self.fields.items()
            if name not in self.numbers_allowed
            and is_typed(field)
            and any(find_my_numbers(text) for text in _texts(self[name].data))
        ]

    def _clean_fields(self) -> None:
        # Django's own hook: the refused fields are out of the way while the others are cleaned.
        refused = self.fields_with_a_my_number()
        fields = self.fields
        self.fields = {name: field for name, field in fields.items() if name not in refused}
        try:
            super()._clean_fields()  # type: ignore[misc]  # the stubs know public names only
        finally:
            self.fields = fields
        for name in refused:
            self.add_error(name, _refusal(fields[name]))


def is_typed(field: forms.Field) -> bool:
    """Whether a person writes freely here what is kept readable."""
    if field.disabled or isinstance(field, forms.ChoiceField | forms.BooleanField):
        return False
    is_code = field.widget.attrs.get("autocomplete") == "one-time-code"
    return not isinstance(field.widget, forms.PasswordInput) and not is_code


def without_my_number(text: str, *, field: str) -> str:
    """The text of an office page that needs no form, as it is. Raises `Refusal` when a My Number stands in it."""
    if find_my_numbers(text):
        raise Refusal(
            "個人番号（マイナンバー）とみられる12けたの番号が入っているため、登録しませんでした。",
            field=field,
            hint="番号を消して、もう一度入力してください。別の番号のときは、終わりの4けただけを書いてください。",
        )
    return text


def _texts(typed: Any) -> Iterator[str]:
    if isinstance(typed, str):
        yield typed
    elif isinstance(typed, UploadedFile):
        yield typed.name or ""
    elif isinstance(typed, list | tuple):
        for one in typed:
            yield from _texts(one)


def _refusal(field: forms.Field) -> forms.ValidationError:
    if isinstance(field, forms.FileField):
        return forms.ValidationError(
            _(
                "ファイルの名前に、個人番号（マイナンバー）とみられる12けたの番号が入っています。"
                "名前から番号を消して、もう一度選んでください。"
            ),
            code="my_number",
        )
    return forms.ValidationError(
        _(
            "個人番号（マイナンバー）とみられる12けたの番号が入っています。個人番号は、この欄には書けません。"
            "番号を消して、もう一度送ってください。別の番号のときは、終わりの4けただけを書いてください。"
        ),
        code="my_number",
    )
