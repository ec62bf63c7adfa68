"""Which sheets of the town are filled from the answers of a form."""

from __future__ import annotations

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.forms.access import may_edit
from yakuba.kernel.forms.models import Form, FormSheet
from yakuba.kernel.forms.sheets import key_of
from yakuba.kernel.paper.api import prepare_sheet
from yakuba.kernel.values.api import Clock, Refusal


@verb("forms.add_sheet", label="様式に、答えから作るファイルを加える")
def add_form_sheet(*, by: Person, form: Form, title: str, kind: str, clock: Clock) -> FormSheet:
    """One more sheet of a form, in the care of the form's section; its file is sent on the page of the sheets.

    Raises `Refusal` for a title the form has already.
    """
    if not may_edit(by, form):
        raise NotAllowed("この様式を変えられるのは、担当課の職員とDX推進事務局だけです。")
    title = title.strip()[:120]
    if form.sheets.filter(title=title).exists():
        raise Refusal(f"「{title}」は、すでにあります。", field="title", hint="別の題名を付けてください。")
    sheet = FormSheet.objects.create(form=form, title=title, kind=kind, created_at=clock.now())
    prepare_sheet(key=key_of(sheet), section=form.section)
    return sheet
