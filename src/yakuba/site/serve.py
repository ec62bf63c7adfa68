"""The web server: granian in front of the WSGI application.

Forwarded headers are not read here; the application trusts a proxy only when the town names it. Static files are
served by the application (WhiteNoise, compressed and hashed), pages over HTTP/1.1; a proxy brings TLS.
"""

import argparse
import importlib

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

THREADS_PER_WORKER = 8
"""Requests one worker process works on at a time; most of them wait for the database or a slow client."""

WAITING_PER_WORKER = 128
"""Requests one worker process holds before it stops accepting, so that a flood waits in the kernel, not in memory."""


def main() -> None:
    """Serve until TERM. Reads `--address`, `--port`, `--workers` and, for trials, `--application MODULE:NAME`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--application", default="yakuba.site.wsgi:application")
    chosen = parser.parse_args()
    _load_once(chosen.application)
    Granian(
        chosen.application,
        address=chosen.address,
        port=chosen.port,
        interface=Interfaces.WSGI,
        workers=chosen.workers,
        blocking_threads=THREADS_PER_WORKER,
        backpressure=WAITING_PER_WORKER,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=8,
    ).serve()


def _load_once(application: str) -> None:
    """Import the application before the workers are forked, so that they start, and are replaced, in a moment.

    Nothing that must not be shared is opened by importing it; a database connection would be, so none may be left.
    """
    module, _, _ = application.partition(":")
    importlib.import_module(module)
    if module == "yakuba.site.wsgi":
        from django.db import connections
        from django.urls import get_resolver

        _ = get_resolver().url_patterns
        connections.close_all()
