"""`{% load ui %}`: what templates and components ask of the user interface engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.html import conditional_escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from yakuba.kernel.ui.forms import era_words
from yakuba.kernel.ui.icons import icon as draw_icon
from yakuba.kernel.ui.language import LANGUAGES, Language, html_language
from yakuba.kernel.ui.presentation import FieldPresentation, SummaryLine, error_lines, present
from yakuba.kernel.ui.town import TownLook, stylesheet_version, town_look

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """`{% icon "check" %}`, `{% icon "info" "small" %}`, `{% icon "print" label="印刷" %}`."""
    return draw_icon(name, size, label)


@register.simple_tag
def html_lang() -> str:
    """Value of `<html lang>`: `ja` also for やさしい日本語, which is no language code of its own."""
    return html_language(get_language())


@register.simple_tag
def town() -> TownLook:
    """The town as layouts show it."""
    return town_look()


def _face(context: Context) -> str:
    face = str(getattr(context.get("request"), "face", "") or "public")
    return face if face in ("public", "resident", "office") else "public"


@register.simple_tag(takes_context=True)
def town_stylesheet_url(context: Context) -> str:
    """Address of the town's stylesheet on this face's own host."""
    face = _face(context)
    name = "ui:town-css" if face == "public" else f"ui:{face}-town-css"
    return f"{reverse(name)}?v={stylesheet_version()}"


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[dict[str, object]]:
    """The languages with the address that switches to each and comes back to this page."""
    request = context.get("request")
    here = request.get_full_path() if request is not None and request.method in ("GET", "HEAD") else "/"
    face = _face(context)
    name = "ui:resident-language" if face == "resident" else "ui:language"
    chosen = get_language()

    def link(language: Language) -> dict[str, object]:
        return {
            "url": f"{reverse(name)}?{urlencode({'code': language.code, 'next': here})}",
            "name": language.name,
            "lang": language.html,
            "current": language.code == chosen,
        }

    return [link(language) for language in LANGUAGES]


@register.simple_tag
def url_or_nothing(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a view that may be switched off in this town; "" if it is."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.simple_tag
def html_attributes(attrs: Mapping[str, Any]) -> SafeString:
    """The attributes a component was given beyond its own, each value escaped (cotton's own `{{ attrs }}` is not)."""
    parts = []
    shown = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else attrs
    for name, value in shown.items():
        if not str(name).replace("-", "").replace("_", "").replace(":", "").isalnum() or str(name).startswith("on"):
            continue
        if value is True:
            parts.append(conditional_escape(name))
        elif value is not None and value is not False:
            parts.append(format_html('{}="{}"', name, value))
    return mark_safe(" ".join(parts))  # noqa: S308  every part is escaped above


@register.filter
def presented(field: BoundField) -> FieldPresentation:
    """The presentation of a bound form field."""
    return present(field)


@register.simple_tag
def present_field(field: BoundField, help_text: str = "") -> FieldPresentation:
    """The presentation of a bound form field with another help text."""
    return present(field, help_text=help_text)


@register.filter
def error_lines_of(form: BaseForm) -> list[SummaryLine]:
    """Every error of a form with its target."""
    return error_lines(form)


@register.filter
def wareki(value: date | datetime | None) -> str:
    """`令和8年4月1日` of a day, or of a moment as Tokyo sees it; "" for nothing."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return era_words(value) if isinstance(value, date) else ""


@register.filter
def day(value: date | datetime | None) -> str:
    """A day as readers of the page's language write it: `令和8年4月1日`, in English `2026-04-01`; "" for nothing."""
    if (get_language() or "ja").startswith("ja") or value is None:
        return wareki(value)
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value.isoformat()


@register.filter
def safe_address(value: object) -> str:
    """An address fit for `href`: a path, a fragment, mail, telephone or http(s); anything else becomes `#`."""
    text = iri_to_uri(str(value or "").strip()) or "#"
    head = text.split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]
    if ":" in head and head.split(":", 1)[0].lower() not in ("http", "https", "mailto", "tel"):
        return "#"
    return text
