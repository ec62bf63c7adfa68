"""The restore drill (復元訓練): bring a backup back into a temporary place, prove it, throw it away, write it down."""

from __future__ import annotations

import contextlib
import logging
import shutil
import time
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from yakuba.kernel.operations.backup.keys import Identities
from yakuba.kernel.operations.backup.services import note_drill
from yakuba.kernel.operations.backup.shelf import Drill, keep_drill
from yakuba.kernel.operations.databases import PostgreSQL
from yakuba.kernel.operations.progress import Progress
from yakuba.kernel.operations.restore.bring_back import Restored, restore, scratch_database
from yakuba.kernel.values.api import Clock, Refusal

log = logging.getLogger("yakuba.operations")


def drill(
    archive: Path,
    *,
    identities: Identities,
    clock: Clock,
    progress: Progress,
    database: PostgreSQL | None = None,
    heads: Path | None = None,
) -> Restored:
    """Try ``archive``: everything `restore` proves, in ``YAKUBA_HOME/run/drill``, which is gone afterwards.

    The outcome is kept beside the archive and in the audit log, a failure as well; it is then raised again.
    A PostgreSQL archive is loaded into ``database`` (empty, and emptied again), else into one made for it.
    """
    place = Path(settings.YAKUBA_HOME) / "run" / "drill"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True, mode=0o700)
    began, at = time.monotonic(), clock.now()
    try:
        with contextlib.ExitStack() as last:
            if database is not None:
                tried_in: PostgreSQL | None = database
                is_empty = not database.tables()
                if is_empty:
                    last.callback(database.empty)
            elif connection.vendor == "postgresql":
                server = PostgreSQL.from_settings(connection.settings_dict)
                tried_in = last.enter_context(scratch_database(server))
            else:
                tried_in = None
            restored = restore(
                archive, to=place / "home", identities=identities, progress=progress, database=tried_in, heads=heads
            )
    except Exception as failure:
        what = failure.message if isinstance(failure, Refusal) else f"途中で失敗しました（{type(failure).__name__}）"
        _keep(archive, Drill(at=at, was_good=False, what=what, seconds=round(time.monotonic() - began, 1)))
        raise
    finally:
        shutil.rmtree(place, ignore_errors=True)
    what = f"記録 {restored.rows:,} 件、ファイル {restored.files:,} 個、監査記録の連鎖 {restored.links:,} 件"
    _keep(archive, Drill(at=at, was_good=True, what=what, seconds=round(time.monotonic() - began, 1)))
    return restored


def _keep(archive: Path, outcome: Drill) -> None:
    """A read-only medium, or a machine whose own database is lost, must not spoil a drill."""
    try:
        keep_drill(archive, outcome)
    except OSError:
        log.warning("drill not kept beside the archive")
    try:
        note_drill(name=archive.name, drill=outcome)
    except DatabaseError:
        log.warning("drill not kept in the audit log")
