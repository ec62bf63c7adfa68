"""The consent of somebody who applies together (共同申請者の同意)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from yakuba.kernel.values.api import Refusal, Text

MOST_WRONG_CODES = 5
MOST_COSIGNERS = 5
CODE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom the applicant asks to agree: name, relation in words, mail if they have one."""

    name: str
    relation: str = ""
    mail: str = ""


class CodeWrong(Refusal):
    """The one-time code is not the one that was given out."""


def token_digest(token: str) -> str:
    """How the token of a link is kept."""
    return hashlib.sha256(b"yakuba.cases.consent:" + token.encode()).hexdigest()


def code_digest(token: str, code: str) -> str:
    """How a one-time code is kept: with its token, so that the stored hash alone cannot be tried out."""
    return hashlib.sha256(f"yakuba.cases.code:{token}:{code}".encode()).hexdigest()


def is_code(token: str, typed: str, digest: str) -> bool:
    """Whether the typed code is the one kept (spaces and full width do not matter)."""
    code = "".join(str(int(one)) for one in typed if one.isdecimal())
    return bool(digest) and hmac.compare_digest(code_digest(token, code), digest)


def check_link(*, now: datetime, expires_at: datetime | None, wrong_codes: int, is_answered: bool) -> None:
    """Raise `Refusal` when the link opens nothing any more."""
    if is_answered:
        raise Refusal("この同意の手続きは、すでに済んでいます。", hint="変えたいときは、役場へご連絡ください。")
    if expires_at is None or now >= expires_at:
        raise Refusal("このリンクの期限が過ぎています。", hint="申請した人に、新しいリンクを送ってもらってください。")
    if wrong_codes >= MOST_WRONG_CODES:
        raise Refusal(
            "確認番号を続けて間違えたため、このリンクは使えなくなりました。",
            hint="申請した人に、新しいリンクを送ってもらってください。",
        )


def statement(*, applicant: str, title: str, number: str) -> Text:
    """What a co-applicant agrees to. The Japanese text is kept with the answer."""
    return Text(
        f"{applicant}さんが出した「{title}」（受付番号 {number}）について、私も申請者の一人として申請することに同意します。",
        easy=f"{applicant}さんが 出した「{title}」（{number}）を、私も いっしょに 出します。",
        en=f"I apply together with {applicant} for “{title}” (number {number}) and agree to it.",
    )


def checked_invitations(invited: tuple[Invited, ...], *, applicant: str) -> tuple[Invited, ...]:
    """The people asked, without blanks. Raises `Refusal` for one without a name, the applicant, somebody twice, too many."""
    found: list[Invited] = []
    for one in invited:
        name = one.name.strip()[:120]
        if not name:
            raise Refusal("一緒に申請する人の氏名がありません。", field="cosigners", hint="氏名を入力してください。")
        if name == applicant.strip() or any(name == other.name for other in found):
            raise Refusal(
                "一緒に申請する人に、同じ人が二度入っています。",
                field="cosigners",
                hint="申請者とは別の人を入力してください。",
            )
        found.append(Invited(name, one.relation.strip()[:60], one.mail.strip()[:254]))
    if len(found) > MOST_COSIGNERS:
        raise Refusal(f"一緒に申請する人は{MOST_COSIGNERS}人までです。", field="cosigners")
    return tuple(found)
