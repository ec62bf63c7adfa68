"""Appointments: roles that no post carries, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yakuba.kernel.japan.api import era_date
from yakuba.kernel.organisation.rules.sections import in_words
from yakuba.kernel.values.api import Period, Refusal

STAFF, AUDITOR = "staff", "auditor"
#: Roles without whose holder nobody could repair the organisation any more.
INDISPENSABLE = ("personnel", "it")
_LONGEST_GROUND = 200


@dataclass(frozen=True, slots=True)
class Held:
    """A dated appointment: `what` is a role, or the order of a deputy; `whom` the other person, if there is one."""

    key: int | str | None
    what: str
    period: Period
    whom: int | str | None = None
    words: str = ""


def check_grant(new: Held, held: Iterable[Held], *, service: Period, ground: str, is_for_oneself: bool = False) -> None:
    """Raise `Refusal` unless the role may be given: a ground, inside the service, not twice, auditors nothing else.

    The auditor's seat is read-only as a whole, so it excludes every other appointment in the same period.
    """
    if new.what == STAFF:
        raise Refusal(
            "「職員」の権限は、在職している人全員が持っています。", field="role", hint="別の権限を選んでください。"
        )
    if is_for_oneself:
        raise Refusal(
            "自分自身に権限を与えることはできません。",
            field="role",
            hint="ほかの人事担当または情報システム担当の人に登録を頼んでください。",
        )
    if not ground.strip() or len(ground) > _LONGEST_GROUND:
        raise Refusal(
            "権限の根拠がありません。" if not ground.strip() else "権限の根拠が長すぎます。",
            field="ground",
            hint=f"辞令・規程・決裁の番号など、だれが見ても確かめられる根拠を{_LONGEST_GROUND}文字までで書いてください。",
        )
    _check_in_service(new.period, service)
    for one in held:
        if (one.key is not None and one.key == new.key) or not one.period.overlaps(new.period):
            continue
        if one.what == new.what:
            raise Refusal(
                f"同じ権限の任命が{in_words(one.period)}すでにあります。", field="role", hint="期間を確かめてください。"
            )
        if AUDITOR in (one.what, new.what):
            raise Refusal(
                "監査委員の席は閲覧専用です。ほかの権限と同時に持つことはできません。",
                field="role",
                hint=f"先に「{one.words}」の任命を終えるか、期間をずらしてください。",
            )


def check_deputy(
    new: Held, held: Iterable[Held], *, own_key: int | str, service: Period, deputy_service: Period
) -> None:
    """Raise `Refusal` unless the deputy may be named: another person, both in service, each place in the order once.

    `held` are the deputies of the same person.
    """
    if new.whom == own_key:
        raise Refusal("本人を代決者にすることはできません。", field="deputy", hint="ほかの職員を選んでください。")
    if not new.what.isdecimal() or not 1 <= int(new.what) <= 20:
        raise Refusal("代決の順序は1から20までの数です。", field="order", hint="第1順位なら1と入力してください。")
    _check_in_service(new.period, service)
    if not deputy_service.covers(new.period):
        raise Refusal(
            f"代決者の在職期間（{in_words(deputy_service)}）の外です。",
            field="deputy",
            hint="期間を直すか、在職している職員を選んでください。",
        )
    for one in held:
        if (one.key is not None and one.key == new.key) or not one.period.overlaps(new.period):
            continue
        if one.what == new.what:
            raise Refusal(
                f"第{one.what}順位の代決者は{in_words(one.period)}「{one.words}」です。",
                field="order",
                hint="順序か期間を変えてください。",
            )
        if one.whom == new.whom:
            raise Refusal(
                f"「{one.words}」は{in_words(one.period)}すでに第{one.what}順位の代決者です。",
                field="deputy",
                hint="順序か期間を確かめてください。",
            )


def check_appointment_end(*, period: Period, last_day: date) -> date:
    """The first day an appointment is over. Raises `Refusal` for a last day outside it or after its known end."""
    if last_day < period.start:
        raise Refusal(
            f"終わりの日が始まりの日（{era_date(period.start)}）より前です。",
            field="last_day",
            hint="始まりの日以後の日を入力してください。まだ始まっていない任命は取り消せます。",
        )
    if period.last_day is not None and last_day >= period.last_day:
        raise Refusal(
            f"すでに{era_date(period.last_day)}までの登録です。",
            field="last_day",
            hint="それより早い日を入力してください。延ばすときは新しく任命してください。",
        )
    return Period.through(period.start, last_day).end or last_day


def check_not_the_last(*, role: str, label: str, others: int) -> None:
    """Raise `Refusal` if an indispensable role would be left without anybody (`others`: remaining holders)."""
    if role in INDISPENSABLE and others == 0:
        raise Refusal(
            f"「{label}」の権限を持つ人がだれもいなくなります。",
            field="last_day",
            hint="先に後任の人へ同じ権限を任命してください。",
        )


def _check_in_service(period: Period, service: Period) -> None:
    if not service.covers(period):
        raise Refusal(
            f"在職期間（{in_words(service)}）の外です。",
            field="starts_on",
            hint="期間を在職期間の中にしてください。任期のある職員には終わりの日が必要です。",
        )
