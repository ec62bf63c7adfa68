"""Where somebody goes after signing in who asked for no page."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse


def office_front() -> str:
    """The clerk's home; where it is switched off, one's own account."""
    try:
        return reverse("office-home")
    except NoReverseMatch:
        return reverse("office-account")


def resident_front() -> str:
    """The resident's home; where it is switched off, one's own account."""
    try:
        return reverse("resident-home")
    except NoReverseMatch:
        return reverse("resident-account")
