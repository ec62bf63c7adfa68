"""`python -m tests.operations.console`: runs `yakuba` commands for a test, one after another, in one process.

Reads one JSON list of arguments a line, answers one JSON line with the exit code and everything that was said. The
commands are the real ones from their entry point on; only the start of the program is saved.
"""

import contextlib
import io
import json
import sys
import traceback


def main() -> None:
    from yakuba.site.cli import main as yakuba

    for line in sys.stdin:
        said, code = io.StringIO(), 0
        sys.argv = ["yakuba", *json.loads(line)]
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                yakuba()
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            except Exception:  # noqa: BLE001 — a fault of the command is the test's to judge
                code = 1
                traceback.print_exc()
        print(json.dumps([code, said.getvalue()]), flush=True)


if __name__ == "__main__":
    main()
