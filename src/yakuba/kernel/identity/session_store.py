"""Sessions in Django's table, under a digest of their key: who reads the database cannot go on with anybody's session."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import salted_hmac


def row_key(session_key: str) -> str:
    """What stands in the database for a session key (the value of the cookie): a keyed digest, 40 characters."""
    return salted_hmac("yakuba.session", session_key, algorithm="sha256").hexdigest()[:40]


class SessionStore(DatabaseStore):
    """``session_key`` is what the browser holds; only its digest is ever compared with, or written to, the database."""

    def _get_session_from_db(self) -> Session | None:
        found = Session.objects.filter(session_key=row_key(str(self.session_key)), expire_date__gt=timezone.now())
        session = found.first()
        if session is None:
            self._session_key = None
        return session

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=row_key(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session: Session = super().create_model_instance(data)  # type: ignore[assignment]
        session.session_key = row_key(session.session_key)
        return session

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=row_key(key)).delete()

    # Nothing here is asked asynchronously; inherited, these would go by the key itself.

    async def _aget_session_from_db(self) -> Session | None:
        return await sync_to_async(self._get_session_from_db)()

    async def aexists(self, session_key: str) -> bool:
        return await sync_to_async(self.exists)(session_key)

    async def acreate_model_instance(self, data: dict[str, Any]) -> Session:
        return await sync_to_async(self.create_model_instance)(data)

    async def adelete(self, session_key: str | None = None) -> None:
        await sync_to_async(self.delete)(session_key)
