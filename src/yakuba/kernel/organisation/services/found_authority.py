"""Deciding authorities (執行機関): entering and correcting them."""

from __future__ import annotations

import re

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Authority
from yakuba.kernel.organisation.services.words import words
from yakuba.kernel.values.api import Refusal

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")


@verb("organisation.found_authority", label="執行機関の登録")
def found_authority(
    *, by: Person, code: str, name: str, head_title: str, seal_name: str = "", order: int = 0
) -> Authority:
    """Enter a deciding authority. Raises ``Refusal`` for a code that is no code or is taken."""
    require_editor(by)
    tidy = code.strip()
    if not _CODE.fullmatch(tidy):
        raise Refusal(
            f"執行機関コード「{tidy[:30]}」は使えません。",
            field="code",
            hint="半角の英小文字・数字・「-」「_」で30文字までにしてください（例: mayor、education）。",
        )
    if Authority.objects.filter(code=tidy).exists():
        raise Refusal(
            f"執行機関コード「{tidy}」はすでに使われています。", field="code", hint="別のコードにしてください。"
        )
    return Authority.objects.create(code=tidy, **_words(name, head_title, seal_name), order=order)


@verb("organisation.correct_authority", label="執行機関の記録の訂正")
def correct_authority(
    *, by: Person, authority: Authority, name: str, head_title: str, seal_name: str = "", order: int = 0
) -> Authority:
    """Correct the record of a deciding authority; its code never changes."""
    require_editor(by)
    for field, value in {**_words(name, head_title, seal_name), "order": order}.items():
        setattr(authority, field, value)
    authority.save()
    return authority


def _words(name: str, head_title: str, seal_name: str) -> dict[str, str]:
    return {
        "name": words(name, "名称", field="name", longest=60),
        "head_title": words(head_title, "代表者の職名", field="head_title", longest=60),
        "seal_name": seal_name.strip()[:60],
    }
