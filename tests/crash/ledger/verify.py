"""`python -m tests.crash.ledger.verify ACKNOWLEDGED [ACTS]` prints as JSON what a trial left behind.

ACKNOWLEDGED is a file of keys, one a line, that the server said it had noted; ACTS one of what it said was done with
the self-built app: act and key, one a line. Only with it the app is counted, which takes longer.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from django.db import connection

    from tests.crash.ledger.models import Effect, Note
    from tests.crash.ledger.verify_apps import counted, open_app_jobs
    from yakuba.kernel.audit.api import seal_new_events, verify_chain
    from yakuba.kernel.audit.models import AuditEvent
    from yakuba.kernel.jobs.models import Job, JobState
    from yakuba.kernel.values.api import SystemClock

    # First of all: once no job is open, nothing moves any more, and what is counted below belongs together.
    open_jobs = Job.objects.filter(name="ledger.take_effect").exclude(state=JobState.DONE).count() + open_app_jobs()
    acknowledged = set(Path(sys.argv[1]).read_text().split())
    sides = Counter(Note.objects.values_list("key", flat=True))
    effects = Counter(Effect.objects.values_list("key", flat=True))
    noted = set(Note.objects.filter(side="debit").values_list("public_id", flat=True))
    told = {
        ref.rpartition(":")[2]
        for subjects in AuditEvent.objects.filter(verb="ledger.take_note").values_list("subjects", flat=True)
        for ref in subjects
    }
    jobs = set(Job.objects.filter(name="ledger.take_effect").values_list("arguments__note", flat=True))
    while seal_new_events(now=SystemClock().now()):
        pass
    chain = verify_chain()
    acts = [tuple(line.split()) for line in Path(sys.argv[2]).read_text().splitlines()] if sys.argv[2:] else None
    in_apps = counted((what, key) for what, key in acts) if acts is not None else {}
    print(
        json.dumps(
            {
                "database": connection.vendor,
                "acknowledged": len(acknowledged),
                "lost": len(acknowledged - set(sides)),
                "half": sum(count != 2 for count in sides.values()),
                "without_audit_event": len(noted - told),
                "audit_event_without_note": len(told - noted),
                "without_job": len(set(sides) - jobs),
                "job_without_note": len(jobs - set(sides)),
                "without_effect": len(set(sides) - set(effects)),
                "effect_twice": sum(count != 1 for count in effects.values()),
                "open_jobs": open_jobs,
                "links_checked": chain.checked,
                "unsealed": chain.unsealed,
                "chain_faults": len(chain.faults),
                **in_apps,
            }
        )
    )


if __name__ == "__main__":
    main()
