"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from yakuba.kernel.home.api import office_menu, public_doors
from yakuba.kernel.identity.api import office_tools
from yakuba.kernel.parameters.api import is_sample_town


def town_hall(request: HttpRequest) -> dict[str, Any]:
    """Town, acting person, today, the office's menu for those who have a seat, the doors of public pages."""
    person = getattr(request, "person", None)
    clock = getattr(request, "clock", None)
    in_office = request.path_info.startswith("/office/")
    return {
        "town": settings.TOWN,
        "person": person,
        "today": clock.today() if clock else None,
        "is_sample_town": is_sample_town() if clock else False,
        "office_tools": office_tools(request) if person and in_office else None,
        "site_doors": [] if in_office else public_doors(request.path_info, get_language() or "ja"),
        "office_menu": office_menu(person, request.path_info) if person and in_office else [],
    }
