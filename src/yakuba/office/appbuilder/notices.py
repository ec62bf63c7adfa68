"""What people are told about self-built apps."""

from __future__ import annotations

from yakuba.kernel.notify.api import MessageKind, message_kind
from yakuba.kernel.values.api import Text

MENTIONED = message_kind(
    MessageKind(
        key="appbuilder.mentioned",
        label=Text(
            "アプリの記録のお知らせ", easy="アプリの 記録（きろく）の お知（し）らせ", en="About a record of an app"
        ),
        subject=Text(
            "{name}さんがコメントであなたに知らせています：{app}",
            easy="{name}さんが コメントで あなたに 知（し）らせています：{app}",
            en="{name} mentioned you in a comment: {app}",
        ),
        body=Text(
            "アプリ「{app}」の番号{number}の記録に、{name}さんがコメントを書きました。",
            easy="アプリ「{app}」の 番号（ばんごう）{number}の 記録（きろく）に、{name}さんが コメントを 書（か）きました。",
            en="{name} wrote a comment at record {number} of the app “{app}”.",
        ),
        link_text=Text("記録を開く", easy="記録（きろく）を 開（ひら）く", en="Open the record"),
        examples={"name": "見本　太郎", "app": "備品貸出", "number": "12"},
    )
)
TOLD = message_kind(
    MessageKind(
        key="appbuilder.told",
        label=Text("アプリからのお知らせ", easy="アプリからの お知（し）らせ", en="From an app"),
        subject=Text("{app}：{name}", easy="{app}：{name}", en="{app}: {name}"),
        body=Text("{text}", easy="{text}", en="{text}"),
        link_text=Text("記録を開く", easy="記録（きろく）を 開（ひら）く", en="Open the record"),
        examples={
            "app": "備品貸出",
            "name": "返却が過ぎています",
            "text": "「プロジェクター」の返却予定日を過ぎています。",
        },
    )
)
PAUSED = message_kind(
    MessageKind(
        key="appbuilder.paused",
        label=Text("アプリの自動処理のお知らせ", easy="アプリの 自動処理（じどうしょり）", en="About an automation"),
        subject=Text(
            "{app}：自動処理「{name}」を止めました",
            easy="{app}：自動処理（じどうしょり）「{name}」を 止（と）めました",
            en="{app}: the automation “{name}” was paused",
        ),
        body=Text(
            "{why}\n直したあと、アプリの「自動処理」の画面で再開できます。",
            easy="{why}\n直（なお）した あと、「自動処理」の 画面（がめん）で 再開（さいかい）できます。",
            en="{why}\nWhen it is put right, start it again on the app's page of automations.",
        ),
        link_text=Text("自動処理を開く", easy="自動処理（じどうしょり）を 開（ひら）く", en="Open the automations"),
        examples={"app": "備品貸出", "name": "返却のお願い", "why": "続けて5回失敗しました。"},
    )
)
_LABEL = Text("お申込みのお知らせ", easy="もうしこみの お知（し）らせ", en="Your sign-up")
_OPEN = Text("内容を見る", easy="内容（ないよう）を 見（み）る", en="See the details")
_EXAMPLES = {"title": "親子料理教室", "number": "101-12"}


def _kind(name: str, subject: Text, body: Text, **examples: str) -> MessageKind:
    return message_kind(
        MessageKind(
            key=f"appbuilder.door.{name}",
            label=_LABEL,
            subject=subject,
            body=body,
            link_text=_OPEN,
            examples={**_EXAMPLES, **examples},
        )
    )


