"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yakuba.kernel.home.api import office_menu
from yakuba.kernel.identity.api import office_tools
from yakuba.kernel.parameters.api import is_sample_town


def town_hall(request: HttpRequest) -> dict[str, Any]:
    """Town, acting person, today, and the office's menu for those who have a seat."""
    person = getattr(request, "person", None)
    clock = getattr(request, "clock", None)
    in_office = request.path_info.startswith("/office/")
    return {
        "town": settings.TOWN,
        "person": person,
        "today": clock.today() if clock else None,
        "is_sample_town": is_sample_town() if clock else False,
        "office_tools": office_tools(request) if person and in_office else None,
        "office_menu": office_menu(person, request.path_info) if person and in_office else [],
    }
