"""Who is meant by @氏名 in a text."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from yakuba.kernel.values.api import Refusal

MOST_MENTIONED = 10


def mentions_in(text: str, people: Mapping[str, str]) -> tuple[str, ...]:
    """The people a text calls by ``@会津太郎`` or ``@会津 太郎（1234）``, each once, in order.

    `people` are ids with 氏名（職員番号）; width and spaces do not count, the longest name that fits is meant. The @ of a mail
    address calls nobody. Raises `Refusal` for a name nobody has, for one that several have, and for too many.
    """
    plain = [(_bare(label.partition("（")[0]), _bare(label), key) for key, label in people.items()]
    tidy = unicodedata.normalize("NFKC", text)
    found: dict[str, None] = {}
    for place, sign in enumerate(tidy):
        if sign != "@" or _is_mail(tidy[:place]):
            continue
        rest = tidy[place + 1 : place + 81]
        said = _bare(rest)
        fitting = [
            (whole if said.startswith(whole) else name, key) for name, whole, key in plain if said.startswith(name)
        ]
        longest = max((len(name) for name, _ in fitting), default=0)
        meant = [key for name, key in fitting if len(name) == longest]
        words = rest.split("\n")[0][:12]
        if not meant:
            raise Refusal(
                f"「@{words}」に当てはまる職員がいません。",
                field="text",
                hint="@ のすぐ後に氏名を書くか、@ を消してください。",
            )
        if len(meant) > 1:
            raise Refusal(
                f"「@{words}」に当てはまる職員が{len(meant)}人います。",
                field="text",
                hint="「@氏名（職員番号）」のように、番号まで書いてください。",
            )
        found[meant[0]] = None
    if len(found) > MOST_MENTIONED:
        raise Refusal(f"一度に知らせられるのは{MOST_MENTIONED}人までです。", field="text", hint="減らしてください。")
    return tuple(found)


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _is_mail(before: str) -> bool:
    return before[-1:].isascii() and (before[-1:].isalnum() or before[-1:] in "._-+") if before else False
