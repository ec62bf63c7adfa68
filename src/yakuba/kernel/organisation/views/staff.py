"""The directory of staff, and a person's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yakuba.kernel.access.api import Face, Person, Role, office_seat, page
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.japan.api import fold
from yakuba.kernel.organisation.access import get_for, may_edit, sees_records, visible_to
from yakuba.kernel.organisation.models import Deputy, Employment, Posting, RoleGrant, Staff
from yakuba.kernel.organisation.models.validity import not_over_on, valid_on
from yakuba.kernel.organisation.queries import deputies_of, postings_of, roles_of, sections_on
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing, Searched

_RECORD = viewing("organisation.staff_record", label="職員の人事項目の閲覧")
#: By how the directory with its personnel columns leaves the database.
_DIRECTORY = {
    "page": viewing("organisation.staff_page", label="職員名簿（人事項目）の閲覧"),
    "csv": viewing("organisation.staff_csv", label="職員名簿（人事項目）の書き出し（CSV）"),
    "xlsx": viewing("organisation.staff_xlsx", label="職員名簿（人事項目）の書き出し（Excel）"),
}


def person_url(staff: Staff) -> str:
    return reverse("organisation-person", args=[staff.public_id])


_NAME = Column("name", "氏名", "name", sort="name_kana", search=(Searched("search_key", fold),), url=person_url)
_KANA = Column("kana", "ふりがな", "name_kana", sort="name_kana")
_SECTION = Column(
    "section",
    "所属",
    lambda staff: " ".join(name for name in (staff.section_above, staff.section_name) if name),
    sort=("section_order", "section_code"),
)
_POST = Column("post", "職", "post_title", sort="post_rank")
_PHONE = Column("phone", "電話", "section_phone")
_MAIL = Column("mail", "メール", "mail", kind=Kind.WIDE)

_RECORDS = (
    Column("number", "職員番号", "number", sort="number"),
    _NAME,
    _KANA,
    _SECTION,
    _POST,
    Column("employment", "任用の種類", "get_employment_display", sort="employment"),
    Column("joined", "採用日", "joined_on", sort="joined_on", kind=Kind.DATE),
    Column(
        "last_day",
        "最後の在職日",
        lambda staff: staff.leaves_on and staff.leaves_on - timedelta(days=1),
        sort="leaves_on",
        kind=Kind.DATE,
    ),
)


def _section_choices(day: date) -> list[tuple[str, str]]:
    rows = sections_on(day).order_by("order", "code")
    return [(row.public_id, f"{row.parent.name} › {row.name}" if row.parent else row.name) for row in rows]


def _directory(day: date, records: bool) -> Listing:
    """The listing as this reader may see it."""
    by_section = Filter("section", "所属", lambda: _section_choices(day), apply="section_id_public")
    if not records:
        return Listing(
            name="staff",
            title="職員名簿",
            columns=(_NAME, _KANA, _SECTION, _POST, _PHONE, _MAIL),
            filters=(by_section,),
            order=("section_order", "section_code", "-post_rank", "number"),
        )
    states = Filter(
        "state",
        "在職",
        [("in", "在職中"), ("coming", "採用予定"), ("left", "退職者")],
        apply=lambda rows, value: rows.filter(_in_state(value, day)),
        default="in",
    )
    kinds = Filter("employment", "任用の種類", list(Employment.choices), apply="employment")
    return Listing(
        name="staff",
        title="職員名簿",
        columns=_RECORDS,
        filters=(by_section, states, kinds),
        order=("section_order", "section_code", "-post_rank", "number"),
    )


def _in_state(value: str, day: date) -> Q:
    return {
        "in": valid_on(day, start="joined_on", end="leaves_on"),
        "coming": Q(joined_on__gt=day),
        "left": Q(leaves_on__lte=day),
    }[value]


def _with_posting(rows: QuerySet[Staff], day: date) -> QuerySet[Staff]:
    """Each person with the main posting of the day, read in the same query."""
    main = Posting.objects.filter(valid_on(day), staff=OuterRef("pk"), is_main=True)

    def of(path: str) -> Subquery:
        return Subquery(main.values(path)[:1])

    return rows.annotate(
        section_name=of("section__name"),
        section_above=of("section__parent__name"),
        section_order=of("section__order"),
        section_code=of("section__code"),
        section_phone=of("section__phone"),
        section_id_public=of("section__public_id"),
        post_title=of("post__title"),
        post_rank=of("post__rank"),
    )


@page(Face.OFFICE, may=office_seat)
def directory(request: HttpRequest) -> HttpResponse:
    """The directory: work data for every office seat; with numbers and terms (logged) for those who keep records."""
    asking: Any = request
    day = asking.clock.today()
    records = sees_records(asking.person)

    def shown(things: Sequence[Staff], how: str) -> None:
        record_view(by=asking.person, subjects=things, what=_DIRECTORY[how])

    return _directory(day, records).answer(
        request,
        _with_posting(visible_to(asking.person, day), day),
        template="organisation/directory.html",
        context={"may_edit": may_edit(asking.person), "records": records},
        on_show=shown if records else None,
    )


@page(Face.OFFICE, may=office_seat)
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """A person: post and deputies for everybody; history, roles with ground and terms for those who keep records.

    Somebody's own page shows everything too. Looking at another person's record is logged.
    """
    asking: Any = request
    day = asking.clock.today()
    staff = get_for(asking.person, public_id, day)
    is_own = asking.person.staff_id == staff.pk
    in_full = sees_records(asking.person) or is_own
    if in_full and not is_own:
        record_view(by=asking.person, subjects=[staff], what=_RECORD)
    postings = postings_of(staff, day)
    context: dict[str, Any] = {
        "staff": staff,
        "day": day,
        "in_full": in_full,
        "postings": postings,
        "deputies": deputies_of(staff, day),
        "crumbs": [
            {"title": "組織と職員", "url": reverse("organisation-chart")},
            {"title": "職員名簿", "url": reverse("organisation-directory")},
            {"title": staff.name},
        ],
    }
    if in_full:
        context |= _record(staff, day, postings, asking.person)
    return render(request, "organisation/person.html", context)


def _record(staff: Staff, day: date, postings: list[Posting], reader: Person) -> dict[str, Any]:
    history = list(
        Posting.objects.filter(staff=staff).select_related("section", "post").order_by("-starts_on", "-is_main")
    )
    grants = list(RoleGrant.objects.filter(staff=staff).order_by("-starts_on"))
    edits = may_edit(reader)
    return {
        "state": _state(staff, day),
        "last_day": staff.leaves_on and staff.leaves_on - timedelta(days=1),
        "history": [
            {
                "posting": one,
                "last_day": one.ends_on and one.ends_on - timedelta(days=1),
                "state": _period_state(one.starts_on, one.ends_on, day),
                "may_end": edits and not one.is_main and (one.ends_on is None or one.ends_on > day),
                "may_withdraw": edits and one.starts_on > day and len(history) > 1,
            }
            for one in history
        ],
        "roles": sorted(role.label for role in roles_of(staff, day, postings) if role is not Role.STAFF),
        "grants": [
            {
                "grant": one,
                "last_day": one.ends_on and one.ends_on - timedelta(days=1),
                "state": _period_state(one.starts_on, one.ends_on, day),
                "may_end": edits and (one.ends_on is None or one.ends_on > day),
            }
            for one in grants
        ],
        "all_deputies": [
            {
                "deputy": one,
                "last_day": one.ends_on and one.ends_on - timedelta(days=1),
                "state": _period_state(one.starts_on, one.ends_on, day),
                "may_end": edits and (one.ends_on is None or one.ends_on > day),
            }
            for one in Deputy.objects.filter(not_over_on(day), staff=staff).select_related("deputy").order_by("order")
        ],
        "stands_in_for": list(
            Deputy.objects.filter(valid_on(day), deputy=staff).select_related("staff").order_by("staff__number")
        ),
        "acts": _acts_for(staff, day) if edits else [],
        "may_edit": edits,
    }


def _state(staff: Staff, day: date) -> dict[str, str]:
    if staff.joined_on > day:
        return {"kind": "info", "words": "採用予定"}
    if staff.leaves_on is not None and staff.leaves_on <= day:
        return {"kind": "warning", "words": "退職"}
    if staff.leaving:
        return {"kind": "warning", "words": f"{staff.get_leaving_display()}予定"}
    return {"kind": "success", "words": "在職中"}


def _period_state(starts_on: date, ends_on: date | None, day: date) -> dict[str, str]:
    if starts_on > day:
        return {"kind": "info", "words": "予定"}
    if ends_on is not None and ends_on <= day:
        return {"kind": "", "words": "終了"}
    return {"kind": "success", "words": "現在"}


_TITLES = (
    ("transfer", "異動"),
    ("concurrent", "兼務"),
    ("grant", "権限の任命"),
    ("deputy", "代決者の指定"),
    ("renew", "任期の更新"),
    ("leave", "退職"),
    ("withdraw-leaving", "退職の取消し"),
    ("correct", "記録の訂正"),
)


def _acts_for(staff: Staff, day: date) -> list[dict[str, str]]:
    if staff.leaves_on is not None and staff.leaves_on <= day:
        wanted = {"correct"}
    else:
        wanted = {"transfer", "concurrent", "grant", "deputy", "leave", "correct"}
        if staff.leaves_on is not None:
            wanted.add("renew")
        if staff.leaving and staff.employment != Employment.FISCAL_YEAR:
            wanted.add("withdraw-leaving")
            wanted.discard("leave")
    return [
        {"title": title, "url": reverse("organisation-person-act", args=[staff.public_id, act])}
        for act, title in _TITLES
        if act in wanted
    ]
