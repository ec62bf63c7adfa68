"""Search over 20,000 documents: how much is found, how fast, beside a scan of every text in the same run.

Recall is the share of the documents that hold the word, by comparing every text in Python, that the search finds; a hit
that is none ends the benchmark. Times are of the clock, because on PostgreSQL the work is done by the server; search
and scan take turns, so that a disturbance of the machine meets both.
"""

import random
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

DOCUMENTS = 20_000
CHARACTERS = 670
ROUNDS = 5
BY_VERB = 2_000
"""So many are put one by one, as verbs do it; the others in the pieces of a rebuild."""
_PARTICLES = ["は", "が", "を", "に", "の", "と", "へ", "から", "まで", "により", "について", "における", "に関する"]
_ENDINGS = ("します。", "しました。", "すること。", "が必要です。", "を提出してください。", "とする。\n", "です。")


Keys = dict[int, str]


def search_lines(tell: Callable[..., None]) -> None:
    """Store the documents, index them, and tell the lines."""
    from yakuba.kernel.audit.api import unaudited_writes
    from yakuba.kernel.operations.models import ErrorEntry
    from yakuba.kernel.search.api import PartOf, Weight, searchable
    from yakuba.kernel.search.rules.keys import search_key

    texts = _texts()
    documents = ErrorEntry.objects.filter(fingerprint__startswith="document")
    searchable(
        ErrorEntry,
        parts=[
            PartOf("title", "題名", lambda one: one.where[0][:20], Weight.TITLE),
            PartOf("body", "本文", lambda one: one.where[0]),
        ],
        among=lambda: documents,
    )
    stored = _stored(texts)
    _put(stored, tell)
    keys = {document.pk: search_key(text) for document, text in zip(stored, texts, strict=True)}
    for name, words in _words(keys).items():
        _search(name, words, keys, documents, tell)
    with unaudited_writes("bench"):
        _clear(documents)


def _stored(texts: list[str]) -> list[Any]:
    from django.utils import timezone

    from yakuba.kernel.audit.api import unaudited_writes
    from yakuba.kernel.operations.models import ErrorEntry

    now = timezone.now()
    rows = [
        ErrorEntry(fingerprint=f"document{number}", exception="", first_at=now, last_at=now, where=[text])
        for number, text in enumerate(texts)
    ]
    with unaudited_writes("bench"):
        return ErrorEntry.objects.bulk_create(rows, batch_size=500)


def _put(stored: list[Any], tell: Callable[..., None]) -> None:
    """Put every document into the index, the first ones as verbs do it."""
    from django.db import connection

    from yakuba.kernel.access.api import system_person
    from yakuba.kernel.audit.api import verb
    from yakuba.kernel.search.api import put
    from yakuba.kernel.search.services import put_chunk

    @verb("bench.put", label="測定")
    def put_one(*, by: Any, document: Any) -> None:
        put(document)

    @verb("bench.put_nothing", label="測定")
    def put_nothing(*, by: Any, document: Any) -> None: ...

    system = system_person("bench")
    bare = [_ms(lambda one=one: put_nothing(by=system, document=one)) for one in stored[:BY_VERB]]
    each = [_ms(lambda one=one: put_one(by=system, document=one)) for one in stored[:BY_VERB]]
    left = [document.pk for document in stored]
    while left:
        left = put_chunk(by=system, kind="operations.errorentry", object_ids=left, anew=False)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    tell(
        "search: put a document into the index",
        statistics.median(each),
        f"ms per verb, {CHARACTERS} characters",
        baseline=statistics.median(bare),
        goal=None,
        baseline_is="a verb that puts nothing",
    )


def _search(name: str, words: list[str], keys: Keys, documents: Any, tell: Callable[..., None]) -> None:
    from yakuba.kernel.search.api import matching
    from yakuba.kernel.search.models import Passage
    from yakuba.kernel.search.rules.keys import search_key

    found = wanted = 0
    times: list[float] = []
    scans: list[float] = []
    for typed in words:
        parts = [search_key(word) for word in typed.split()]
        truth = {number for number, key in keys.items() if all(part in key for part in parts)}
        hits = set(matching(documents, typed).values_list("pk", flat=True))
        if hits - truth:
            raise SystemExit(f"{len(hits - truth)} documents were found that do not hold the word")
        found, wanted = found + len(hits & truth), wanted + len(truth)

        def search(typed: str = typed) -> None:
            rows = matching(documents, typed).order_by("-search_rank", "pk")
            rows.count(), list(rows.values_list("pk", flat=True)[:20])

        def scan(parts: list[str] = parts) -> None:
            rows = Passage.objects.all()
            for part in parts:
                rows = rows.filter(folded__contains=part)
            rows = rows.values("object_id").distinct()
            rows.count(), list(rows.order_by("object_id")[:20])

        for _ in range(ROUNDS):
            times.append(_ms(search))
            scans.append(_ms(scan))
    tell(
        f"search of {DOCUMENTS:,} documents: {name}",
        statistics.median(times),
        "ms for the count and the best 20",
        baseline=statistics.median(scans),
        goal=None if name.endswith("everywhere") else 1.0,  # ranking 20,000 hits is more than not ranking them
        baseline_is="LIKE over every text, unranked",
        recall=found / wanted if wanted else 1.0,
        hits=wanted // len(words),
    )


def _clear(documents: Any) -> None:
    """What is measured next shall find the town as it was."""
    from yakuba.kernel.search.models import Entry, Passage
    from yakuba.kernel.search.services.passages import new_generation

    Passage.objects.all().delete()
    Entry.objects.all().delete()
    new_generation()
    documents.delete()


def _ms(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def _texts() -> list[str]:
    """Texts as an office writes them: a few words often, many seldom."""
    data = Path(__file__).resolve().parent.parent / "data"
    source = "".join(path.read_text("utf-8") for path in sorted((data / "plans").glob("*.toml")))
    source += (data / "search" / "synonyms.toml").read_text("utf-8") + (data / "postal" / "074217.csv").read_text(
        "utf-8"
    )
    rng = random.Random(20_000)
    nouns = sorted(set(re.findall(r"[一-龥]{2,4}|[ァ-ヶー]{3,8}", source)))
    rng.shuffle(nouns)
    return [_text(rng, nouns) for _ in range(DOCUMENTS)]


def _text(rng: random.Random, nouns: list[str]) -> str:
    written = ""
    while len(written) < CHARACTERS:
        for _ in range(rng.randint(2, 6)):
            written += nouns[min(int(rng.paretovariate(0.35)), 10**9) % len(nouns)] + rng.choice(_PARTICLES)
        written += rng.choice(nouns) + rng.choice(_ENDINGS)
    return written


def _words(keys: Keys) -> dict[str, list[str]]:
    """Words of each length as they stand in the texts: frequent ones, rare ones and one that is nowhere."""
    rng = random.Random(1)
    joined = rng.sample(list(keys.values()), 400)
    picked: dict[str, list[str]] = {}
    for name, pattern in {
        "1 character": r"[一-龥]",
        "2 characters": r"[一-龥]{2}",
        "4 characters": r"[一-龥]{4}",
        "6 characters": r"[一-龥ぁ-ん]{6}",
    }.items():
        found = sorted({match for text in joined for match in re.findall(pattern, text)})
        picked[name] = rng.sample(found, 8)
    picked["2 words"] = [" ".join(pair) for pair in zip(picked["2 characters"], picked["1 character"], strict=True)]
    return picked | {"a word that is nowhere": ["龘靐齉"], "a sign that is everywhere": ["。"]}
