import os
import time
from pathlib import Path

from django.db import migrations


def change(apps: object, schema_editor: object) -> None:
    database = schema_editor.connection
    what = os.environ.get("PLANTED", "works")
    with database.cursor() as cursor:
        cursor.execute("INSERT INTO planted_parcel (name) VALUES ('一番')")
        if what in ("fails", "loses", "removes", "hangs"):
            cursor.execute("DELETE FROM ledger_note WHERE side = 'credit'")
        if what == "tampers":
            off = "DROP TRIGGER audit_auditevent_no_update"
            cursor.execute(off if database.vendor == "sqlite" else f"{off} ON audit_auditevent")
            cursor.execute("UPDATE audit_auditevent SET actor = 'someone' WHERE id = 2")
        if what == "fails":
            cursor.execute("CREATE TABLE planted_half (id integer)")
            raise RuntimeError("the planted fault")
    if what == "hangs":
        Path(os.environ["PLANTED_SIGN"]).touch()
        time.sleep(600)


class Migration(migrations.Migration):
    atomic = False  # what a failure leaves behind, it leaves
    removes_rows_of = ("ledger_note",) if os.environ.get("PLANTED") == "removes" else ()
    dependencies = [("planted", "0001_initial")]
    operations = [migrations.RunPython(change, migrations.RunPython.noop)]
