"""Looking for My Numbers (個人番号) in what people attach, and what becomes of it."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import require_work
from yakuba.kernel.cases.events import NumberSuspected
from yakuba.kernel.cases.models import Case, FileCheck, FileFinding, Happening
from yakuba.kernel.cases.queries.answers import files_of
from yakuba.kernel.cases.rules.texts_in_files import Suspicion, TextFound, my_numbers_in, text_in
from yakuba.kernel.cases.services.moving import hold, note
from yakuba.kernel.events.api import publish
from yakuba.kernel.files.api import discard_file, read_content
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.values.api import Clock, Refusal


def check_files(*, by: Person, case: Case, clock: Clock) -> list[FileCheck]:
    """Look into every file of a case that was not looked into; outside any transaction, called by a job.

    Reading a file may take seconds, so each is read first and its finding stored then.
    """
    done = set(FileCheck.objects.filter(case=case).values_list("file", flat=True))
    found = []
    for file_id in files_of(case.answers):
        if file_id in done:
            continue
        stored = StoredFile.objects.filter(public_id=file_id, state="stored").first()
        if stored is None:
            continue  # in quarantine of the virus scanner: the job of the night looks again
        text = text_in(read_content(stored), stored.media_type)
        found.append(keep_finding(by=by, case=case, file=stored, text=text, suspicion=my_numbers_in(text), clock=clock))
    return found


@verb("cases.keep_finding", label="書類の個人番号の確認")
def keep_finding(
    *, by: Person, case: Case, file: StoredFile, text: TextFound, suspicion: Suspicion, clock: Clock
) -> FileCheck:
    """Store what was found in a file. A suspect one opens to nobody from now on, and the clerk is told."""
    known = FileCheck.objects.filter(case=case, file=file.public_id).first()
    if known is not None:
        return known
    if suspicion.places:
        finding = FileFinding.SUSPECT
    else:
        finding = FileFinding.CLEAR if text.is_readable else FileFinding.UNREADABLE
    pages = "、".join(f"{one}ページ" for one in suspicion.pages[:10])
    check = FileCheck.objects.create(
        case=case,
        file=file.public_id,
        finding=finding,
        places=suspicion.places,
        detail=pages if suspicion.places else _limits(text),
        checked_at=clock.now(),
    )
    if suspicion.places:
        note(
            case,
            Happening.FILE,
            by=by,
            clock=clock,
            words=f"書類に個人番号らしい番号が{suspicion.places}か所ある（{pages}）。判断まで開けない",
        )
        publish(NumberSuspected(case_public_id=case.public_id))
    return check


def _limits(text: TextFound) -> str:
    if not text.is_readable:
        return "画像の文字は読み取れないため、目で確かめてください"
    return "" if text.is_whole else "長い書類のため、途中まで確かめた"


@verb("cases.release_suspect", label="個人番号ではないとの判断")
def release_file(*, by: Person, check: FileCheck, why: str, clock: Clock) -> FileCheck:
    """A clerk has judged that the number is none (an account, a customer number …): the file opens again."""
    case, held = _suspect(by, check, why)
    held.finding, held.judged_name, held.judged_at = FileFinding.RELEASED, by.name[:80], clock.now()
    held.save()
    note(case, Happening.FILE, by=by, clock=clock, words=f"個人番号ではないと判断した：{why.strip()[:200]}")
    return held


@verb("cases.remove_suspect", label="個人番号のある書類の廃棄")
def remove_file(*, by: Person, check: FileCheck, why: str, clock: Clock) -> FileCheck:
    """A clerk has judged that it is a My Number: the file is discarded; the applicant is asked for another one by a
    correction."""
    case, held = _suspect(by, check, why)
    held.finding, held.judged_name, held.judged_at = FileFinding.REMOVED, by.name[:80], clock.now()
    held.save()
    stored = StoredFile.objects.filter(public_id=held.file).first()
    if stored is not None and stored.state == "stored":
        discard_file(by=by, file=stored, reason="個人番号が記載されていたため")
    note(
        case,
        Happening.FILE,
        by=by,
        clock=clock,
        words=f"個人番号のある書類を廃棄した：{why.strip()[:200]}",
        resident_words="マイナンバーが書かれた書類があったため、町で廃棄しました。",
    )
    return held


def _suspect(by: Person, check: FileCheck, why: str) -> tuple[Case, FileCheck]:
    case = hold(check.case)
    require_work(by, case)
    held = FileCheck.objects.select_for_update().get(pk=check.pk)
    if held.finding != FileFinding.SUSPECT:
        raise Refusal("この書類は、もう判断されています。", hint="画面を開き直して、今の状態を確かめてください。")
    if not why.strip():
        raise Refusal(
            "判断の理由が空です。", field="why", hint="何の番号だったかを書いてください（番号は書かないでください）。"
        )
    return case, held
