"""`python -m tests.operations.write_notes [--count N] [--until FILE]`: notes through the ledger's verb, one by one.

Without a count it writes until FILE appears. Prints one key per acknowledged note.
"""

import argparse
import random
import time
import uuid
from pathlib import Path

import django


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int)
    parser.add_argument("--until", type=Path)
    chosen = parser.parse_args()
    django.setup()
    from tests.crash.ledger.services import take_note
    from yakuba.kernel.access.api import system_person

    done = 0
    while (chosen.count is None or done < chosen.count) and not (chosen.until and chosen.until.exists()):
        key = uuid.uuid4().hex
        take_note(by=system_person("ledger"), key=key)
        print(key, flush=True)
        done += 1
        time.sleep(random.uniform(0.001, 0.03))  # as people do; a tight loop would starve the other writers


if __name__ == "__main__":
    main()
