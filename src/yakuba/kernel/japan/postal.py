"""Postal code → address."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from yakuba.kernel.japan.kana import DASHES, join_prolonged_sound, to_full_width_kana
from yakuba.kernel.japan.local_government import with_check_digit
from yakuba.kernel.values.api import Refusal

_COLUMNS = {
    "code": "全国地方公共団体コード",
    "postal": "郵便番号",
    "prefecture_kana": "都道府県名カナ",
    "city_kana": "市区町村名カナ",
    "town_kana": "町域名カナ",
    "prefecture": "都道府県名",
    "city": "市区町村名",
    "town": "町域名",
}
_KEN_ALL_PLACES = dict(zip(_COLUMNS, (0, 2, 3, 4, 5, 6, 7, 8), strict=True))
_KEN_ALL_WIDTH = 15
_LARGEST_FILE = 64 * 1024 * 1024
_MOST_CONTINUATIONS = 40

_NOT_A_TOWN = re.compile(r"^以下に掲載がない場合$|の次に.*番地がくる場合$|^(?!一円$).+一円$")
_BRACKETS = re.compile(r"（(?P<note>.*)）$")


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """The address a postal code stands for (郵便番号に対応する住所).

    `town` (町域: 大字, 字 or a town without its 丁目) is empty where the code covers a whole municipality; `note` keeps
    what Japan Post adds in brackets (その他, house numbers). Kana in full width.
    """

    postal_code: str
    prefecture: str
    city: str
    town: str
    prefecture_kana: str
    city_kana: str
    town_kana: str
    local_government_code: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.prefecture}{self.city}{self.town}"


def parse_postal_code(text: str) -> str:
    """Read a postal code as typed (`〒969-6547`, `９６９６５４７`): seven digits. Raises `Refusal`."""
    tidy = re.sub(rf"[\s〒ー{DASHES}-]", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"[0-9]{7}", tidy):
        raise Refusal(
            f"「{text[:20]}」は郵便番号ではありません。", hint="7けたの数字で入力してください（例: 969-6500）。"
        )
    return tidy


def format_postal_code(code: str) -> str:
    """Seven digits as they are written: `9696547` → `969-6547`."""
    code = parse_postal_code(code)
    return f"{code[:3]}-{code[3:]}"


class PostalDirectory:
    """Looks up addresses by postal code in a file of Japan Post (郵便番号データ).

    One code may stand for several towns, even in two prefectures, and one town may have several codes: a page offers,
    the person chooses. The directory knows nothing but its file.
    """

    def __init__(self, addresses: Iterable[PostalAddress]) -> None:
        by_code: dict[str, list[PostalAddress]] = {}
        for address in addresses:
            known = by_code.setdefault(address.postal_code, [])
            if address not in known:
                known.append(address)
        self._by_code: Mapping[str, tuple[PostalAddress, ...]] = {code: tuple(known) for code, known in by_code.items()}

    @classmethod
    def load(cls, file: Path | bytes) -> PostalDirectory:
        """Read `KEN_ALL.CSV` (CP932), `utf_ken_all.csv` (UTF-8), or a CSV whose header names the same columns.

        Towns that Japan Post breaks over several lines are joined; phrases that are no names (以下に掲載がない場合)
        give an empty town. Strict: an unreadable line is a `Refusal` naming line and reason, nothing is skipped.
        """
        content = file if isinstance(file, bytes) else file.read_bytes()
        if len(content) > _LARGEST_FILE:
            raise Refusal(
                "郵便番号のファイルが大きすぎます（64MBまで）。", hint="郵便番号データのCSVか確かめてください。"
            )
        try:
            rows = list(csv.reader(io.StringIO(_decode(content), newline="")))
        except csv.Error:
            raise Refusal(
                "郵便番号のファイルがCSVとして読めません。", hint="日本郵便の郵便番号データをそのまま指定してください。"
            ) from None
        return cls(_addresses(rows))

    def find(self, code: str) -> tuple[PostalAddress, ...]:
        """The addresses of a typed postal code; empty when the file has none. Raises `Refusal` if it is no code."""
        return self._by_code.get(parse_postal_code(code), ())

    def __iter__(self) -> Iterator[PostalAddress]:
        """All addresses in the order of the file."""
        return (address for known in self._by_code.values() for address in known)

    def __len__(self) -> int:
        """Number of postal codes."""
        return len(self._by_code)


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal(
        "郵便番号のファイルの文字コードが読めません。", hint="UTF-8またはShift_JIS（CP932）のCSVを指定してください。"
    )


def _addresses(rows: list[list[str]]) -> Iterator[PostalAddress]:
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if row]
    if not numbered:
        raise Refusal("郵便番号のファイルが空です。", hint="郵便番号データのCSVを指定してください。")
    places, width = _KEN_ALL_PLACES, _KEN_ALL_WIDTH
    first = [cell.strip() for cell in numbered[0][1]]
    if _COLUMNS["postal"] in first:
        if missing := [name for name in _COLUMNS.values() if name not in first]:
            raise Refusal(f"1行目に列「{missing[0]}」がありません。", hint=f"必要な列: {'、'.join(_COLUMNS.values())}")
        places, width = {key: first.index(name) for key, name in _COLUMNS.items()}, len(first)
        numbered = numbered[1:]
    unfinished: PostalAddress | None = None
    continuations = 0
    for number, row in numbered:
        if len(row) != width:
            raise _fault(number, f"列が{len(row)}個あります（{width}個のはずです）")
        address = _address(number, {key: row[place].strip() for key, place in places.items()})
        if unfinished is not None:
            continuations += 1
            if address.postal_code != unfinished.postal_code or continuations > _MOST_CONTINUATIONS:
                raise _fault(number, "前の行の町域名のかっこが閉じていません")
            # The kana of a broken line is repeated where only the name was too long.
            kana = "" if unfinished.town_kana == address.town_kana else address.town_kana
            address = replace(address, town=unfinished.town + address.town, town_kana=unfinished.town_kana + kana)
        if address.town.count("（") > address.town.count("）"):
            unfinished = address
            continue
        unfinished, continuations = None, 0
        yield _tidy(address)
    if unfinished is not None:
        raise _fault(numbered[-1][0], "最後の町域名のかっこが閉じていません")


def _address(number: int, cells: dict[str, str]) -> PostalAddress:
    if not re.fullmatch(r"[0-9]{7}", cells["postal"]):
        raise _fault(number, f"郵便番号「{cells['postal'][:20]}」が7けたの数字ではありません")
    try:
        code = with_check_digit(cells["code"])
    except Refusal as refusal:
        raise _fault(number, refusal.message.rstrip("。")) from None
    for key in ("prefecture", "city", "prefecture_kana", "city_kana"):
        if not cells[key]:
            raise _fault(number, f"「{_COLUMNS[key]}」が空です")
    kana = {key: join_prolonged_sound(to_full_width_kana(cells[key])) for key in cells if key.endswith("_kana")}
    town = cells["town"].replace("(", "（").replace(")", "）")
    kana["town_kana"] = kana["town_kana"].replace("(", "（").replace(")", "）")
    return PostalAddress(
        postal_code=cells["postal"],
        prefecture=cells["prefecture"],
        city=cells["city"],
        town=town,
        local_government_code=code,
        **kana,
    )


def _tidy(address: PostalAddress) -> PostalAddress:
    found = _BRACKETS.search(address.town)
    note = found["note"] if found else ""
    town = _BRACKETS.sub("", address.town)
    if _NOT_A_TOWN.search(town):
        return replace(address, town="", town_kana="", note=note)
    return replace(address, town=town, town_kana=_BRACKETS.sub("", address.town_kana), note=note)


def _fault(number: int, reason: str) -> Refusal:
    return Refusal(
        f"郵便番号のファイルの{number}行目: {reason}。", hint="日本郵便の郵便番号データをそのまま指定してください。"
    )
