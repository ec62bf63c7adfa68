"""Writing one line of a plan through the organisation's verbs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from yakuba.kernel.access.api import Person, Role
from yakuba.kernel.organisation.api import verbs
from yakuba.kernel.organisation.models import Authority, OutsideOrganisation, Post, Posting, Section, Staff
from yakuba.kernel.values.api import Refusal

Values = Mapping[str, Any]


def write_line(*, by: Person, sheet: str, action: str, values: Values) -> None:
    """Add or correct what one row says. Raises ``Refusal`` if the house changed meanwhile and no longer allows it."""
    _WRITERS[sheet](by, action == "change", values)


def _authority(by: Person, is_known: bool, values: Values) -> None:
    given = _words(values, "name", "head_title", "seal_name") | {"order": values["order"] or 0}
    if is_known:
        verbs.correct_authority(by=by, authority=_one(Authority, code=values["code"]), **given)
    else:
        verbs.found_authority(by=by, code=values["code"], **given)


def _outside(by: Person, is_known: bool, values: Values) -> None:
    given = {
        "name": values["name"],
        "kind": values["kind"],
        "starts_on": _day(values["starts_on"]),
        "ends_on": _after(values["last_day"]),
    }
    if is_known:
        found = _one(OutsideOrganisation, name=values["name"])
        verbs.correct_outside_organisation(by=by, organisation=found, **given)
    else:
        verbs.admit_outside_organisation(by=by, **given)


def _section(by: Person, is_known: bool, values: Values) -> None:
    parent = _standing(values["parent"]) if values["parent"] else None
    given = _words(values, "name", "name_kana", "phone", "duties") | {
        "kind": values["kind"],
        "authority": _one(Authority, code=values["authority"]),
        "parent": parent,
        "starts_on": _day(values["starts_on"]),
        "order": values["order"] or 0,
    }
    if is_known:
        section = _standing(values["code"])
        verbs.correct_section(by=by, section=section, version=section.version, **given)
    else:
        verbs.found_section(by=by, code=values["code"], **given)


def _post(by: Person, is_known: bool, values: Values) -> None:
    given = {
        "title": values["title"],
        "rank": values["rank"] or 0,
        "role": Role(values["role"]) if values["role"] else None,
    }
    if is_known:
        verbs.correct_post(by=by, post=_one(Post, title=values["title"]), **given)
    else:
        verbs.define_post(by=by, **given)


def _staff(by: Person, is_known: bool, values: Values) -> None:
    organisation = _one(OutsideOrganisation, name=values["organisation"]) if values["organisation"] else None
    given = _words(values, "name", "name_kana", "mail") | {
        "employment": values["employment"],
        "joined_on": _day(values["joined_on"]),
        "organisation": organisation,
    }
    if is_known:
        staff = _one(Staff, number=values["number"])
        verbs.correct_staff(by=by, staff=staff, version=staff.version, **given)
    else:
        verbs.record_staff(by=by, number=values["number"], leaves_on=_after(values["last_day"]), **given)


def _posting(by: Person, is_known: bool, values: Values) -> None:
    staff = _one(Staff, number=values["number"])
    given = {
        "section": _standing(values["section"]),
        "post": _one(Post, title=values["post"]),
        "starts_on": _day(values["starts_on"]),
        "ends_on": _after(values["last_day"]),
        "is_main": values["is_main"] == "main",
    }
    if is_known:
        posting = _one(Posting, staff=staff, is_main=given["is_main"], starts_on=given["starts_on"])
        verbs.correct_posting(by=by, posting=posting, ground=posting.ground, **given)
    else:
        verbs.post_staff(by=by, staff=staff, **given)


def _grant(by: Person, is_known: bool, values: Values) -> None:
    verbs.grant_role(
        by=by,
        staff=_one(Staff, number=values["number"]),
        role=Role(values["role"]),
        starts_on=_day(values["starts_on"]),
        ends_on=_after(values["last_day"]),
        ground=values["ground"] or "",
    )


def _deputy(by: Person, is_known: bool, values: Values) -> None:
    verbs.appoint_deputy(
        by=by,
        staff=_one(Staff, number=values["number"]),
        deputy=_one(Staff, number=values["deputy"]),
        order=values["order"] or 1,
        starts_on=_day(values["starts_on"]),
        ends_on=_after(values["last_day"]),
    )


_WRITERS: dict[str, Callable[[Person, bool, Values], None]] = {
    "執行機関": _authority,
    "外部団体": _outside,
    "所属": _section,
    "職": _post,
    "職員": _staff,
    "発令": _posting,
    "権限": _grant,
    "代決": _deputy,
}


def _one(model: Any, **key: Any) -> Any:
    """The stored row of that key; raises ``Refusal`` if it went away since the check."""
    found = model.objects.filter(**key).first()
    if found is None:
        named = "、".join(str(value) for value in key.values())
        raise Refusal(f"「{named}」が見つかりません。", hint="もう一度ブックを送って、確認からやり直してください。")
    return found


def _standing(code: str) -> Section:
    """The section of that code that stands."""
    section: Section = _one(Section, code=code, ends_on__isnull=True)
    return section


def _words(values: Values, *names: str) -> dict[str, Any]:
    return {name: values[name] or "" for name in names}


def _day(written: str) -> date:
    return date.fromisoformat(written)


def _after(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written) + timedelta(days=1)
