"""Pages for what went wrong. They read nothing of the request's body, which may be what was wrong with it.

Django's own error views check the CSRF token and so read the form again; a form that cannot be read then turns a
refusal into a server error.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address or the data sent cannot be read."""
    return render(request, "400.html", status=400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: this person may not do this."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing stands at this address, or nothing this person may know of."""
    return render(request, "404.html", status=404)
