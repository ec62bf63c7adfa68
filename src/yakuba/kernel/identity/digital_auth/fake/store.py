"""What the double remembers between two requests: in memory for tests, in the shared cache for the sample town."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from typing import Any, Protocol

from django.core.cache import cache


class Store(Protocol):
    """Small values under a name, for some seconds."""

    def put(self, name: str, value: Mapping[str, Any], seconds: int) -> None: ...

    def look(self, name: str) -> dict[str, Any] | None: ...

    def take(self, name: str) -> dict[str, Any] | None:
        """The value, for the first who asks; it is gone then."""
        ...

    def claim(self, name: str, seconds: int) -> bool:
        """Whether nobody claimed this name before."""
        ...


class MemoryStore:
    """Remembers until the process ends; the seconds are kept by whoever asks."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()

    def put(self, name: str, value: Mapping[str, Any], seconds: int) -> None:
        with self._lock:
            self._kept[name] = dict(value)

    def look(self, name: str) -> dict[str, Any] | None:
        with self._lock:
            return self._kept.get(name)

    def take(self, name: str) -> dict[str, Any] | None:
        with self._lock:
            return self._kept.pop(name, None)

    def claim(self, name: str, seconds: int) -> bool:
        with self._lock:
            if name in self._kept:
                return False
            self._kept[name] = {}
            return True


class CacheStore:
    """Remembers in the cache all processes share."""

    def put(self, name: str, value: Mapping[str, Any], seconds: int) -> None:
        cache.set(_key(name), dict(value), seconds)

    def look(self, name: str) -> dict[str, Any] | None:
        found = cache.get(_key(name))
        return found if isinstance(found, dict) else None

    def take(self, name: str) -> dict[str, Any] | None:
        found = self.look(name)
        return found if found is not None and cache.delete(_key(name)) else None

    def claim(self, name: str, seconds: int) -> bool:
        return bool(cache.add(_key(name), {}, seconds))


def _key(name: str) -> str:
    return f"sample-auth:{hashlib.sha256(name.encode()).hexdigest()}"
