"""A sheet gets another file: a new one, or one it had before."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.files.api import attach_file, read_content
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.paper.access import require_replace
from yakuba.kernel.paper.models import Sheet, SheetVersion
from yakuba.kernel.paper.queries import check_of, media_type_of
from yakuba.kernel.paper.sheets.fields import SheetDeclaration, declaration_of_sheet
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock, Refusal


class ChangedMeanwhile(Refusal):
    """Somebody else has replaced the sheet since the page was opened."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(
            f"ほかの人が先に様式を差し替えました（今は第{sheet.latest}版）。",
            hint="様式のページを開き直し、今の版を確かめてから、もう一度差し替えてください。選んだファイルは残っています。",
        )


def adopt_file(*, by: Person, key: str, file: StoredFile, seen: int, reason: str, clock: Clock) -> SheetVersion:
    """Look at the file outside the transaction, then put it in use.

    Raises `FileRefused` for hostile files, `Refusal` for a file without a single known mark (it is another sheet).
    """
    declaration = declaration_of_sheet(key)
    _require_usable(declaration, file)
    return replace_sheet(by=by, key=key, file=file, seen=seen, reason=reason, clock=clock)


def _require_usable(declaration: SheetDeclaration, file: StoredFile) -> None:
    if file.media_type != media_type_of(declaration.kind):
        raise Refusal(
            f"「{file.name}」は{declaration.kind.label}のファイルではありません。",
            field="file",
            hint=f"{declaration.kind.label}（{declaration.kind.extension}）のファイルを選んでください。",
        )
    if not check_of(declaration, read_content(file)).used:
        first = declaration.fields[0].name
        raise Refusal(
            f"「{file.name}」には、この様式の項目が一つも書かれていません。",
            field="file",
            hint=f"値を入れたい場所に {{{{{first}}}}} のように項目名を書いて、保存し直してください。",
        )


@verb("paper.replace_sheet", label="様式を差し替える")
def replace_sheet(*, by: Person, key: str, file: StoredFile, seen: int, reason: str, clock: Clock) -> SheetVersion:
    """Put a checked file in use as the next version (called by `adopt_file`).

    `seen` is the version the person was looking at; raises `ChangedMeanwhile` if another one is in use by now.
    """
    sheet = _locked(key)
    require_replace(by, sheet)
    if sheet.latest != seen:
        raise ChangedMeanwhile(sheet)
    attach_file(by=by, file=file, owner=ref_of(sheet))
    return _next_version(sheet, by=by, file=file, restored=None, reason=reason, clock=clock)


@verb("paper.restore_sheet", label="様式を前の版に戻す")
def restore_sheet(*, by: Person, key: str, number: int, seen: int, clock: Clock) -> SheetVersion:
    """Use an earlier version again, as a new version with the same file; number 0 is the file shipped with the house.

    Raises `ChangedMeanwhile`, and `Refusal` if there is no such version or it is in use already.
    """
    sheet = _locked(key)
    require_replace(by, sheet)
    if sheet.latest != seen:
        raise ChangedMeanwhile(sheet)
    earlier = sheet.versions.filter(number=number).first()
    if number == 0 and declaration_of_sheet(key).default is None:
        raise Refusal("この様式には、標準のファイルがありません。", hint="履歴にある版を選んでください。")
    if number == sheet.latest or (number and earlier is None):
        raise Refusal(f"第{number}版には戻せません。", hint="様式のページを開き直して、履歴から選んでください。")
    return _next_version(
        sheet,
        by=by,
        file=earlier.file if earlier else None,
        restored=number,
        reason=f"第{number}版に戻した" if number else "標準の様式に戻した",
        clock=clock,
    )


def _locked(key: str) -> Sheet:
    declaration_of_sheet(key)
    sheet, _is_new = Sheet.objects.get_or_create(key=key)
    return Sheet.objects.select_for_update().get(pk=sheet.pk)


def _next_version(
    sheet: Sheet, *, by: Person, file: StoredFile | None, restored: int | None, reason: str, clock: Clock
) -> SheetVersion:
    sheet.latest += 1
    sheet.save(update_fields=["latest"])
    return SheetVersion.objects.create(
        sheet=sheet,
        number=sheet.latest,
        file=file,
        restored=restored,
        reason=reason.strip()[:200] or "（理由の記入なし）",
        made_by=by.id,
        made_name=by.name[:80],
        made_at=clock.now(),
    )
