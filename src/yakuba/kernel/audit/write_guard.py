"""Refuses writes to our tables outside a verb (development and tests)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings

from yakuba.kernel.audit.context import is_writing

_WRITE = re.compile(r'^\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+"?(\w+)"?', re.I)


class WriteOutsideVerb(RuntimeError):
    """A row of ours was about to be written by code that is not a verb."""


@cache
def guarded_tables() -> frozenset[str]:
    """Tables of our own apps; libraries keep theirs themselves."""
    return frozenset(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("yakuba.")
    )


_migrating = False


def migrations_begin(sender: Any, **_: Any) -> None:
    """Migrations move rows of ours without a verb: they are the program's act, logged by the upgrade."""
    global _migrating
    _migrating = True


def migrations_end(sender: Any, **_: Any) -> None:
    global _migrating
    _migrating = False


def guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not _migrating and not is_writing():
        written = _WRITE.match(sql)
        if written and written.group(1) in guarded_tables():
            raise WriteOutsideVerb(f"write to {written.group(1)} outside a verb: wrap it in a @verb service")
    return execute(sql, params, many, context)


def attach(sender: Any, connection: Any, **_: Any) -> None:
    """Put the guard on a fresh connection when the settings ask for it."""
    if settings.YAKUBA_GUARD_WRITES and guard not in connection.execute_wrappers:
        connection.execute_wrappers.append(guard)
