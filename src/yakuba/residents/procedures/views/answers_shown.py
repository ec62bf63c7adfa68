"""Answers with their files, as the templates show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yakuba.kernel.forms.api import FileShown


def with_files(rows: Iterable[Any], files: Mapping[str, FileShown]) -> list[dict[str, Any]]:
    """Answer rows with links to the files among them, rows of groups too."""
    return [
        {
            "path": row.path,
            "label": row.label,
            "value": row.value,
            "source": row.source,
            "is_missing": row.is_missing,
            "files": [files[one] for one in row.file_ids if one in files],
            "rows": [(title, with_files(inner, files)) for title, inner in row.rows],
        }
        for row in rows
    ]
