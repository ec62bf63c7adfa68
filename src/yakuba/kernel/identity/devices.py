"""Which machine of the town hall a request comes from: a signed cookie names it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from yakuba.kernel.identity.models import Device

COOKIE = "yakuba_device"
_AGE = timedelta(days=400)


def device_of(request: HttpRequest) -> Device | None:
    """The device of a request; ``None`` without a cookie of ours or with one somebody wrote himself."""
    text = request.COOKIES.get(COOKIE, "")
    try:
        public_id = _signer().unsign(text[:200], max_age=_AGE)
    except BadSignature:
        return None
    return Device.objects.filter(public_id=public_id).first()


def keep_device(response: HttpResponseBase, device: Device) -> None:
    """Let the browser name this device from now on; only to office pages."""
    response.set_cookie(
        COOKIE,
        _signer().sign(device.public_id),
        max_age=_AGE,
        path="/office/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="yakuba.device")
