"""What the engine itself tells people: words a clerk wrote by hand."""

from __future__ import annotations

from yakuba.kernel.notify.kinds import MessageKind, message_kind
from yakuba.kernel.notify.rules.channels import ByPost
from yakuba.kernel.values.api import Text

TOWN_LETTER = message_kind(
    MessageKind(
        key="notify.town_letter",
        label=Text("役場からのお知らせ", easy="役場（やくば）からの お知（し）らせ", en="From the town hall"),
        subject=Text("{title}", easy="{title}", en="{title}"),
        body=Text("{text}", easy="{text}", en="{text}"),
        by_post=ByPost.ALWAYS,
        examples={"title": "水道管の工事について", "text": "12月1日の午前9時から正午まで、水が出にくくなります。"},
    )
)
