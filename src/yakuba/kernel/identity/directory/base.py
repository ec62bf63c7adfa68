"""The contract of a directory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from yakuba.kernel.values.api import Refusal


class DirectoryFault(ValueError):
    """The settings of the directory cannot be used; the text names key and reason in Japanese."""


class DirectoryUnavailable(Refusal):
    """The directory gives no answer, so nobody can say whether a password is right."""

    def __init__(self) -> None:
        super().__init__(
            "庁内の認証基盤につながらないため、パスワードを確かめられません。",
            hint="パスキーを登録している人は、パスキーで入れます。続くときは情報システム担当へ連絡してください。",
        )


@dataclass(frozen=True)
class Verified:
    """Somebody whose password was right: ``number`` is the 職員番号 as the directory keeps it."""

    number: str


@dataclass(frozen=True)
class DirectoryCheck:
    """How the directory stands; ``words`` says what was seen, ``todo`` what to do next. Japanese, for the doctor."""

    is_configured: bool
    works: bool
    words: str
    todo: str = ""


class Directory(Protocol):
    """An adapter to one kind of directory. It only asks, it never writes there."""

    kind: ClassVar[str]

    def verify(self, number: str, password: str) -> Verified | None:
        """Who that is, or ``None`` if number or password is wrong. Raises ``DirectoryUnavailable``."""
        ...

    def check(self) -> DirectoryCheck:
        """Look whether the directory answers; never raises."""
        ...
