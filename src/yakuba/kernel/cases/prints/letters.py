"""Letters and receipts as PDF."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import segno

from yakuba.kernel.cases.models import Case, Notice
from yakuba.kernel.cases.rules.words import state_words
from yakuba.kernel.japan.api import era_date, format_postal_code
from yakuba.kernel.paper.api import render_pdf, town_letterhead
from yakuba.kernel.values.api import TOKYO, Text


def letter_pdf(notice: Notice, *, printed_at: datetime) -> bytes:
    """The letter of a notice exactly as it was signed off. Raises `UndrawableCharacters` rather than print 〓."""
    content: dict[str, Any] = notice.content
    recipient = content["recipient"]
    return render_pdf(
        "cases/letter",
        {
            "title": content["title"],
            "number": notice.number.written if notice.number else None,
            "date": notice.on,
            "recipient": {
                "postal_code": format_postal_code(recipient["postal_code"]) if recipient["postal_code"] else "",
                "address": recipient["address"],
                "name": recipient["name"],
                "honorific": "様",
            },
            "sender": content["sender"],
            "by_hand": content["by_hand"],
            "opening": content["opening"],
            "items": content["items"],
            "parts": content["parts"],
            "note": content["note"],
            "note_lang": content["note_lang"],
        },
        printed_at=printed_at,
        letterhead=town_letterhead(),
        exact=True,
    )


_TITLE = Text("受付票", easy="受付票（うけつけひょう）", en="Receipt")
_LABELS = {
    "number": Text("受付番号", easy="受付番号（うけつけ ばんごう）", en="Number"),
    "procedure": Text("手続き", easy="手続き（てつづき）", en="Procedure"),
    "name": Text("お名前", easy="お名前（なまえ）", en="Name"),
    "at": Text("受付日時", easy="受け付けた 日と 時間", en="Received"),
    "section": Text("担当", easy="担当（たんとう）", en="Section in charge"),
    "state": Text("状況", easy="いまの ようす", en="Status"),
}
_NOTES = (
    Text(
        "この番号は、お問い合わせのときに必要です。大切に保管してください。",
        easy="この 番号（ばんごう）は、役場（やくば）に 聞（き）く ときに 使（つか）います。なくさないで ください。",
        en="Please keep this number: you need it when you contact us.",
    ),
    Text(
        "二次元コードから、いまの状況を確かめられます。パスワードは、この紙には書いてありません。",
        easy="四角（しかく）い コードを スマートフォンで 読（よ）むと、いまの ようすが わかります。パスワードは この 紙（かみ）に 書（か）いて ありません。",
        en="Scan the code to see the current status. Your password is not printed here.",
    ),
)


def receipt_pdf(case: Case, *, look_up_url: str, language: str, printed_at: datetime) -> bytes:
    """The receipt (受付票): number, procedure, moment, section; no place, no contact, no answers.

    ``look_up_url`` leads to the look-up page (with the number, never the password); empty for no code.
    """
    received = case.received_at.astimezone(TOKYO)
    values = {
        "number": case.number,
        "procedure": case.procedure.title.in_language(language) if case.procedure.values else case.title,
        "name": case.applicant_name,
        "at": f"{era_date(received.date())} {received:%H:%M}",
        "section": " ".join(part for part in (str(case.section), case.section.phone) if part),
        "state": state_words(case.kind, case.state, case.stage).title.in_language(language),
    }
    images = {}
    if look_up_url:
        drawn = io.BytesIO()
        segno.make(look_up_url, error="m").save(drawn, kind="png", scale=6, border=2)
        images["code.png"] = drawn.getvalue()
    return render_pdf(
        "cases/receipt",
        {
            "title": _TITLE.in_language(language),
            "items": [[_LABELS[key].in_language(language), value] for key, value in values.items()],
            "has_code": bool(images),
            "code_alt": case.number,
            "notes": [one.in_language(language) for one in (_NOTES if images else _NOTES[:1])],
        },
        printed_at=printed_at,
        letterhead=town_letterhead(),
        images=images,
    )
