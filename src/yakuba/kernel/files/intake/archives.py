"""ZIP containers: bombs, traps and tricks are refused before anything is unpacked for use."""

from __future__ import annotations

import zipfile
from io import BytesIO

from yakuba.kernel.files.intake.limits import Limits, size_words
from yakuba.kernel.files.intake.refusals import FileRefused, Reason

_RATIO_COUNTS_FROM = 1024 * 1024
_NESTED = (
    b"PK\x03\x04",
    b"Rar!",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
)


class Archive:
    """An opened ZIP whose directory has been checked; `read` unpacks one member within the limits.

    Raises `FileRefused` for encrypted members, paths that lead outside, duplicate or overlapping members, too many
    members, and sizes or ratios beyond the limits. What a member says about its size is not believed: unpacking stops
    at the limit.
    """

    def __init__(self, content: bytes, *, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as fault:
            raise FileRefused(
                Reason.BROKEN,
                name,
                "は壊れていて開けません。",
                hint="元のファイルを開いて保存し直してから送ってください。",
            ) from fault
        self.members: dict[str, zipfile.ZipInfo] = {}
        self._check_directory(len(content))

    def _check_directory(self, packed: int) -> None:
        entries = self._zip.infolist()
        if len(entries) > self._limits.max_entries:
            raise self._bomb(f"の中のファイルが {len(entries):,} 個あります（上限 {self._limits.max_entries:,} 個）。")
        declared = 0
        seen: set[str] = set()
        for entry in entries:
            if entry.flag_bits & 0x1:
                raise FileRefused(
                    Reason.ENCRYPTED,
                    self._name,
                    "にはパスワードが掛かっていて、中を確かめられません。",
                    hint="パスワードを外して保存し直してから送ってください。",
                )
            self._check_path(entry.filename)
            folded = entry.filename.casefold()
            if folded in seen:
                raise self._hostile("の中に同じ名前のファイルが二つあります。")
            seen.add(folded)
            declared += entry.file_size
            if entry.file_size > _RATIO_COUNTS_FROM and entry.file_size > entry.compress_size * self._limits.max_ratio:
                raise self._bomb("は開くと異常に大きくなるファイルです。")
            if not entry.is_dir():
                self.members[entry.filename] = entry
        if declared > self._limits.max_unpacked:
            raise self._bomb(
                f"は開くと {size_words(declared)} になります（上限 {size_words(self._limits.max_unpacked)}）。"
            )
        self._check_overlap(entries, packed)

    def _check_path(self, path: str) -> None:
        parts = path.replace("\\", "/").split("/")
        if path.startswith(("/", "\\")) or ".." in parts or "\x00" in path or (len(path) > 1 and path[1] == ":"):
            raise self._hostile("の中に、外の場所を指すファイル名があります。")

    def _check_overlap(self, entries: list[zipfile.ZipInfo], packed: int) -> None:
        # Members that share their bytes unpack to far more than any ratio of a single member shows.
        ordered = sorted(entries, key=lambda entry: entry.header_offset)
        for entry, following in zip(ordered, [*ordered[1:], None], strict=True):
            end = entry.header_offset + 30 + entry.compress_size  # 30: a local header without its name
            if end > (packed if following is None else following.header_offset):
                raise self._bomb("は中身が重なった不正な形です。")

    def read(self, member: str) -> bytes:
        """The unpacked bytes of a member; raises `KeyError` for an unknown one."""
        entry = self.members[member]
        left = self._limits.max_unpacked - self._unpacked
        try:
            with self._zip.open(entry) as stream:
                content = stream.read(min(left, max(entry.file_size, 1)) + 1)
        except Exception as fault:  # every decompressor brings its own error
            raise FileRefused(
                Reason.BROKEN,
                self._name,
                f"の中の {entry.filename[:60]} が壊れています。",
                hint="元のファイルを開いて保存し直してから送ってください。",
            ) from fault
        if len(content) > entry.file_size or len(content) > left:
            raise self._bomb("は開くと、書かれている大きさより大きくなります。")
        self._unpacked += len(content)
        return content

    @property
    def comment(self) -> bytes:
        """The comment behind the directory; office programs write none."""
        return self._zip.comment

    def _bomb(self, what: str) -> FileRefused:
        return FileRefused(
            Reason.ZIP_BOMB,
            self._name,
            what,
            hint="中のファイルを取り出し、必要なものだけを一つずつ送ってください。",
        )

    def _hostile(self, what: str) -> FileRefused:
        return FileRefused(
            Reason.HOSTILE_ARCHIVE,
            self._name,
            what,
            hint="中のファイルを取り出し、必要なものだけを一つずつ送ってください。",
        )


def is_archive(content: bytes) -> bool:
    """Whether a member is itself a packed archive."""
    return content.startswith(_NESTED)
