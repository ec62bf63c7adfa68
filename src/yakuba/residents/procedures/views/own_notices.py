"""``/my/cases/<id>/notices/<id>/``: the person opens an electronic letter (通知書)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.cases.api import Notice, record_notice_opened
from yakuba.kernel.files.api import file_response, read_content
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.asking import clock_of
from yakuba.residents.procedures.views.own_case_gate import acting_in, case_for


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_POST
def open_notice(request: HttpRequest, public_id: str, notice_id: str) -> HttpResponse:
    """The letter as PDF. The first time is its arrival (到達), so opening is never a mere link that a mail program or a
    search engine follows by itself."""
    case = case_for(request, public_id)
    notice = Notice.objects.select_related("file").filter(case=case, public_id=notice_id).first()
    if notice is None:
        raise Http404
    back = HttpResponseRedirect(reverse("own-case", args=[case.public_id]))
    file = notice.file
    if file is None or file.state != "stored":
        messages.error(request, _("通知書の準備ができていません。しばらくたってから、もう一度開いてください。"))
        return back
    # Read before it counts as arrived: what the disk cannot give has not reached anybody.
    content = read_content(file)
    try:
        record_notice_opened(by=acting_in(request, case), notice=notice, clock=clock_of(request))
    except Refusal:
        messages.error(request, _("この通知書は、ここでは開けません。紙の通知書をお送りします。"))
        return back
    return file_response(content, name=file.name, media_type=file.media_type)
