"""What people are told about appointments, visits and reminders, in three languages. Mails bear the label only."""

from __future__ import annotations

from yakuba.kernel.notify.api import MessageKind, message_kind
from yakuba.kernel.values.api import Text

_LABEL = Text(
    "マイナンバーカードの窓口のお知らせ",
    easy="マイナンバーカードの お知（し）らせ",
    en="My Number Card appointments",
)
_OPEN = Text("内容を見る", easy="内容（ないよう）を 見（み）る", en="See the details")
_NUMBER = {"number": "K123-4567-8"}

BOOKED = message_kind(
    MessageKind(
        key="card.booked",
        label=_LABEL,
        subject=Text("予約を受け付けました", easy="予約（よやく）を 受（う）けました", en="Your appointment is booked"),
        body=Text(
            "{place}で、{when}の予約を受け付けました。整理番号は {number} です。",
            easy="{place}に {when} に 来（き）て ください。番号（ばんごう）は {number} です。",
            en="Your appointment: {place}, {when}. Its number is {number}.",
        ),
        link_text=_OPEN,
        examples={**_NUMBER, "place": "役場 1階", "when": "令和8年12月1日 9:00"},
    )
)
MOVED = message_kind(
    MessageKind(
        key="card.moved",
        label=_LABEL,
        subject=Text("予約を変更しました", easy="予約（よやく）を かえました", en="Your appointment was changed"),
        body=Text(
            "整理番号 {number} の予約は、{place}、{when}になりました。",
            easy="番号（ばんごう） {number} の 予約（よやく）は、{place}、{when}に なりました。",
            en="Appointment {number} is now: {place}, {when}.",
        ),
        link_text=_OPEN,
        examples={**_NUMBER, "place": "役場 1階", "when": "令和8年12月1日 9:00"},
    )
)
CANCELLED = message_kind(
    MessageKind(
        key="card.cancelled",
        label=_LABEL,
        subject=Text(
            "予約を取り消しました", easy="予約（よやく）を とりけしました", en="Your appointment was cancelled"
        ),
        body=Text(
            "整理番号 {number} の予約を取り消しました。",
            easy="番号（ばんごう） {number} の 予約（よやく）を とりけしました。",
            en="Appointment {number} was cancelled.",
        ),
        link_text=_OPEN,
        examples=_NUMBER,
    )
)
MUST_MOVE = message_kind(
    MessageKind(
        key="card.must_move",
        label=_LABEL,
        subject=Text(
            "予約の日時を選び直してください",
            easy="予約（よやく）の 時間（じかん）を えらびなおして ください",
            en="Please choose another time",
        ),
        body=Text(
            "町の都合で、整理番号 {number} の予約（{when}）をお受けできなくなりました。申し訳ありません。別の日時を選んでください。\n\n理由：{reason}",
            easy="役場（やくば）の つごうで、番号（ばんごう） {number}（{when}）の 予約（よやく）が できなく なりました。ごめんなさい。ほかの 時間（じかん）を えらんで ください。\n\nわけ：{reason}",
            en="We are sorry: for reasons of ours appointment {number} ({when}) cannot take place. Please choose another time.\n\nReason: {reason}",
        ),
        link_text=Text("日時を選び直す", easy="時間（じかん）を えらぶ", en="Choose another time"),
        examples={**_NUMBER, "when": "令和8年12月1日 9:00", "reason": "機器の点検のため"},
    )
)
VISIT_SCHEDULED = message_kind(
    MessageKind(
        key="card.visit_scheduled",
        label=_LABEL,
        subject=Text("うかがう日が決まりました", easy="行（い）く 日（ひ）が きまりました", en="The date of our visit"),
        body=Text(
            "整理番号 {number} の訪問・出張は、{when}にうかがいます。\n\n{answer}",
            easy="番号（ばんごう） {number}：{when}に 行（い）きます。\n\n{answer}",
            en="Request {number}: we will come on {when}.\n\n{answer}",
        ),
        link_text=_OPEN,
        examples={"number": "S123-4567-8", "when": "令和8年12月1日 9:00", "answer": "顔写真を撮ります。"},
    )
)
VISIT_DECLINED = message_kind(
    MessageKind(
        key="card.visit_declined",
        label=_LABEL,
        subject=Text(
            "訪問・出張の申込みについて", easy="申（もう）しこみの 返事（へんじ）", en="About your request for a visit"
        ),
        body=Text(
            "整理番号 {number} の訪問・出張は、次の理由でうかがえません。\n\n{answer}",
            easy="番号（ばんごう） {number}：行（い）く ことが できません。わけを 読（よ）んで ください。\n\n{answer}",
            en="Request {number}: we cannot come, for the reason below.\n\n{answer}",
        ),
        link_text=_OPEN,
        examples={"number": "S123-4567-8", "answer": "希望の日に職員の手配ができませんでした。"},
    )
)
CONFIRM_REMINDER = message_kind(
    MessageKind(
        key="card.confirm_reminder",
        label=Text(
            "メールアドレスの確認（カードの更新のお知らせ）",
            easy="メールアドレスの 確認（かくにん）",
            en="Please confirm your mail address (card reminders)",
        ),
        subject=Text(
            "メールアドレスの確認", easy="メールアドレスの 確認（かくにん）", en="Please confirm your address"
        ),
        body=Text(
            "リンクを開いて、カードの更新のお知らせの申込みを確認してください。3日以内に確認がなければ、申込みは消えます。",
            easy="リンクを 開（ひら）いて ください。3日（みっか）の 間（あいだ）に 開（ひら）かないと、申（もう）しこみは 消（き）えます。",
            en="Open the link to confirm your reminders. Without it the entry is deleted after three days.",
        ),
        link_text=_OPEN,
    )
)
RENEW = message_kind(
    MessageKind(
        key="card.renew",
        label=Text(
            "更新のお知らせ（お申し込みのもの）",
            easy="更新（こうしん）の お知（し）らせ",
            en="The reminder you asked for",
        ),
        subject=Text(
            "{what}の有効期限が近づいています",
            easy="{what}の 期限（きげん）が 近（ちか）いです",
            en="{what}: expiry is near",
        ),
        body=Text(
            "{what}の有効期限は{until}です。窓口の予約は「マイナンバーカードの窓口」からできます。\n\nお知らせは、このお知らせから開くページで止められます。",
            easy="{what}の 期限（きげん）は {until}です。予約（よやく）を して 来（き）て ください。\n\nお知（し）らせは 止（と）める ことが できます。",
            en="{what} expires on {until}. You can book an appointment on the card page.\n\nThe page behind this notice lets you stop the reminders.",
        ),
        link_text=_OPEN,
        examples={"what": "マイナンバーカード", "until": "令和9年3月1日"},
    )
)
