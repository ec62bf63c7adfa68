"""What people are told about cases, in three languages. Mails bear the label only; what is said is read after signing in
or in a letter."""

from __future__ import annotations

from yakuba.kernel.notify.api import ByPost, MessageKind, message_kind
from yakuba.kernel.values.api import Text

_LABEL = Text("手続きのお知らせ", easy="手続（てつづ）きの お知（し）らせ", en="About your procedure")
_WORK = Text("案件のお知らせ", easy="案件（あんけん）の お知（し）らせ", en="About a case")
_EXAMPLE = {"procedure": "見本の手続き", "number": "R8-00001-7"}
_OPEN = Text("手続きの画面を開く", easy="手続（てつづ）きの ページを 開（ひら）く", en="Open the procedure")

RECEIVED = message_kind(
    MessageKind(
        key="cases.received",
        label=_LABEL,
        subject=Text(
            "受け付けました：{procedure}", easy="受（う）け付（つ）けました：{procedure}", en="Received: {procedure}"
        ),
        body=Text(
            "「{procedure}」を受け付けました。\n受付番号は {number} です。お問い合わせのときにお知らせください。",
            easy="「{procedure}」を 受け付けました。\n番号（ばんごう）は {number} です。役場（やくば）に 聞（き）く ときに 使（つか）います。",
            en="We received “{procedure}”.\nIts number is {number}. Please quote it when you contact us.",
        ),
        link_text=_OPEN,
        examples=_EXAMPLE,
    )
)

CONSENT_DECLINED = message_kind(
    MessageKind(
        key="cases.consent_declined",
        label=_LABEL,
        subject=Text(
            "同意が得られていません：{procedure}",
            easy="「いいです」の 返事（へんじ）が ありません：{procedure}",
            en="Consent is missing: {procedure}",
        ),
        body=Text(
            "「{procedure}」（受付番号 {number}）に、{name}さんは同意しませんでした。全員の同意がそろうまで、受け付けは始まりません。話し合ってもう一度お願いするか、取り下げてください。お困りのときは、担当課へご相談ください。",
            easy="「{procedure}」（{number}）に、{name}さんは「いいです」と 言（い）いませんでした。みんなが「いいです」と 言うまで、役場（やくば）は 受（う）け付（つ）けません。話（はな）し合（あ）って もう一度（いちど） たのむか、やめて ください。こまった ときは、役場に 聞（き）いて ください。",
            en="{name} did not agree to “{procedure}” (number {number}). It is not received until everybody agrees. Talk it over and ask again, or withdraw. Please contact the section if you need help.",
        ),
        by_post=ByPost.IF_WISHED,
        link_text=_OPEN,
        examples={**_EXAMPLE, "name": "見本　太郎"},
    )
)

CORRECTION = message_kind(
    MessageKind(
        key="cases.correction_asked",
        label=_LABEL,
        subject=Text(
            "直していただくところがあります：{procedure}",
            easy="直（なお）す ところが あります：{procedure}",
            en="Please correct: {procedure}",
        ),
        body=Text(
            "「{procedure}」（受付番号 {number}）に、直していただきたいところがあります。{deadline}までに答えてください。\n\n{items}\n\n{message}",
            easy="「{procedure}」（{number}）に 直（なお）す ところが あります。{deadline}までに 答（こた）えて ください。\n\n{items}\n\n{message}",
            en="Something in “{procedure}” (number {number}) needs to be corrected. Please answer by {deadline}.\n\n{items}\n\n{message}",
        ),
        by_post=ByPost.IF_WISHED,
        link_text=Text("直して送る", easy="直（なお）して 送（おく）る", en="Correct and send"),
        examples={
            **_EXAMPLE,
            "deadline": "令和8年11月16日",
            "items": "理由：もう少し詳しく書いてください",
            "message": "お手数をおかけします。",
        },
    )
)

