"""Opt-in reminders: asked for, confirmed by the link in a mail, sent once for each step, stopped, deleted."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import NoReverseMatch, reverse

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.notify.api import CannotBeReached, Recipient, tell
from yakuba.kernel.parameters.api import is_sample_town, whole_on
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.residents.card_support.access import section_in_charge
from yakuba.residents.card_support.models import Reminded, Reminder
from yakuba.residents.card_support.notices import CONFIRM_REMINDER, RENEW
from yakuba.residents.card_support.reminder_links import token_of
from yakuba.residents.card_support.rules.reminders import FURTHEST_YEARS, Due, deletable_on, due_reminders
from yakuba.residents.card_support.words import WHAT, expiry_text

UNCONFIRMED_LASTS = timedelta(days=3)


@verb("card.ask_reminder", label="カードの更新のお知らせの申込")
def ask_for_reminders(
    *, by: Person, card_until: date | None, certificate_until: date | None, mail: str, language: str, clock: Clock
) -> Reminder:
    """Ask to be reminded. A resident with an account is told there at once; a mail address must be confirmed first.

    Whoever has an entry gets it changed, not a second one: by the account, or by the address once its link is pressed.
    Raises `Refusal`.
    """
    today = clock.today()
    for field, day in (("card_until", card_until), ("certificate_until", certificate_until)):
        if day is not None and not today <= day <= today + timedelta(days=366 * FURTHEST_YEARS):
            raise Refusal(
                f"有効期限は、今日から{FURTHEST_YEARS}年以内の日を入れてください。",
                field=field,
                hint="カードの表に書いてある日です。",
            )
    if card_until is None and certificate_until is None:
        raise Refusal("有効期限が入っていません。", field="card_until", hint="どちらか一つは入れてください。")
    is_own = by.kind is PersonKind.RESIDENT
    if not is_own and not mail:
        raise Refusal("メールアドレスが空です。", field="mail", hint="お知らせを送るアドレスを入れてください。")
    if is_own:
        Reminder.objects.filter(account=by.id).delete()
    made = Reminder.objects.create(
        account=by.id if is_own else "",
        mail="" if is_own else mail,
        card_until=card_until,
        certificate_until=certificate_until,
        language=language,
        asked_at=clock.now(),
        confirmed_at=clock.now() if is_own else None,
        is_sample=is_sample_town(),
    )
    if not is_own:
        tell(
            by=by,
            recipient=Recipient(mail=mail, language=language),
            kind=CONFIRM_REMINDER,
            about=ref_of(made),
            values={},
            key=f"card.confirm_reminder:{made.public_id}",
            clock=clock,
            section=section_in_charge(),
            link=_link(made),
        )
    return made


@verb("card.confirm_reminder", label="カードの更新のお知らせの確認")
def confirm_reminder(*, by: Person, reminder: Reminder, clock: Clock) -> Reminder:
    """The link in the mail was pressed: the address is theirs. Earlier entries of the address give way to this one."""
    kept = Reminder.objects.select_for_update().get(pk=reminder.pk)
    if kept.confirmed_at is None:
        kept.confirmed_at = clock.now()
        kept.save()
        Reminder.objects.filter(mail=kept.mail).exclude(pk=kept.pk).exclude(mail="").delete()
    return kept


@verb("card.stop_reminder", label="カードの更新のお知らせの停止")
def stop_reminder(*, by: Person, reminder: Reminder, clock: Clock) -> None:
    """Stop: the entry is deleted at once."""
    Reminder.objects.filter(pk=reminder.pk).delete()


@verb("card.remind", label="カードの更新のお知らせ")
def remind(*, by: Person, reminder: Reminder, clock: Clock) -> tuple[Due, ...]:
    """Say what is due today and was not said yet; run again it says nothing again. What was said comes back."""
    kept = Reminder.objects.select_for_update().filter(pk=reminder.pk, confirmed_at__isnull=False).first()
    if kept is None:
        return ()
    said = []
    for due in due_today(kept, clock.today()):
        _, is_new = Reminded.objects.get_or_create(
            reminder=kept, what=due.what, until=due.until, months=due.months, defaults={"sent_at": clock.now()}
        )
        if not is_new:
            continue
        try:
            tell(
                by=by,
                recipient=Recipient(account=kept.account, mail=kept.mail, language=kept.language),
                kind=RENEW,
                about=ref_of(kept),
                values={"what": WHAT[due.what], "until": expiry_text(due.until)},
                key=f"card.renew:{kept.public_id}:{due.what}:{due.until.isoformat()}:{due.months}",
                clock=clock,
                section=section_in_charge(),
                link=_link(kept),
            )
        except CannotBeReached:
            break  # the account was closed; the entry goes with the next night
        said.append(due)
    return tuple(said)


def due_today(reminder: Reminder, today: date) -> tuple[Due, ...]:
    """What is due by the town's steps."""
    steps = (whole_on("card.first_reminder_months", today), whole_on("card.second_reminder_months", today))
    return due_reminders(
        card_until=reminder.card_until, certificate_until=reminder.certificate_until, steps=steps, today=today
    )


@verb("card.delete_reminders", label="期限を過ぎた更新のお知らせの申込の削除")
def delete_over(*, by: Person, limit: int, clock: Clock) -> int:
    """Delete entries whose time is over, and those nobody confirmed within three days. How many."""
    today = clock.today()
    kept_days = whole_on("card.reminder_kept_days", today)
    rows = Reminder.objects.filter(confirmed_at__isnull=True, asked_at__lt=clock.now() - UNCONFIRMED_LASTS)
    over = set(rows.values_list("pk", flat=True)[:limit])
    for one in Reminder.objects.all().iterator(chunk_size=500):
        if len(over) >= limit:
            break
        if deletable_on(one.card_until, one.certificate_until, kept_days=kept_days) <= today:
            over.add(one.pk)
    Reminder.objects.filter(pk__in=over).delete()
    return len(over)


def _link(reminder: Reminder) -> str:
    try:
        return reverse("card-reminder", args=[token_of(reminder)])
    except NoReverseMatch:
        return ""
