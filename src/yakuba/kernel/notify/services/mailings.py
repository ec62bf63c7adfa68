"""Letters to everybody of a list: kept once, written in chunks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.notify.access import sections_of
from yakuba.kernel.notify.models import Letter, Mailing
from yakuba.kernel.notify.notices import letter_kind
from yakuba.kernel.notify.recipients import PostalTo, Recipient
from yakuba.kernel.notify.rules.letters import LetterState, Service
from yakuba.kernel.notify.rules.mailings import MOST_ROWS, merged
from yakuba.kernel.notify.rules.texts import one_line, plain
from yakuba.kernel.notify.services.tell import tell
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock, Refusal

PER_CHUNK = 10


@verb("notify.write_letter", label="郵便を1通作る")
def write_letter(
    *,
    by: Person,
    section: Section,
    recipient: Recipient,
    title: str,
    text: str,
    number: str,
    service: Service,
    key: str,
    clock: Clock,
) -> Letter:
    """A letter in a clerk's own words to one person. Raises ``NotAllowed``, ``Refusal``."""
    _require_section(by, section)
    title, text = _checked(title, text)
    message = tell(
        by=by,
        recipient=recipient,
        kind=letter_kind(service),
        about=None,
        values={"title": title, "text": text},
        key=key,
        clock=clock,
        section=section,
        letter_number=number,
    )
    return message.letters.get()


@verb("notify.begin_mailing", label="宛先一覧からの郵便の作成")
def begin_mailing(
    *,
    by: Person,
    section: Section,
    title: str,
    text: str,
    number: str,
    service: Service,
    rows: Sequence[Mapping[str, str]],
    clock: Clock,
) -> Mailing:
    """Keep a checked list; a job writes its letters. ``rows`` hold 氏名, 郵便番号, 住所 and whatever the marks need.

    Raises ``NotAllowed``, ``Refusal``.
    """
    _require_section(by, section)
    title, text = _checked(title, text)
    if not rows:
        raise Refusal("宛先が一件もありません。", field="file", hint="一覧に宛先を入れてください。")
    if len(rows) > MOST_ROWS:
        raise Refusal(f"宛先が多すぎます（{MOST_ROWS:,}件まで）。", field="file", hint="いくつかに分けてください。")
    mailing = Mailing.objects.create(
        section=section,
        title=title,
        text=text,
        number=one_line(number)[:40],
        service=service.value,
        rows=[dict(row) for row in rows],
        wanted=len(rows),
        made_by=by.id,
        made_by_name=by.name,
        made_at=clock.now(),
    )
    enqueue("notify.write_letters", key=f"notify.write_letters:{mailing.public_id}", mailing=mailing.public_id)
    return mailing


@verb("notify.write_mailing_chunk", label="宛先一覧からの郵便を続けて作る")
def write_mailing_chunk(*, by: Person, mailing: Mailing, clock: Clock) -> int:
    """Write the next letters of a mailing; returns how many are left. Told by row, no letter is written twice."""
    kept = Mailing.objects.select_for_update(of=("self",)).select_related("section").get(pk=mailing.pk)
    chunk = kept.rows[kept.written : kept.written + PER_CHUNK]
    for place, row in enumerate(chunk, start=kept.written + 1):
        message = tell(
            by=by,
            recipient=recipient_of(row),
            kind=letter_kind(Service(kept.service)),
            about=ref_of(kept),
            values={"title": merged(kept.title, row), "text": merged(kept.text, row)},
            key=f"mailing:{kept.public_id}:{place}",
            clock=clock,
            section=kept.section,
            letter_number=kept.number,
        )
        kept.by_hand += message.letters.filter(state=LetterState.BY_HAND.value).exists()
    kept.written += len(chunk)
    if kept.is_done:
        kept.rows = []  # the letters have their addresses; the list has done its work
    kept.save(update_fields=["written", "by_hand", "rows"])
    return kept.wanted - kept.written


def recipient_of(row: Mapping[str, str]) -> Recipient:
    """To whom a row of a list goes. Raises ``Refusal`` for what cannot stand on an envelope."""
    return Recipient(
        name=row["氏名"],
        address=PostalTo.of(row.get("郵便番号", ""), row["住所"], row.get("行政区", "")),
        honorific=row.get("敬称", "") or "様",
        number=row.get("宛名番号", ""),
        language=row.get("ことば", ""),
    )


def _checked(title: str, text: str) -> tuple[str, str]:
    title, text = one_line(title)[:200], plain(text)
    if not title:
        raise Refusal("件名が空です。", field="title", hint="手紙の題を入力してください。")
    if not text:
        raise Refusal("文面が空です。", field="text", hint="手紙の本文を入力してください。")
    return title, text


def _require_section(by: Person, section: Section) -> None:
    if section.pk not in sections_of(by):
        raise NotAllowed("郵便を作れるのは、担当の所属の職員です。")
