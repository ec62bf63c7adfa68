"""Addresses of the town hall, by face: ``/`` public, ``/my/`` resident, ``/office/`` office, ``/api/`` machines."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from yakuba.kernel.parameters.town_profile import INITIATIVES

#: Kernel engines that have pages.
_ENGINES = (
    "ui",
    "audit",
    "jobs",
    "parameters",
    "organisation",
    "identity",
    "people",
    "search",
    "files",
    "paper",
    "notify",
    "approval",
    "forms",
    "catalogue",
    "cases",
    "firstweek",
    "yearturn",
    "kpi",
    "operations",
    "home",
)


def _of(package: str) -> list[URLPattern | URLResolver]:
    if not find_spec(f"yakuba.{package}") or not find_spec(f"yakuba.{package}.urls"):
        return []
    return [path("", include(f"yakuba.{package}.urls"))]


urlpatterns: list[URLPattern | URLResolver] = []
for engine in _ENGINES:
    urlpatterns += _of(f"kernel.{engine}")
for initiative in INITIATIVES:
    if settings.TOWN.is_on(initiative):
        urlpatterns += _of(initiative)
if settings.TOWN.is_on("residents.procedures"):
    urlpatterns += _of("residents.card_support")  # a part of 1-①, switched with it

handler400 = "yakuba.site.failures.unreadable"
handler403 = "yakuba.site.failures.not_allowed"
handler404 = "yakuba.site.failures.not_found"
