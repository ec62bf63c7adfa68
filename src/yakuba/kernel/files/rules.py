"""The states of a stored file, and who may take it out."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from yakuba.kernel.values.api import TransitionTable

ABANDONED_AFTER = timedelta(days=2)
"""How long a file sent ahead of a form waits for the form to be sent."""


class FileState(StrEnum):
    """Where a file stands."""

    STORED = "stored"
    QUARANTINED = "quarantined"
    REFUSED = "refused"
    DISCARDED = "discarded"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    FileState.STORED: "保存済み",
    FileState.QUARANTINED: "ウイルス検査待ち",
    FileState.REFUSED: "受け付け不可（ウイルス検出）",
    FileState.DISCARDED: "廃棄済み",
}

STATES: TransitionTable[FileState] = TransitionTable(
    {
        FileState.QUARANTINED: {
            FileState.STORED: "ウイルス検査で見つからなかった",
            FileState.REFUSED: "ウイルスが見つかった",
            FileState.DISCARDED: "添えた人・担当が取り下げた",
        },
        FileState.STORED: {
            FileState.REFUSED: "後の検査でウイルスが見つかった",
            FileState.DISCARDED: "保存期間が過ぎた・取り下げられた",
        },
        FileState.REFUSED: {},
        FileState.DISCARDED: {},
    },
    start=(FileState.STORED, FileState.QUARANTINED),
    labels=_LABELS,
)


def first_state(*, scanner_is_down: bool) -> FileState:
    """Where a new file starts: nobody opens a file a configured scanner could not look at yet."""
    return FileState.QUARANTINED if scanner_is_down else FileState.STORED


def may_open(*, state: FileState, is_uploader: bool, has_owner: bool, gate_is_open: bool) -> bool:
    """Whether a person may take the file out: through the gate of the thing it belongs to, else only its sender."""
    if state is not FileState.STORED:
        return False
    return gate_is_open if has_owner else is_uploader
