"""What is stored already, in the words of the sheets."""

from __future__ import annotations

from datetime import date, timedelta

from yakuba.kernel.firstweek.rules.lines import Key, Stored, Values
from yakuba.kernel.organisation.models import (
    Authority,
    Deputy,
    OutsideOrganisation,
    Post,
    Posting,
    RoleGrant,
    Section,
    Staff,
)
from yakuba.kernel.organisation.rules.sections import StandingSection
from yakuba.kernel.values.api import Period


def stored_organisation() -> Stored:
    """The whole organisation as rows by sheet and key."""
    rows: dict[str, dict[Key, Values]] = {
        "執行機関": {
            (one.code,): {
                "code": one.code,
                "name": one.name,
                "head_title": one.head_title,
                "seal_name": one.seal_name,
                "order": one.order,
            }
            for one in Authority.objects.all()
        },
        "外部団体": {
            (one.name,): {
                "name": one.name,
                "kind": one.kind,
                "starts_on": one.starts_on,
                "last_day": _last_day(one.ends_on),
            }
            for one in OutsideOrganisation.objects.all()
        },
        "所属": _sections(),
        "職": {(one.title,): {"title": one.title, "rank": one.rank, "role": one.role} for one in Post.objects.all()},
        "職員": {
            (one.number,): {
                "number": one.number,
                "name": one.name,
                "name_kana": one.name_kana,
                "employment": one.employment,
                "joined_on": one.joined_on,
                "last_day": _last_day(one.leaves_on),
                "mail": one.mail,
                "organisation": one.organisation.name if one.organisation else None,
            }
            for one in Staff.objects.select_related("organisation")
        },
        "発令": _postings(),
        "権限": _grants(),
        "代決": _deputies(),
    }
    past = [
        StandingSection(
            key=row.pk,
            code=row.code,
            name=row.name,
            kind=row.kind,
            parent=None if row.parent_id is None else f"past {row.parent_id}",
            period=Period(row.starts_on, row.ends_on),
        )
        for row in Section.objects.filter(ends_on__isnull=False)
    ]
    return Stored(rows=rows, past_sections=past)


def _sections() -> dict[Key, Values]:
    rows = Section.objects.filter(ends_on__isnull=True).select_related("authority", "parent")
    return {
        (one.code,): {
            "code": one.code,
            "name": one.name,
            "name_kana": one.name_kana,
            "kind": one.kind,
            "authority": one.authority.code,
            "parent": one.parent.code if one.parent else None,
            "starts_on": one.starts_on,
            "phone": one.phone,
            "duties": one.duties,
            "order": one.order,
        }
        for one in rows
    }


def _postings() -> dict[Key, Values]:
    found: dict[Key, Values] = {}
    for one in Posting.objects.select_related("staff", "section", "post"):
        values: Values = {
            "number": one.staff.number,
            "section": one.section.code,
            "post": one.post.title,
            "starts_on": one.starts_on,
            "last_day": None if one.ends_on == one.staff.leaves_on else _last_day(one.ends_on),
            "is_main": "main" if one.is_main else "concurrent",
        }
        found[values["number"], values["section"], values["post"], values["starts_on"]] = values
    return found


def _grants() -> dict[Key, Values]:
    found: dict[Key, Values] = {}
    for one in RoleGrant.objects.select_related("staff"):
        values: Values = {
            "number": one.staff.number,
            "role": one.role,
            "starts_on": one.starts_on,
            "last_day": None if one.ends_on == one.staff.leaves_on else _last_day(one.ends_on),
            "ground": one.ground,
        }
        found[values["number"], values["role"], values["starts_on"]] = values
    return found


def _deputies() -> dict[Key, Values]:
    found: dict[Key, Values] = {}
    for one in Deputy.objects.select_related("staff", "deputy"):
        is_natural = one.ends_on in (one.staff.leaves_on, one.deputy.leaves_on)
        values: Values = {
            "number": one.staff.number,
            "deputy": one.deputy.number,
            "order": one.order,
            "starts_on": one.starts_on,
            "last_day": None if is_natural else _last_day(one.ends_on),
        }
        found[values["number"], values["deputy"], values["starts_on"]] = values
    return found


def _last_day(ends_on: date | None) -> date | None:
    return None if ends_on is None else ends_on - timedelta(days=1)
