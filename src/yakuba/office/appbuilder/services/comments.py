"""Saying something at a record, and taking it back."""

from __future__ import annotations

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.models import Account
from yakuba.kernel.japan.api import find_my_numbers
from yakuba.kernel.notify.api import Recipient, tell
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import definition_of, sight_for, visible_records
from yakuba.office.appbuilder.models import Record, RecordComment
from yakuba.office.appbuilder.notices import MENTIONED
from yakuba.office.appbuilder.queries.names import staff_names
from yakuba.office.appbuilder.queries.seen_as import person_as
from yakuba.office.appbuilder.rules.mentions import mentions_in

LONGEST_COMMENT = 2000


@verb("appbuilder.add_comment", label="アプリの記録へのコメント")
def add_comment(*, by: Person, record: Record, text: str, clock: Clock) -> RecordComment:
    """Say something at a record the person sees; people called by @氏名 are told, if they see the record too.

    Raises `NotVisible`, and `Refusal` for a My Number, for a name nobody has, and for people who do not see the record:
    then nothing is kept and nobody is told.
    """
    _refuse_blind(by, record, clock)
    text = text.strip()
    if not 0 < len(text) <= LONGEST_COMMENT:
        raise Refusal(f"コメントを{LONGEST_COMMENT:,}文字までで書いてください。", field="text")
    if find_my_numbers(text):
        raise Refusal("個人番号（マイナンバー）とみられる番号があります。", field="text", hint="番号を消してください。")
    names = staff_names(clock.today())
    called = mentions_in(text, names)
    told = _recipients(called, names, record, clock)
    comment = RecordComment.objects.create(
        record=record,
        text=text,
        mentioned=[names[key] for key in called],
        by=by.id,
        by_name=by.name,
        at=clock.now(),
    )
    for account in told:
        if account.public_id == by.id:
            continue
        tell(
            by=by,
            recipient=Recipient(account=account.public_id),
            kind=MENTIONED,
            about=ref_of(record),
            section=record.app.section,
            values={"name": by.name, "app": record.app.title, "number": str(record.number)},
            key=f"appbuilder.comment:{comment.public_id}:{account.public_id}",
            link=record.get_absolute_url(),
            clock=clock,
        )
    return comment


def _recipients(called: tuple[str, ...], names: dict[str, str], record: Record, clock: Clock) -> list[Account]:
    """The accounts of the people called. Raises `Refusal` naming those who do not see the record."""
    blind, told = [], []
    for staff in Staff.objects.filter(public_id__in=called):
        account = Account.objects.filter(staff=staff, is_active=True).first()
        if account is not None and _sees(person_as(staff, clock.today()), record, clock):
            told.append(account)
        else:
            blind.append(names[staff.public_id])
    if blind:
        raise Refusal(
            f"{'、'.join(sorted(blind))}さんは、この記録を見られないため、知らせられません。コメントはまだ書き込んでいません。",
            field="text",
            hint="名前の前の @ を消すか、アプリを管理する人に権限を頼んでください。",
        )
    return told


def _sees(person: Person, record: Record, clock: Clock) -> bool:
    definition = definition_of(record.app)
    sight = sight_for(person, record.app, definition)
    return visible_records(person, record.app, definition, sight, today=clock.today()).filter(pk=record.pk).exists()


def _refuse_blind(by: Person, record: Record, clock: Clock) -> None:
    record.app.refresh_from_db()  # permissions may have changed since the caller read them
    if record.app.closed_at is not None or not _sees(by, record, clock):
        raise NotVisible


@verb("appbuilder.delete_comment", label="アプリの記録のコメントの削除")
def delete_comment(*, by: Person, comment: RecordComment, clock: Clock) -> RecordComment:
    """Take a comment back: its text is gone, that there was one stays. For its writer and those who manage the app."""
    record = comment.record
    _refuse_blind(by, record, clock)
    comment = RecordComment.objects.select_for_update().get(pk=comment.pk)
    if comment.by != by.id and not sight_for(by, record.app).manage:
        raise NotAllowed("コメントを削除できるのは、書いた人と、アプリを管理する人です。")
    if comment.deleted_at is None:
        comment.text, comment.mentioned = "", []
        comment.deleted_at, comment.deleted_by_name = clock.now(), by.name
        comment.save()
    return comment
