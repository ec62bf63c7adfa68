"""Structured logs without personal data."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

#: Extra fields a log line may carry; all others are dropped, so nobody logs a name by accident.
ALLOWED_EXTRAS = ("request_id", "route", "method", "status", "ms", "job", "job_id", "count", "part", "vendor")


WITHHELD = "(text withheld)"
_NEAR = 16


class PlainJsonFormatter(logging.Formatter):
    """One JSON object a line, without anything a person typed.

    An exception is logged as its class and places, not its text; a message without its arguments, and only if it stands
    in the code that logs: libraries log texts of exceptions and sentences they have put values into. Of such a message
    the place is kept.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        if _stands_in_code(record.msg):
            line["message"] = record.msg
        else:
            line["message"] = WITHHELD
            line["place"] = f"{Path(record.pathname).name}:{record.lineno}:{record.funcName}"
        for name in ALLOWED_EXTRAS:
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            places = []
            while trace is not None:
                code = trace.tb_frame.f_code
                places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno}:{code.co_name}")
                trace = trace.tb_next
            line["where"] = places[-6:]
        # What cannot be written would be told on the terminal, with all arguments.
        text = json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__)
        return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _stands_in_code(message: object) -> bool:
    """Whether one of the functions that are logging just now has this very text in its code."""
    if not isinstance(message, str):
        return False
    frame = sys._getframe(1)
    for _ in range(_NEAR):
        if message in frame.f_code.co_consts:
            return True
        if frame.f_back is None:
            break
        frame = frame.f_back
    return False


def logging_for(home: Path) -> dict[str, Any]:
    """The LOGGING setting: JSON lines to ``YAKUBA_HOME/logs/yakuba.log``, warnings also to the terminal."""
    folder = home / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"()": "yakuba.site.settings.logs.PlainJsonFormatter"}},
        "handlers": {
            "file": {
                "class": "logging.handlers.WatchedFileHandler",
                "filename": str(folder / "yakuba.log"),
                "formatter": "plain",
                "encoding": "utf-8",
            },
            "terminal": {"class": "logging.StreamHandler", "formatter": "plain", "level": "ERROR"},
        },
        "root": {"handlers": ["file", "terminal"], "level": "INFO"},
        "loggers": {
            "django.server": {"level": "ERROR"},
            "django.request": {"level": "ERROR"},
            "django-q": {"level": "WARNING"},
        },
    }
