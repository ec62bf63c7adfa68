"""One thing to put right in a definition, as every check of a part of it says it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DefinitionProblem:
    """One thing to put right: `key` of the field (empty: the app as a whole), what is wrong, what to do."""

    key: str
    place: str
    message: str
    hint: str

    def words(self) -> str:
        return f"{self.place}：{self.message}{self.hint}"
