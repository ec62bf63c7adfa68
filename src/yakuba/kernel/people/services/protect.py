"""Protecting somebody (支援措置), extending that, ending it."""

from __future__ import annotations

from datetime import date, timedelta

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.people.access import require_protection_keeper
from yakuba.kernel.people.models import Protection, ProtectionToken
from yakuba.kernel.people.rules.profiles import one_line
from yakuba.kernel.people.rules.protections import Ground, checked_extension, checked_protection, tokens_of
from yakuba.kernel.people.sealing import digest_of_token, seal
from yakuba.kernel.values.api import Clock, Period, Refusal


@verb("people.protect", label="支援措置の登録")
def protect(
    *,
    by: Person,
    name: str,
    born_on: date | None,
    account: str,
    number: str,
    ground: Ground,
    note: str,
    starts_on: date,
    last_day: date,
    clock: Clock,
) -> Protection:
    """Protect a person from ``starts_on`` through ``last_day``. The name is needed, everything else helps to recognise.

    Raises ``NotAllowed``, ``Refusal``.
    """
    require_protection_keeper(by)
    name = one_line(name, field="name", longest=120)
    account, number = (
        one_line(text, field=field, longest=20) for text, field in ((account, "account"), (number, "number"))
    )
    tokens = tokens_of(account=account, number=number, name=name, born_on=born_on)
    if not any(token.startswith("name:") for token in tokens):
        raise Refusal("氏名が空です。", field="name", hint="氏名を入力してください。")
    period = checked_protection(starts_on, last_day)
    protection = Protection.objects.create(
        sealed=seal(
            {
                "name": name,
                "born_on": born_on.isoformat() if born_on else "",
                "account": account,
                "number": number,
                "ground": ground.value,
                "note": note.strip()[:1000],
            }
        ),
        starts_on=period.start,
        ends_on=period.end or starts_on,
        set_by=by.id,
        set_by_name=by.name,
        set_at=clock.now(),
    )
    ProtectionToken.objects.bulk_create(
        [ProtectionToken(protection=protection, digest=digest_of_token(token)) for token in sorted(tokens)]
    )
    return protection


@verb("people.extend_protection", label="支援措置の延長")
def extend_protection(*, by: Person, protection: Protection, last_day: date, clock: Clock) -> Protection:
    """Protect on, at most a year beyond the old end. Raises ``NotAllowed``, ``Refusal``."""
    require_protection_keeper(by)
    kept = Protection.objects.select_for_update().get(pk=protection.pk)
    if kept.ends_on <= kept.starts_on:
        raise Refusal("この支援措置は終わっています。", hint="新しい支援措置として登録してください。")
    period = checked_extension(Period(kept.starts_on, kept.ends_on), last_day, today=clock.today())
    kept.ends_on = period.end or kept.ends_on
    kept.save(update_fields=["ends_on"])
    return kept


@verb("people.end_protection", label="支援措置の終了")
def end_protection(*, by: Person, protection: Protection, last_day: date, reason: str, clock: Clock) -> Protection:
    """End a protection before its time: it holds for the last time on ``last_day``, at the earliest today.

    Raises ``NotAllowed``, ``Refusal``.
    """
    require_protection_keeper(by)
    if not reason.strip():
        raise Refusal("終える理由が空です。", field="reason", hint="本人の申出など、理由を書いてください。")
    kept = Protection.objects.select_for_update().get(pk=protection.pk)
    today = clock.today()
    if kept.ends_on <= today:
        raise Refusal("この支援措置は終わっています。", hint="一覧を開き直してください。")
    if last_day < today:
        raise Refusal(
            "過ぎた日には終えられません。", field="last_day", hint="今日か、それより後の日を入力してください。"
        )
    ends_on = last_day + timedelta(days=1)
    if ends_on > kept.ends_on:
        raise Refusal("今の終わりの日より後です。", field="last_day", hint="続けるときは延長してください。")
    kept.ends_on = max(ends_on, kept.starts_on)
    kept.sealed = seal({**kept.content, "ended_because": reason.strip()[:400]})
    kept.ended_by, kept.ended_at = by.id, clock.now()
    kept.save(update_fields=["ends_on", "sealed", "ended_by", "ended_at"])
    return kept
