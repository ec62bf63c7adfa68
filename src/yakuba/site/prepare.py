"""Preparing an installation: tables, cache, static files, and on request the sample town."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.operations.api import refuse_forgotten_move


def prepare(*, sample: bool, say: Callable[[str], object]) -> None:
    """Bring database and static files to this version; with ``sample`` fill an empty database with the sample town."""
    refuse_forgotten_move()
    if _has_open_migrations():
        say("データベースを準備しています…")
        with unaudited_writes("migrations"):
            call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0, database="cache" if "cache" in settings.DATABASES else "default")
    _collect_static(say)
    if sample:
        from yakuba.site.sample import make_sample_town, sample_town_is_due

        if sample_town_is_due():
            say("見本の町を作っています…")
            make_sample_town(say=say)


def _has_open_migrations() -> bool:
    executor = MigrationExecutor(connections["default"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _collect_static(say: Callable[[str], object]) -> None:
    """Collect, hash and compress only when a source file changed since the last time."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda one: one[0]):
            found = Path(storage.path(path))
            digest.update(f"{path}:{found.stat().st_mtime_ns}:{found.stat().st_size}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    say("画面の部品をそろえています…")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())
