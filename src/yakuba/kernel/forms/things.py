"""How other apps may point at forms."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from yakuba.kernel.forms import models
from yakuba.kernel.forms.access import may_see_filling, visible_to
from yakuba.kernel.things.api import describe


def _url(version: models.FormVersion) -> str:
    try:
        return reverse("office-form-version", args=[version.public_id])
    except NoReverseMatch:
        return ""


describe(
    kind="forms.form",
    label="様式",
    model=models.Form,
    title=str,
    url=lambda one: "",
    gate=lambda person, one: visible_to(person).filter(pk=one.pk).exists(),
    snapshot=lambda one: {"key": one.key, "title": one.title},
)
describe(
    kind="forms.version",
    label="様式の版",
    model=models.FormVersion,
    title=str,
    url=_url,
    gate=lambda person, one: visible_to(person).filter(pk=one.form_id).exists(),
    snapshot=lambda one: {
        "form": one.form.key,
        "number": one.number,
        "digest": one.digest,
        "law": one.law,
        "online_ground": one.online_ground,
        "signature_rule": one.signature_rule,
        "purpose": one.purpose,
    },
)
describe(
    kind="forms.filling",
    label="記入",
    model=models.Filling,
    title=lambda one: one.version.form.title,
    url=lambda one: "",
    gate=may_see_filling,
    snapshot=lambda one: {"version": one.version.public_id},
)
describe(
    kind="forms.answers",
    label="送信された答え",
    model=models.AnswerSet,
    title=lambda one: one.version.form.title,
    url=lambda one: "",
    gate=lambda person, one: one.filling is not None and may_see_filling(person, one.filling),
    snapshot=lambda one: {"digest": one.digest},
)
describe(
    kind="forms.sheet",
    label="答えから作る様式",
    model=models.FormSheet,
    title=str,
    url=lambda one: "",
    gate=lambda person, one: visible_to(person).filter(pk=one.form_id).exists(),
    snapshot=lambda one: {"form": one.form.key, "title": one.title, "kind": one.kind},
)
