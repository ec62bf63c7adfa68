"""Every model says whether it holds personal data, why, and for how long."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import models

from yakuba.kernel.things.api import PersonalData

OURS = [model for model in apps.get_models() if model.__module__.startswith("yakuba.")]
#: Names of fields that hold something about a person wherever they stand.
TELLING = re.compile(r"(^|_)(mail|email|phone|birth|birthday|kana|address|password|entered_by|decided_by|actor|staff)$")


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_states_personal_data(model) -> None:
    personal = getattr(model, "personal", None)
    assert isinstance(personal, PersonalData), (
        f"{model._meta.label} needs personal = PersonalData(...) or NO_PERSONAL_DATA"
    )
    unknown = set(personal.fields) - {field.name for field in model._meta.get_fields()}
    assert not unknown, f"{model._meta.label} classifies fields it does not have: {unknown}"
    if personal.fields:
        assert personal.purpose and personal.retention, f"{model._meta.label} names no purpose or retention"
    telling = {
        field.name
        for field in model._meta.concrete_fields
        if TELLING.search(field.name) and not isinstance(field, models.BooleanField)
    }
    works = {"organisation.Section", "organisation.OutsideOrganisation"}  # telephone and reading of an office
    if model._meta.label not in works:
        assert telling <= set(personal.fields), f"{model._meta.label}: {telling - set(personal.fields)} have no class"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_no_column_could_take_a_my_number(model) -> None:
    names = {field.name for field in model._meta.get_fields()}
    assert not {name for name in names if "my_number" in name or "mynumber" in name or "kojin_bango" in name}
