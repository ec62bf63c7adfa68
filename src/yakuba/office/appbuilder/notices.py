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
