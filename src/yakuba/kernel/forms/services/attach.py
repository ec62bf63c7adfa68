"""Files of a filling."""

from __future__ import annotations

from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.forms.fillings import answers_of, keep, take_open, typed_of
from yakuba.kernel.forms.models import Filling
from yakuba.kernel.forms.rules.definition import FormDefinition, Group
from yakuba.kernel.values.api import Clock, Refusal


@verb("forms.add_file", label="記入にファイルを付ける")
def add_file(*, by: Person, filling: Filling, path: str, file: StoredFile, clock: Clock) -> Filling:
    """Put a file that was received for this filling to a question. Raises `Refusal` for too many or a foreign file."""
    filling = take_open(filling)
    if (file.owner_kind, file.owner_id) != ("forms.filling", filling.public_id):
        raise Refusal(
            "このファイルは、この入力のものではありません。", field=path, hint="ファイルを選び直してください。"
        )
    answers = answers_of(filling)
    place, question = file_place(filling.version.read(), answers, path)
    ids = list(place.get(question.key) or [])
    if file.public_id not in ids:
        if len(ids) >= question.most:
            raise Refusal(
                f"付けられるファイルは{question.most}個までです。",
                field=path,
                hint="いらないファイルを外してください。",
            )
        place[question.key] = [*ids, file.public_id]
    filling.sources = {**filling.sources, path.partition(".")[0]: "clerk" if filling.staff_id else "typed"}
    keep(filling, answers, typed_of(filling), filling.position, clock)
    return filling


@verb("forms.remove_file", label="記入のファイルを外す")
def remove_file(*, by: Person, filling: Filling, path: str, file_id: str, clock: Clock) -> Filling:
    """Take a file from a question. The file itself is discarded by the caller."""
    filling = take_open(filling)
    answers = answers_of(filling)
    place, question = file_place(filling.version.read(), answers, path)
    ids = [one for one in place.get(question.key) or [] if one != file_id]
    if ids:
        place[question.key] = ids
    else:
        place.pop(question.key, None)
    keep(filling, answers, typed_of(filling), filling.position, clock)
    return filling


def file_place(definition: FormDefinition, answers: dict[str, Any], path: str) -> tuple[dict[str, Any], Any]:
    """Where the ids of a question's files are kept, and the question. Raises `Refusal` for a path that is none."""
    key, _, rest = path.partition(".")
    number, _, inner = rest.partition(".")
    for question in definition.questions():
        if question.key != key:
            continue
        if not rest and question.type == "files":
            return answers, question
        rows = answers.get(key)
        if isinstance(question, Group) and isinstance(rows, list) and number.isascii() and number.isdigit():
            found = [one for one in question.questions if one.key == inner and one.type == "files"]
            if found and int(number[:4]) < len(rows):
                row: dict[str, Any] = rows[int(number)]
                return row, found[0]
    raise Refusal("ファイルを付ける質問がありません。", field=path[:90], hint="画面を開き直してください。")
