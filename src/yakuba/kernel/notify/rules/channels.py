"""Over which channels somebody is told: what they wish, what is possible, what the law asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

INBOX, MAIL, POST = "inbox", "mail", "post"


class ByPost(StrEnum):
    """Whether a kind of message goes by post.

    NEVER: not worth a letter. IF_WISHED: to those who asked for letters, and to those nothing else reaches. ALWAYS: the
    law asks for paper, or the paper itself is wanted.
    """

    NEVER = "never"
    IF_WISHED = "if_wished"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Reach:
    """How somebody can be reached: an account's inbox, mail, post; further channels by name (LINE …).

    ``wishes_mail``, ``wishes_post`` follow from the profile; without one, mail is wished and letters are not.
    """

    has_account: bool
    has_mail: bool
    has_address: bool
    wishes_mail: bool = True
    wishes_post: bool = False
    others: tuple[str, ...] = ()


class NobodyReached(ValueError):
    """No channel leads to this person."""


def chosen_channels(reach: Reach, by_post: ByPost) -> tuple[str, ...]:
    """The channels a message takes, the inbox first.

    The inbox always, where there is an account. Mail, which says only that there is something, where it is wished or
    the only way. Post as the kind says; where nothing else leads to the person, post is taken unless the kind never
    goes by post. Raises ``NobodyReached``.
    """
    chosen: list[str] = []
    if reach.has_account:
        chosen.append(INBOX)
    if reach.has_mail and (reach.wishes_mail or not reach.has_account):
        chosen.append(MAIL)
    chosen += reach.others
    if reach.has_address and (
        by_post is ByPost.ALWAYS or (by_post is ByPost.IF_WISHED and (reach.wishes_post or not chosen))
    ):
        chosen.append(POST)
    if not chosen:
        raise NobodyReached
    return tuple(chosen)
