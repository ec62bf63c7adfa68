"""A filling on its way: what it holds, and how a verb takes hold of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from yakuba.kernel.forms.models import Filling, FillingState
from yakuba.kernel.forms.rules.evaluate import Evaluation, evaluate_form
from yakuba.kernel.forms.sealing import canonical, document, seal_answers, unseal_answers
from yakuba.kernel.identity.api import seal, unseal
from yakuba.kernel.values.api import Clock, Refusal

TRIAL = "試し入力"
"""What a filling is about that a clerk makes to try a form: it is never sent and never counted."""


class ChangedMeanwhile(Refusal):
    """The same filling was changed in another window or on another device since this page was made."""

    def __init__(self) -> None:
        super().__init__(
            "別の画面か端末で、この入力が先に進んでいます。",
            hint="いまの内容を表示しました。違うところを直して、もう一度進んでください。",
        )


class AlreadySent(Refusal):
    """The form was sent or given up already; nothing in it changes any more."""

    def __init__(self) -> None:
        super().__init__("この入力は、すでに終わっています。", hint="受付番号の画面から、内容と状況を確かめられます。")


def key_digest(key: str) -> str:
    """How the key of a filling is kept."""
    return hashlib.sha256(b"yakuba.forms.key:" + key.encode()).hexdigest()


def answers_of(filling: Filling) -> dict[str, Any]:
    """What was accepted so far."""
    return unseal_answers(filling.answers)


def typed_of(filling: Filling) -> dict[str, list[str]]:
    """What was typed and could not be accepted yet, by name of the page's fields."""
    typed: dict[str, list[str]] = json.loads(unseal(filling.typed)) if filling.typed else {}
    return typed


def evaluation_of(filling: Filling, *, clock: Clock) -> Evaluation:
    """The form as it stands for what was answered so far."""
    return evaluate_form(filling.version.read(), answers_of(filling), today=clock.today(), facts=filling.facts)


def document_of(filling: Filling, evaluation: Evaluation) -> bytes:
    """What is signed when a filling is signed: version and answers; its SHA-256 is the digest of the answer set."""
    return document(filling.version.digest, evaluation.answers)


def take_open(filling: Filling, seen_edition: int | None = None) -> Filling:
    """The filling, held until the verb ends. Raises `AlreadySent`, `ChangedMeanwhile`."""
    current = (
        Filling.objects.select_for_update(of=("self",)).select_related("version", "version__form").get(pk=filling.pk)
    )
    if current.state != FillingState.OPEN:
        raise AlreadySent
    if seen_edition is not None and current.edition != seen_edition:
        raise ChangedMeanwhile
    return current


def keep(filling: Filling, answers: Mapping[str, Any], typed: Mapping[str, Any], position: str, clock: Clock) -> None:
    """Store what a verb made of it; the edition goes up."""
    filling.answers = seal_answers(dict(answers))
    filling.typed = seal(canonical(dict(typed))) if typed else ""
    filling.position = position[:40]
    filling.touched_at = clock.now()
    filling.edition += 1
    filling.save()
