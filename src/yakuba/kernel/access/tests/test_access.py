"""Rules and faces: closed by default, and each refusal says who may."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from yakuba.kernel.access.api import (
    VISITOR,
    Face,
    Person,
    PersonKind,
    Role,
    Rule,
    anyone,
    declaration_of,
    office_seat,
    page,
    role,
    signed_in_resident,
    signed_in_staff,
    system_person,
)
from yakuba.kernel.access.middleware import AccessMiddleware


def person(kind: PersonKind = PersonKind.STAFF, *roles: Role) -> Person:
    return Person(id="p" * 16, name="見本", kind=kind, roles=frozenset(roles))


STAFF = person(PersonKind.STAFF, Role.STAFF)
IT = person(PersonKind.STAFF, Role.STAFF, Role.IT)
ADVISER = person(PersonKind.OUTSIDE, Role.ADVISER)
AUDITOR = person(PersonKind.OUTSIDE, Role.AUDITOR)
RESIDENT = person(PersonKind.RESIDENT)
EVERYBODY = {
    "visitor": VISITOR,
    "resident": RESIDENT,
    "staff": STAFF,
    "it": IT,
    "adviser": ADVISER,
    "auditor": AUDITOR,
    "system": system_person("jobs"),
}


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        (anyone, set(EVERYBODY)),
        (signed_in_staff, {"staff", "it"}),
        (office_seat, {"staff", "it", "adviser", "auditor"}),
        (signed_in_resident, {"resident"}),
        (role(Role.IT), {"it"}),
        (role(Role.IT, Role.AUDITOR), {"it", "auditor"}),
        (role(Role.IT) | signed_in_resident, {"it", "resident"}),
    ],
    ids=lambda one: one.words if isinstance(one, Rule) else "",
)
def test_who_a_rule_lets_in(rule: Rule, who: set[str]) -> None:
    assert {name for name, one in EVERYBODY.items() if rule.allows(one)} == who


@page(Face.OFFICE, may=role(Role.IT))
def for_it(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@page(Face.PUBLIC, may=anyone)
def for_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@page(Face.OFFICE, may=office_seat, auditor_may_post=True)
def sign_out(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@page(Face.OFFICE, may=office_seat)
def office_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@page(Face.MACHINE, may=role(Role.IT))
def for_machines(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def ask(view: Any, by: Person, method: str = "GET", host: str = "localhost", path: str = "/office/x/?a=1") -> Any:
    request = RequestFactory().generic(method, path, headers={"host": host})
    request.person = by  # type: ignore[attr-defined]
    return AccessMiddleware(view).process_view(request, view, (), {})


def test_a_view_states_its_face_and_rule() -> None:
    declared = declaration_of(for_it)
    assert declared is not None and (declared.face, declared.rule.words) == (Face.OFFICE, "情報システム担当")


def test_a_view_that_states_nothing_is_refused_even_to_it() -> None:
    with pytest.raises(PermissionDenied):
        ask(lambda request: HttpResponse("open"), IT)


def test_a_visitor_is_led_to_the_sign_in_of_the_face_and_back() -> None:
    answer = ask(for_it, VISITOR)
    assert answer.status_code == 302
    assert answer["Location"] == "/office/sign-in?next=%2Foffice%2Fx%2F%3Fa%3D1"


def test_a_visitor_who_sends_a_form_is_refused_not_led() -> None:
    with pytest.raises(PermissionDenied):
        ask(for_it, VISITOR, "POST")


def test_somebody_without_the_right_is_told_who_may() -> None:
    with pytest.raises(PermissionDenied, match="情報システム担当"):
        ask(for_it, STAFF)
    assert ask(for_it, IT) is None


def test_the_auditor_reads_and_cannot_send_anything() -> None:
    assert ask(office_page, AUDITOR) is None
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        with pytest.raises(PermissionDenied, match="閲覧専用"):
            ask(office_page, AUDITOR, method)
    assert ask(sign_out, AUDITOR, "POST") is None


def test_a_machine_is_never_led_to_a_sign_in_page() -> None:
    with pytest.raises(PermissionDenied):
        ask(for_machines, VISITOR)


def test_a_process_serves_only_its_faces(settings: Any) -> None:
    settings.YAKUBA_FACES = frozenset({Face.PUBLIC})
    assert ask(for_all, VISITOR) is None
    with pytest.raises(Http404):
        ask(for_it, IT)


def test_a_face_with_a_host_of_its_own_answers_only_there(settings: Any) -> None:
    settings.YAKUBA_FACE_HOSTS = {Face.OFFICE: "office.example"}
    settings.ALLOWED_HOSTS = ["*"]
    assert ask(for_it, IT, host="office.example:8000") is None
    with pytest.raises(Http404):
        ask(for_it, IT, host="www.example")
    assert ask(for_all, VISITOR, host="www.example") is None
