"""Enforces what every view declares; closed by default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yakuba.kernel.access.faces import Face, declaration_of
from yakuba.kernel.access.person import PersonKind
from yakuba.kernel.access.while_reading import reading

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class AccessMiddleware:
    """Refuses undeclared views (403), faces this process does not serve (404), and persons the rule does not allow.

    A visitor is led to the sign-in of the face; somebody signed in without the right sees a 403 page that says who may.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return self.get_response(request)
        with reading():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        declared = declaration_of(view)
        if declared is None:
            raise PermissionDenied("このページは公開の設定がありません。")
        if declared.face not in settings.YAKUBA_FACES:
            raise Http404
        host = settings.YAKUBA_FACE_HOSTS.get(declared.face)
        if host and request.get_host().partition(":")[0] != host:
            raise Http404
        request.face = declared.face  # type: ignore[attr-defined]
        person = request.person  # type: ignore[attr-defined]
        if not declared.rule.allows(person):
            if person.kind is PersonKind.VISITOR and request.method in SAFE_METHODS:
                return _to_sign_in(request, declared.face)
            raise PermissionDenied(f"この操作ができるのは「{declared.rule.words}」です。")
        if person.is_read_only and request.method not in SAFE_METHODS and not declared.auditor_may_post:
            raise PermissionDenied("監査の席は閲覧専用です。記録を変える操作はできません。")
        return None


def _to_sign_in(request: HttpRequest, face: Face) -> HttpResponse:
    name = "office-sign-in" if face in (Face.OFFICE, Face.DEVICE) else "resident-sign-in"
    if face is Face.MACHINE:
        raise PermissionDenied("認証が必要です。")
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")
