"""`python -m tests.load.count_cases RECEIPTS.json` compares receipts with the database and prints the counts as JSON."""

import json
import sys
from collections import Counter
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from yakuba.kernel.audit.api import verify_chain
    from yakuba.kernel.cases.models import Case
    from yakuba.kernel.files.models import StoredFile
    from yakuba.kernel.files.place import content_store
    from yakuba.kernel.forms.models import AnswerSet, Filling

    receipts: dict[str, str] = json.loads(Path(sys.argv[1]).read_text())
    cases = {
        one.number: one
        for one in Case.objects.filter(procedure__key="opinion").select_related("answers", "first_answers__filling")
    }
    lost = [number for number in receipts if number not in cases]
    foreign = [
        number
        for number, words in receipts.items()
        if number in cases and words not in str(cases[number].answers.every_answer())
    ]
    sent = Counter(one.first_answers.filling_id for one in cases.values())
    words = Counter(one.answers.every_answer().get("subject") for one in cases.values())
    without = 0
    for number in receipts:
        case = cases.get(number)
        if case is None:
            continue
        ids = case.answers.every_answer().get("photos") or []
        files = list(StoredFile.objects.filter(public_id__in=ids, state="stored"))
        whole = files and all(content_store().size(one.sha256) == one.size for one in files)
        without += 0 if whole else 1
    sets = AnswerSet.objects.filter(version__form__key="opinion").count()
    filled = Filling.objects.filter(version__form__key="opinion", state="sent").count()
    chain = verify_chain()
    print(
        json.dumps(
            {
                "receipts": len(receipts),
                "cases": len(cases),
                "lost": len(lost),
                "foreign_words": len(foreign),
                "twice": sum(count - 1 for count in sent.values()) + sum(count - 1 for count in words.values()),
                "half": abs(sets - len(cases)) + abs(filled - len(cases)),
                "without_attachment": without,
                "chain_faults": len(chain.faults),
            }
        )
    )


if __name__ == "__main__":
    main()
