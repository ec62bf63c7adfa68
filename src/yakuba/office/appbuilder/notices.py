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
