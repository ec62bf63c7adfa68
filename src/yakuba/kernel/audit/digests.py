"""Keyed digests: what an event says about content without containing it."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import models

from yakuba.kernel.things.api import ref_of


def plain(value: Any) -> Any:
    """Any argument of a verb as plain JSON, stable from run to run; objects become their address."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, models.Model):
        return str(ref_of(value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, AbstractSet):
        return sorted((plain(one) for one in value), key=str)
    if isinstance(value, Sequence):
        return [plain(one) for one in value]
    return str(type(value).__name__)


def keyed(text: bytes) -> str:
    """HMAC-SHA256 with the audit key, in hexadecimal."""
    return hmac.new(settings.YAKUBA_AUDIT_KEY, text, hashlib.sha256).hexdigest()


def digest_of(arguments: Mapping[str, Any]) -> str:
    """Keyed digest of a verb's arguments."""
    return keyed(json.dumps(plain(arguments), ensure_ascii=False, sort_keys=True).encode())
