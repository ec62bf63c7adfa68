"""The life of a version: draft → in use → retired."""

from __future__ import annotations

from enum import StrEnum


class VersionState(StrEnum):
    """Where a version of an app stands."""

    DRAFT = "draft"
    IN_USE = "in_use"
    RETIRED = "retired"

    @property
    def label(self) -> str:
        return {"draft": "下書き", "in_use": "使用中", "retired": "以前の版"}[self.value]
