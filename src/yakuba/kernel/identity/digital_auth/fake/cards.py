"""Cards of people who do not exist, for the double."""

from __future__ import annotations

from dataclasses import dataclass

from yakuba.kernel.values.api import Text

_HERE = Text("町内に住む人", easy="まちに すんでいる ひと", en="Lives in the town")
_VARIANT = Text("異体字のある名前", easy="むずかしい かんじの なまえの ひと", en="A name with a variant character")
_ELSEWHERE = Text("町外に住む人", easy="まちの そとに すんでいる ひと", en="Lives elsewhere")


@dataclass(frozen=True)
class SampleCard:
    """A My Number Card that is none. ``birth_date`` is ``YYYYMMDD`` and ``gender`` a code, as on the card."""

    key: str
    name: str
    address: str
    birth_date: str
    gender: str
    note: Text

    def facts(self, scopes: frozenset[str]) -> dict[str, str]:
        """What a userinfo answer says of the holder for the scopes granted."""
        every = {"name": self.name, "address": self.address, "birthdate": self.birth_date, "gender": self.gender}
        return {name: value for name, value in every.items() if name in scopes}


def sample_cards(*, prefecture: str, town: str) -> tuple[SampleCard, ...]:
    """Cards for the sample town: two residents, one whose name has a variant character, one who lives elsewhere."""
    here = f"{prefecture}{town}"
    return (
        SampleCard("taro", "見本　太郎", f"{here}字見本一番地", "19850402", "1", _HERE),
        SampleCard("hanako", "見本　花子", f"{here}字見本二番地三", "19921123", "2", _HERE),
        SampleCard("kiku", "渡邉󠄀　菊", f"{here}字見本三番地", "19480715", "2", _VARIANT),
        SampleCard("jiro", "見本　次郎", "東京都千代田区見本一丁目1番1号", "20050909", "1", _ELSEWHERE),
    )
