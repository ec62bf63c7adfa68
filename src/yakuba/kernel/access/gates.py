"""Refusals of the gates."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404


class NotVisible(Http404):
    """The object does not exist for this person. Answered like an unknown address, so nothing leaks."""


class NotAllowed(PermissionDenied):
    """The person may see the object but not do this; ``str`` says what is missing."""
