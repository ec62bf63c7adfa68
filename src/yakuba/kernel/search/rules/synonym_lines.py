"""Reading and judging a line of synonyms as a clerk writes it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from yakuba.kernel.search.rules.keys import search_key
from yakuba.kernel.search.rules.words import MOST_SYNONYMS, Synonyms
from yakuba.kernel.values.api import Refusal

LONGEST = 40
"""Characters of a word."""
_BETWEEN = re.compile(r"[、,，;；\n\r\t]+")


def read_line(written: str) -> tuple[str, ...]:
    """Words divided by 、 commas or line ends, each once; words that are searched alike count as one."""
    found: dict[str, str] = {}
    for word in _BETWEEN.split(written):
        word = " ".join(word.split())
        if word:
            found.setdefault(search_key(word), word)
    return tuple(found.values())


def check_line(
    same: Sequence[str], narrower: Sequence[str], *, others: Sequence[Synonyms], shipped: Sequence[Synonyms]
) -> Synonyms:
    """The line, if it can be used. ``others`` are the town's other lines. Raises ``Refusal`` naming the field."""
    _check_words(same, "same", "同じ意味の言葉")
    _check_words(narrower, "narrower", "含まれる言葉")
    if not same:
        raise Refusal("同じ意味の言葉が空です。", field="same", hint="例：ごみ、廃棄物")
    keys = {search_key(word) for word in same}
    both = [word for word in narrower if search_key(word) in keys]
    if both:
        raise Refusal(f"「{both[0]}」が両方の欄にあります。", field="narrower", hint="どちらか一方に入れてください。")
    taken = _taken(keys, others)
    if taken:
        raise Refusal(f"「{taken}」は町のほかの行にあります。", field="same", hint="その行に言葉を足してください。")
    if len(same) + len(narrower) < 2 and not _taken(keys, shipped):
        raise Refusal(
            "言葉が一つだけです。",
            field="same",
            hint="二つ以上入れてください。一つだけにできるのは、標準の行を使わないことにするときです。",
        )
    return Synonyms(tuple(same), tuple(narrower))


def _check_words(words: Sequence[str], field: str, label: str) -> None:
    if len(words) > MOST_SYNONYMS:
        raise Refusal(
            f"{label}が {len(words)} 個あります。", field=field, hint=f"{MOST_SYNONYMS} 個までにしてください。"
        )
    for word in words:
        if len(word) > LONGEST:
            raise Refusal(
                f"「{word[:10]}…」が長すぎます（{len(word)} 文字）。",
                field=field,
                hint=f"{LONGEST} 文字までの言葉を「、」で区切って入れてください。",
            )
        if not search_key(word):
            raise Refusal(
                f"「{word}」は記号だけで、探せる文字がありません。", field=field, hint="言葉を入れてください。"
            )


def _taken(keys: Collection[str], lines: Sequence[Synonyms]) -> str:
    return next((word for line in lines for word in line.same if search_key(word) in keys), "")
