"""Structured logs without personal data."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

#: Extra fields a log line may carry; all others are dropped, so nobody logs a name by accident.
ALLOWED_EXTRAS = ("request_id", "route", "method", "status", "ms", "job", "job_id", "count", "part", "vendor")


class PlainJsonFormatter(logging.Formatter):
    """One JSON object a line. An exception is logged as its type and place, not its text: texts carry typed values."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
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
        return json.dumps(line, ensure_ascii=False)


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
