"""The prefill file is put in use, replaced, or thrown away."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.people.access import keeps_prefill
from yakuba.kernel.people.models import PrefillImport
from yakuba.kernel.people.register.vendors.prefill import prefill_file, put_in_place, write_prefill
from yakuba.kernel.people.rules.prefill import PrefillReading, read_prefill
from yakuba.kernel.values.api import Clock, Refusal


class PrefillRefused(Refusal):
    """Rows of the file are wrong; ``reading`` says which, and nothing of the file was kept."""

    def __init__(self, reading: PrefillReading) -> None:
        super().__init__(
            f"{len(reading.problems)}か所に誤りがあるため、読み込みませんでした。",
            field="file",
            hint="誤りを直して、もう一度送ってください。",
        )
        self.reading = reading


def put_prefill_in_use(*, by: Person, content: bytes, as_of: date, clock: Clock) -> PrefillImport:
    """Read a CSV strictly and make it the copy forms are filled from; the one before is replaced whole.

    Call it outside a verb: reading takes seconds. Raises ``Refusal``, ``PrefillRefused``, ``NotAllowed``.
    """
    _require_keeper(by)
    if as_of > clock.today():
        raise Refusal("基準日が未来の日付です。", field="as_of", hint="書き出した日を入力してください。")
    reading = read_prefill(content)
    if reading.problems:
        raise PrefillRefused(reading)
    if not reading.rows:
        raise Refusal("住民が一人もいません。", field="file", hint="書き出しの条件を確かめてください。")
    place = write_prefill(reading.rows, as_of=as_of)
    try:
        return _note_import(
            by=by,
            place=str(place),
            as_of=as_of,
            rows=len(reading.rows),
            sha256=hashlib.sha256(content).hexdigest(),
            clock=clock,
        )
    finally:
        place.unlink(missing_ok=True)


@verb("people.put_prefill_in_use", label="住民情報の写しの入れ替え")
def _note_import(*, by: Person, place: str, as_of: date, rows: int, sha256: str, clock: Clock) -> PrefillImport:
    """Note the import and take the written copy. The file is replaced last: if that fails, nothing is noted."""
    PrefillImport.objects.filter(removed_at__isnull=True).update(removed_at=clock.now())
    kept = PrefillImport.objects.create(
        as_of=as_of, rows=rows, sha256=sha256, imported_by=by.id, imported_name=by.name, imported_at=clock.now()
    )
    put_in_place(Path(place))
    return kept


@verb("people.remove_prefill", label="住民情報の写しの消去")
def remove_prefill(*, by: Person, clock: Clock) -> int:
    """Throw the copy away; forms are then filled from nothing. Returns how many imports it ended."""
    _require_keeper(by)
    count = PrefillImport.objects.filter(removed_at__isnull=True).update(removed_at=clock.now())
    prefill_file().unlink(missing_ok=True)
    return count


def _require_keeper(by: Person) -> None:
    if by.kind is not PersonKind.SYSTEM and not keeps_prefill.allows(by):
        raise NotAllowed(f"住民情報の写しを扱えるのは「{keeps_prefill.words}」です。")
