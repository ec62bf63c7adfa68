from __future__ import annotations

import time

from yakuba.kernel.access.api import system_person
from yakuba.kernel.files.place import content_store
from yakuba.kernel.files.queries import abandoned, read_content, unused_contents, waiting_for_scan
from yakuba.kernel.files.scanning.scanner import Verdict, scan
from yakuba.kernel.files.services import discard_file, refuse_file, release_file
from yakuba.kernel.files.store import ContentChanged
from yakuba.kernel.jobs.api import Daily, Every, job
from yakuba.kernel.parameters.api import town_clock

_LONGEST_SECONDS = 40
"""A job lasts at most a minute; what is left waits for the next run."""
_UNUSED_SECONDS = 3_600.0


@job("files.scan_waiting", label="検査待ちのファイルをウイルス検査する", every=Every(5))
def scan_waiting() -> None:
    """Ask the scanner about every file it has not seen; stop at once when it does not answer."""
    system = system_person("jobs")
    clock = town_clock()
    started = time.monotonic()
    for file in waiting_for_scan()[:200]:
        try:
            content = read_content(file)
        except (FileNotFoundError, ContentChanged):
            continue  # `files check` and the doctor name it
        scanned = scan(content)
        if scanned.verdict in (Verdict.UNKNOWN, Verdict.NOT_CONFIGURED):
            return
        if scanned.verdict is Verdict.INFECTED:
            refuse_file(by=system, file=file, virus=scanned.detail, clock=clock)
        else:
            release_file(by=system, file=file, clock=clock)
        if time.monotonic() - started > _LONGEST_SECONDS:
            return


@job("files.sweep", label="使われなくなったファイルを消す", every=Daily("03:10"))
def sweep() -> None:
    """Discard files whose form was never sent, then remove contents no file has any more."""
    system = system_person("jobs")
    started = time.monotonic()
    for file in abandoned(now=town_clock().now())[:500]:
        discard_file(by=system, file=file, reason="送信されなかった下書きのファイル")
    store = content_store()
    for digest in unused_contents():
        store.remove_if_older(digest, _UNUSED_SECONDS)
        if time.monotonic() - started > _LONGEST_SECONDS:
            return
    for part in store.unfinished():
        store.remove_if_older(part, _UNUSED_SECONDS)
