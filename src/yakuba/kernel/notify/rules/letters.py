"""Letters: states, order, weight, postage.

Sources: 郵便法第67条 (料金は届け出て公表される), 内国郵便約款; 日本郵便「国内の料金表」(令和6年10月1日から).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from yakuba.kernel.japan.api import fold
from yakuba.kernel.values.api import Refusal, TransitionTable

PER_PART = 50
"""Letters of one print; a job sets one part in a few seconds."""
GRAMS_PER_SHEET = 4
GRAMS_PER_ENVELOPE = 6
HEAVIEST_GRAMS = 100


class LetterState(StrEnum):
    """Where a letter stands."""

    WAITING = "waiting"
    BUNDLED = "bundled"
    POSTED = "posted"
    RETURNED = "returned"
    RESENT = "resent"
    CLOSED = "closed"
    BY_HAND = "by_hand"
    HANDED = "handed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return {
            "waiting": "印刷待ち",
            "bundled": "束に入れた",
            "posted": "発送済み",
            "returned": "返戻",
            "resent": "返戻（再発送した）",
            "closed": "返戻（再発送しない）",
            "by_hand": "担当課が個別に対応",
            "handed": "個別に対応した",
            "cancelled": "取りやめ",
        }[self.value]


LETTER_STATES: TransitionTable[LetterState] = TransitionTable(
    {
        LetterState.WAITING: {
            LetterState.BUNDLED: "発送の束に入れる",
            LetterState.BY_HAND: "支援措置の対象になった、または印刷できない文字がある",
            LetterState.CANCELLED: "送らないことにした",
        },
        LetterState.BUNDLED: {
            LetterState.POSTED: "郵便局に出した",
            LetterState.WAITING: "束をやめた",
            LetterState.BY_HAND: "支援措置の対象になった、または印刷できない文字がある",
        },
        LetterState.POSTED: {LetterState.RETURNED: "郵便局から戻ってきた"},
        LetterState.RETURNED: {
            LetterState.RESENT: "新しい宛先に送り直した",
            LetterState.CLOSED: "送り直さないことにした",
        },
        LetterState.BY_HAND: {
            LetterState.HANDED: "担当課が本人に渡した、または別に送った",
            LetterState.CANCELLED: "送らないことにした",
        },
    },
    start=(LetterState.WAITING, LetterState.BY_HAND),
)


class ReturnReason(StrEnum):
    """Why the post office brought a letter back (返戻の理由)."""

    UNKNOWN = "unknown"
    MOVED = "moved"
    KEPT = "kept"
    REFUSED = "refused"
    INCOMPLETE = "incomplete"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            "unknown": "あて所に尋ねあたらない",
            "moved": "転居先不明",
            "kept": "保管期間の経過",
            "refused": "受取の拒否",
            "incomplete": "宛名が不完全",
            "other": "その他",
        }[self.value]


class Service(StrEnum):
    """How a letter is carried (郵便の種類)."""

    ORDINARY = "ordinary"
    RECORDED = "recorded"
    REGISTERED = "registered"

    @property
    def label(self) -> str:
        return {"ordinary": "普通郵便", "recorded": "特定記録郵便", "registered": "簡易書留"}[self.value]


class BundleOrder(StrEnum):
    """In which order a bundle is printed."""

    DISTRICT = "district"
    POSTAL_CODE = "postal_code"

    @property
    def label(self) -> str:
        return {"district": "行政区の順", "postal_code": "郵便番号の順"}[self.value]


class BundleState(StrEnum):
    """Where a bundle (発送の束) stands."""

    PREPARING = "preparing"
    READY = "ready"
    POSTED = "posted"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return {
            "preparing": "印刷の準備中",
            "ready": "印刷できます",
            "posted": "発送済み",
            "cancelled": "取りやめ",
        }[self.value]


BUNDLE_STATES: TransitionTable[BundleState] = TransitionTable(
    {
        BundleState.PREPARING: {
            BundleState.READY: "すべての印刷用ファイルができた",
            BundleState.CANCELLED: "束をやめた",
        },
        BundleState.READY: {
            BundleState.POSTED: "郵便局に出した",
            BundleState.CANCELLED: "束をやめた",
        },
    },
    start=BundleState.PREPARING,
)


@dataclass(frozen=True, slots=True)
class Sortable:
    """A letter as sorting sees it: its row, 行政区 (empty: none known), postal code, address, name."""

    key: int
    district: str
    postal_code: str
    address: str
    name: str


def sorted_letters(letters: Sequence[Sortable], order: BundleOrder, districts: Mapping[str, int]) -> list[Sortable]:
    """The letters in the order they are printed.

    By district: in the districts' own order, unknown ones behind by name, letters without any last; inside, and by
    postal code, along the address, so that who delivers by hand walks the street once. ``districts`` gives each
    district's place.
    """

    def inside(one: Sortable) -> tuple[object, ...]:
        return (one.postal_code == "", one.postal_code, fold(one.address), fold(one.name), one.key)

    if order is BundleOrder.POSTAL_CODE:
        return sorted(letters, key=inside)
    last = len(districts)
    return sorted(
        letters,
        key=lambda one: (one.district == "", districts.get(one.district, last), one.district, inside(one)),
    )


def group_of(one: Sortable, order: BundleOrder) -> str:
    """Under which heading of the separator sheets a letter stands."""
    if order is BundleOrder.DISTRICT:
        return one.district or "行政区の登録なし"
    return f"〒{one.postal_code[:3]}-{one.postal_code[3:]}" if one.postal_code else "郵便番号なし"


@dataclass(frozen=True, slots=True)
class PartPlan:
    """One print: the letters in order, and where a separator sheet goes: (place in the part, heading, letters under it)."""

    letters: tuple[int, ...]
    separators: tuple[tuple[int, str, int], ...]


def parts_of(letters: Sequence[Sortable], order: BundleOrder, *, per_part: int = PER_PART) -> list[PartPlan]:
    """The sorted letters in parts. A heading that goes on in the next part is said again there (つづき).

    Sorted by postal code there are no separators: the post office sorts.
    """
    plans = []
    said = ""
    for start in range(0, len(letters), per_part):
        chunk = letters[start : start + per_part]
        separators = []
        if order is BundleOrder.DISTRICT:
            place = 0
            for heading, group in groupby(chunk, key=lambda one: group_of(one, order)):
                count = len(list(group))
                separators.append((place, heading + ("（つづき）" if heading == said else ""), count))
                place, said = place + count, heading
        plans.append(PartPlan(tuple(one.key for one in chunk), tuple(separators)))
    return plans


def mark_of(part: int, place: int) -> str:
    """The mark on every sheet of a letter (整理番号): 1-001."""
    return f"{part}-{place:03d}"


@dataclass(frozen=True, slots=True)
class Postage:
    """What carrying costs on a day, in yen: 定形 up to 50 g, 定形外（規格内）up to 100 g, and what services add."""

    up_to_50: int
    up_to_100: int
    recorded: int
    registered: int


def weight_of(sheets: int) -> int:
    """The weight of a letter in grams: ordinary copy paper (A4, 64 g/m²), an envelope of 長形3号."""
    return sheets * GRAMS_PER_SHEET + GRAMS_PER_ENVELOPE


def postage_of(sheets: int, service: Service, postage: Postage) -> int:
    """What one letter costs in yen. Raises ``Refusal`` for one too heavy to be put into an envelope of 長形3号."""
    weight = weight_of(sheets)
    if weight > HEAVIEST_GRAMS:
        raise Refusal(f"{sheets}枚の手紙は長形3号の封筒に入りません。", hint="別の封筒で個別に送ってください。")
    plain = postage.up_to_50 if weight <= 50 else postage.up_to_100
    added = {Service.ORDINARY: 0, Service.RECORDED: postage.recorded, Service.REGISTERED: postage.registered}
    return plain + added[service]