BOOKED = _kind(
    "booked",
    Text(
        "「{title}」の参加が決まりました", easy="「{title}」に 参加（さんか） できます", en="{title}: you have a place"
    ),
    Text(
        "「{title}」のお申込みを受け付け、参加が決まりました。受付番号は {number} です。",
        easy="「{title}」に 参加（さんか） できます。番号（ばんごう）は {number} です。",
        en="You have a place at {title}. The number is {number}.",
    ),
)
WAITING = _kind(
    "waiting",
    Text(
        "「{title}」の空きをお待ちいただきます",
        easy="「{title}」は いま いっぱいです",
        en="{title}: on the waiting list",
    ),
    Text(
        "「{title}」は定員に達しているため、空き待ちとして受け付けました。空きができたらお知らせします。受付番号は {number} です。",
        easy="「{title}」は いま いっぱいです。あいたら お知（し）らせします。番号（ばんごう）は {number} です。",
        en="{title} is full. You are on the waiting list; we write when a place becomes free. The number is {number}.",
    ),
)
OFFERED = _kind(
    "offered",
    Text("「{title}」に空きができました", easy="「{title}」が あきました", en="{title}: a place is free"),
    Text(
        "「{title}」に空きができました。{until}までに、参加するかどうかをお返事ください。お返事がないときは、次の人にゆずります。受付番号は {number} です。",
        easy="「{title}」が あきました。{until}までに、行（い）くか 返事（へんじ）を して ください。返事（へんじ）が ないと、ほかの 人（ひと）が 行（い）きます。番号（ばんごう）は {number} です。",
        en="A place at {title} is free for you. Please answer by {until}; otherwise it goes to the next in line. The number is {number}.",
    ),
    until="2026年5月1日 17:00",
)
CANCELLED = _kind(
    "cancelled",
    Text("「{title}」のお申込みを取り消しました", easy="「{title}」を とりけしました", en="{title}: cancelled"),
    Text(
        "「{title}」のお申込み（受付番号 {number}）を取り消しました。{reason}",
        easy="「{title}」（番号（ばんごう） {number}）を とりけしました。{reason}",
        en="Your sign-up for {title} (number {number}) was cancelled. {reason}",
    ),
    reason="講師の都合により中止します。",
)
LAPSED = _kind(
    "lapsed",
    Text(
        "「{title}」の空き待ちが終わりました",
        easy="「{title}」を まつのが 終（お）わりました",
        en="{title}: offer ended",
    ),
    Text(
        "「{title}」（受付番号 {number}）は、期限までにお返事がなかったため、次の人にゆずりました。",
        easy="「{title}」（番号（ばんごう） {number}）は、返事（へんじ）が なかったので、ほかの 人（ひと）に かわりました。",
        en="We had no answer about {title} (number {number}) in time; the place went to the next in line.",
    ),
)
ORPHANED = message_kind(
    MessageKind(
        key="appbuilder.orphaned",
        label=Text("アプリの引継ぎ", easy="アプリの 引継（ひきつ）ぎ", en="An app without a keeper"),
        subject=Text(
            "アプリ「{app}」を引き継いでください",
            easy="アプリ「{app}」を 引（ひ）き継（つ）いで ください",
            en="The app “{app}” needs a keeper",
        ),
        body=Text(
            "アプリ「{app}」：{why}\n「台帳・引継ぎ」の画面で、所管課と管理する人を決めてください。要らなければ、使うのをやめられます。",
            easy="アプリ「{app}」：{why}\n「台帳（だいちょう）・引継（ひきつ）ぎ」の 画面（がめん）で 管理（かんり）する 人（ひと）を 決（き）めて ください。",
            en="{app}: {why}\nChoose a section and keepers on its page of the ledger, or stop using it.",
        ),
        link_text=Text("引継ぎの画面を開く", easy="画面（がめん）を 開（ひら）く", en="Open its page"),
        examples={"app": "備品貸出", "why": "管理する人がいない"},
    )
)
UNUSED = message_kind(
    MessageKind(
        key="appbuilder.unused",
        label=Text("使われていないアプリ", easy="使（つか）われていない アプリ", en="An app nobody uses"),
        subject=Text(
            "アプリ「{app}」は12か月使われていません",
            easy="アプリ「{app}」は 12か月（げつ）使（つか）われて いません",
            en="Nobody has used the app “{app}” for 12 months",
        ),
        body=Text(
            "アプリ「{app}」の記録は、12か月の間、加えられても変えられてもいません。もう使わなければ、「台帳・引継ぎ」の画面で閉じられます。",
            easy="アプリ「{app}」は 12か月（げつ）の 間（あいだ）使（つか）われて いません。使（つか）わなければ 閉（と）じて ください。",
            en="No record of {app} was added or changed for 12 months. If it is no longer needed, close it on its page of the ledger.",
        ),
        link_text=Text("台帳・引継ぎを開く", easy="画面（がめん）を 開（ひら）く", en="Open its page"),
        examples={"app": "備品貸出"},
    )
)