CORRECTION_OVERDUE = message_kind(
    MessageKind(
        key="cases.correction_overdue",
        label=_LABEL,
        subject=Text(
            "直していただく期限を過ぎました：{procedure}",
            easy="直（なお）す 日（ひ）が すぎました：{procedure}",
            en="The date for your correction has passed: {procedure}",
        ),
        body=Text(
            "「{procedure}」（受付番号 {number}）の、直していただく期限を過ぎました。まだ答えることができます。難しいときは、担当課へご相談ください。",
            easy="「{procedure}」（{number}）を 直（なお）す 日（ひ）が すぎました。まだ 直せます。むずかしい ときは、役場（やくば）に 相談（そうだん）して ください。",
            en="The date for correcting “{procedure}” (number {number}) has passed. You can still answer. Please contact the section if you need help.",
        ),
        by_post=ByPost.IF_WISHED,
        link_text=_OPEN,
        examples=_EXAMPLE,
    )
)

RETURNED = message_kind(
    MessageKind(
        key="cases.returned",
        label=_LABEL,
        subject=Text(
            "お返ししました：{procedure}",
            easy="役場（やくば）が 返（かえ）しました：{procedure}",
            en="Sent back: {procedure}",
        ),
        body=Text(
            "「{procedure}」（受付番号 {number}）は、次の理由でお返ししました。直して、もう一度お出しください。\n\n{reason}",
            easy="「{procedure}」（{number}）を 返（かえ）しました。理由（りゆう）を 読（よ）んで、もう一度（いちど） 出（だ）して ください。\n\n{reason}",
            en="“{procedure}” (number {number}) was sent back for the reason below. Please correct it and send it again.\n\n{reason}",
        ),
        by_post=ByPost.IF_WISHED,
        link_text=_OPEN,
        examples={**_EXAMPLE, "reason": "届出人の欄が空です"},
    )
)

PLACE = message_kind(
    MessageKind(
        key="cases.place_decided",
        label=_LABEL,
        subject=Text(
            "申込の結果：{procedure}",
            easy="申（もう）しこみの 結果（けっか）：{procedure}",
            en="Your sign-up: {procedure}",
        ),
        body=Text(
            "「{procedure}」（受付番号 {number}）：{result}",
            easy="「{procedure}」（{number}）：{result}",
            en="“{procedure}” (number {number}): {result}",
        ),
        by_post=ByPost.IF_WISHED,
        link_text=_OPEN,
        examples={**_EXAMPLE, "result": "申込が確定しました。"},
    )
)

NOTICE_READY = message_kind(
    MessageKind(
        key="cases.notice_ready",
        label=_LABEL,
        subject=Text(
            "通知書が届いています：{procedure}",
            easy="通知書（つうちしょ）が 届（とど）いて います：{procedure}",
            en="A notice for you: {procedure}",
        ),
        body=Text(
            "「{procedure}」（受付番号 {number}）の通知書を、手続きの画面で開けます。{until}までに開かれないときは、郵便でお送りします。",
            easy="「{procedure}」（{number}）の 通知書（つうちしょ）が あります。{until}までに 開（ひら）いて ください。開かない ときは、手紙（てがみ）で 送（おく）ります。",
            en="The notice about “{procedure}” (number {number}) can be opened on its page. If it is not opened by {until}, we send it by post.",
        ),
        link_text=Text("通知書を開く", easy="通知書（つうちしょ）を 開（ひら）く", en="Open the notice"),
        examples={**_EXAMPLE, "until": "令和8年11月12日"},
    )
)

LETTER = message_kind(
    MessageKind(
        key="cases.letter",
        label=_LABEL,
        subject=Text("{title}", easy="{title}", en="{title}"),
        body=Text("{text}", easy="{text}", en="{text}"),
        by_post=ByPost.ALWAYS,
        examples={
            "title": "決定通知書",
            "text": "令和8年11月2日付けで申請のありました件について、次のとおり決定しましたので、通知します。",
        },
    )
)

TO_STAFF = message_kind(
    MessageKind(
        key="cases.to_staff",
        label=_WORK,
        subject=Text("{what}：{number}", easy="{what}：{number}", en="{what}: {number}"),
        body=Text(
            "案件 {number}「{procedure}」：{what}",
            easy="案件（あんけん） {number}「{procedure}」：{what}",
            en="Case {number} “{procedure}”: {what}",
        ),
        link_text=Text("案件を開く", easy="案件（あんけん）を 開（ひら）く", en="Open the case"),
        examples={**_EXAMPLE, "what": "補正の答えが届きました"},
    )
)
