"""One text in several languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yakuba.kernel.values.errors import Refusal

JAPANESE, EASY_JAPANESE, ENGLISH = "ja", "ja-easy", "en"

_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in 日本語 (`ja`, always there), やさしい日本語 (`ja-easy`), English (`en`) and any other language.

    Built `Text("転入届", easy="ひっこしてきたときの とどけ", en="Moving in")`; other languages as pairs
    `others=(("vi", "…"),)`, kept in order of their codes. Frozen and hashable. An empty translation counts as missing.
    Texts are content people write, so faults are a `Refusal`: no Japanese text, a code that is none, a code twice.
    """

    ja: str
    easy: str = ""
    en: str = ""
    others: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for value in (self.ja, self.easy, self.en, *(text for _, text in self.others)):
            if not isinstance(value, str):
                raise TypeError(f"a text is made of strings, not {value!r}")
        if not self.ja.strip():
            raise Refusal(
                "日本語(ja)の文がありません。",
                field=JAPANESE,
                hint="日本語の文を必ず書いてください。",
            )
        codes = [code for code, _ in self.others]
        for code in codes:
            if not isinstance(code, str) or _CODE.fullmatch(code) is None or code in (JAPANESE, EASY_JAPANESE, ENGLISH):
                raise Refusal(
                    f"言語コード「{str(code)[:20]}」は使えません。",
                    hint="「vi」「zh-Hans」のような言語コードを、それぞれ一度だけ書いてください。",
                )
        if len(set(codes)) < len(codes):
            raise Refusal(
                "同じ言語の文が二つあります。",
                hint="一つの言語には文を一つだけ書いてください。",
            )
        object.__setattr__(
            self,
            "others",
            tuple(sorted((code, text) for code, text in self.others if text.strip())),
        )

    @classmethod
    def from_dict(cls, texts: str | Mapping[str, str]) -> Text:
        """From `{"ja": …, "ja-easy": …, "en": …}` as stored or written in TOML; a bare string is the Japanese text."""
        if isinstance(texts, str):
            return cls(texts)
        if not isinstance(texts, Mapping):
            raise Refusal(
                "文または言語ごとの文の表が必要です。",
                hint='例: { ja = "…", en = "…" }',
            )
        for code, text in texts.items():
            if not isinstance(text, str):
                raise Refusal(
                    f"「{code}」の値が文ではありません。",
                    field=str(code),
                    hint="引用符で囲んだ文を書いてください。",
                )
        named = (JAPANESE, EASY_JAPANESE, ENGLISH)
        return cls(
            texts.get(JAPANESE, ""),
            easy=texts.get(EASY_JAPANESE, ""),
            en=texts.get(ENGLISH, ""),
            others=tuple((code, text) for code, text in texts.items() if code not in named),
        )

    def to_dict(self) -> dict[str, str]:
        """The languages that are there, in a fixed order: `from_dict` gives the same text back."""
        written = {
            JAPANESE: self.ja,
            EASY_JAPANESE: self.easy,
            ENGLISH: self.en,
            **dict(self.others),
        }
        return {code: text for code, text in written.items() if text.strip()}

    def in_language(self, code: str) -> str:
        """The text to show to a reader of `code`; see `language_for` for the order of fallback."""
        return self.to_dict()[self.language_for(code)]

    def language_for(self, code: str) -> str:
        """The code of the text `in_language` shows, for `lang=` (`ja-easy` must be emitted as `ja`).

        `ja-easy` falls back to `ja`; `en` to `ja`; any other language to its base (`pt-BR` to `pt`), then to `en`,
        then to `ja`.
        """
        there = self.to_dict()
        wanted = [code, code.partition("-")[0]]
        if wanted[1] != JAPANESE:
            wanted.append(ENGLISH)
        return next((candidate for candidate in wanted if candidate in there), JAPANESE)

    def missing(self, languages: Iterable[str]) -> tuple[str, ...]:
        """Those of `languages` this text has no text of its own for, in the given order."""
        there = self.to_dict()
        return tuple(code for code in languages if code not in there)

    def __str__(self) -> str:
        return self.ja
