"""The search key: what makes 髙﨑 found by 高崎 and ﾀｶｻｷ by たかさき."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

from yakuba.kernel.japan.kana import DASHES

_SELECTORS = [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
_INVISIBLE = [0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
_MIDDLE_DOTS = [0x00B7, 0x2022, 0x2027, 0x22C5, 0x30FB, 0xFF65]
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in [*range(0x30A1, 0x30F7), 0x30FD, 0x30FE]}
_SAME_SOUND = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖぢづゐゑを", "あいうえおつやゆよわかけじずいえお")
_KANA_AND_DASHES = re.compile(rf"(?P<kana>[\u3041-\u3096])?(?P<dashes>[-ー{DASHES}]+)")
_REPEATED = re.compile(r"(?P<character>[\u3400-\u9fff\U00020000-\U0003ffff])(?P<marks>々+)")
_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """The key under which a text is searched (検索キー); compare keys, show and store the text itself untouched.

    Unites: width and compatibility forms (NFKC), upper and lower case, katakana and hiragana, small and large kana
    (しょう = しよう: older registers know no small kana), ぢ/じ, づ/ず, を/お, the prolonged sound mark and every dash,
    variant characters (`variants.tsv`: 髙 = 高, 邉 = 辺), 々 and the repeated character. Drops variation selectors
    (IVS), spaces, middle dots and invisible characters. Folding a key again changes nothing.
    """
    while (folded := _fold_once(text)) != text:
        text = folded
    return text


def variant_of(character: str) -> str | None:
    """The common form of a variant character (髙 → 高); `None` when the table has none."""
    common = variants().get(ord(character))
    return None if common is None else chr(common)


@cache
def variants() -> dict[int, int]:
    """The table `variants.tsv`: code point of each variant → code point of the form the search key uses."""
    table: dict[int, int] = {}
    for line in files("yakuba.kernel.japan").joinpath("variants.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            common, others = line.split("\t")
            table |= {ord(other): ord(common) for other in others}
    return table


@cache
def _translation() -> dict[int, int | None]:
    dropped: dict[int, int | None] = dict.fromkeys([*_SELECTORS, *_INVISIBLE, *_MIDDLE_DOTS])
    return dropped | variants() | _KATAKANA_TO_HIRAGANA


def _fold_once(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().translate(_translation()).translate(_SAME_SOUND)
    text = _SPACE.sub("", text)
    # Whole runs at once: a long row of marks must not cost a pass for each.
    text = _KANA_AND_DASHES.sub(
        lambda run: (run["kana"] or "") + ("ー" if run["kana"] else "-") * len(run["dashes"]), text
    )
    text = _REPEATED.sub(lambda run: run["character"] * (1 + len(run["marks"])), text)
    # Dropping a character may bring a mark next to its letter.
    return unicodedata.normalize("NFKC", text)
