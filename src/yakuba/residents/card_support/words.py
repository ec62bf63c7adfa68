"""Days and times as people read them, in the reader's language; texts of values."""

from __future__ import annotations

from datetime import date, datetime

from yakuba.kernel.japan.api import era_date
from yakuba.kernel.values.api import TOKYO, Text

_WEEKDAYS = "月火水木金土日"
_ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_text(day: date) -> Text:
    """``12月1日（火）`` with the year when it is needed to tell: ``2026年12月1日（火）``."""
    week = _WEEKDAYS[day.weekday()]
    return Text(
        f"{day.year}年{day.month}月{day.day}日（{week}）",
        easy=f"{day.year}年（ねん）{day.month}月（がつ）{day.day}日（にち）（{week}）",
        en=f"{_ENGLISH[day.weekday()]}, {day.isoformat()}",
    )


def time_words(moment: datetime) -> str:
    """``9:30`` in Tokyo."""
    here = moment.astimezone(TOKYO)
    return f"{here.hour}:{here:%M}"


def moment_text(moment: datetime) -> Text:
    """Day and time."""
    day, at = day_text(moment.astimezone(TOKYO).date()), time_words(moment)
    return Text(f"{day.ja} {at}", easy=f"{day.easy} {at}", en=f"{day.en}, {at}")


def expiry_text(day: date) -> Text:
    """A day of expiry, by era in Japanese."""
    return Text(era_date(day), easy=era_date(day), en=day.isoformat())


WHAT = {
    "card": Text("マイナンバーカード", easy="マイナンバーカード", en="My Number Card"),
    "certificate": Text("電子証明書", easy="電子証明書（でんししょうめいしょ）", en="Electronic certificate"),
}
PARTS = {
    "am": Text("午前", easy="午前（ごぜん）（12時（じ）まで）", en="morning"),
    "pm": Text("午後", easy="午後（ごご）（12時（じ）から）", en="afternoon"),
    "any": Text("いつでも", easy="いつでも", en="any time"),
}
