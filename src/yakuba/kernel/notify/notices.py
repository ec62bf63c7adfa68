"""What the engine itself tells people: words a clerk wrote by hand, as a letter."""

from __future__ import annotations

from yakuba.kernel.notify.kinds import MessageKind, message_kind
from yakuba.kernel.notify.rules.channels import ByPost
from yakuba.kernel.notify.rules.letters import Service
from yakuba.kernel.values.api import Text

_KINDS = {
    service: message_kind(
        MessageKind(
            key=f"notify.letter_{service.value}",
            label=Text("役場からのお知らせ", easy="やくばからの おしらせ", en="From the town hall"),
            subject=Text("{title}", easy="{title}", en="{title}"),
            body=Text("{text}", easy="{text}", en="{text}"),
            by_post=ByPost.ALWAYS,
            service=service,
            examples={
                "title": "水道管の工事について",
                "text": "12月1日の午前9時から正午まで、水が出にくくなります。\nご不便をおかけします。",
            },
        )
    )
    for service in Service
}


def letter_kind(service: Service) -> MessageKind:
    """The kind of a letter in a clerk's own words, by how it is carried."""
    return _KINDS[service]
