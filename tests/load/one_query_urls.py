"""Two pages of one query in the office's and public's own layouts: what any page of this server costs at least."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from yakuba.kernel.access.api import Face, anyone, office_seat, page
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.organisation.models import Section

_LIST = """{% extends "ui/public.html" %}{% block title %}班{% endblock %}
{% block content %}<h1>班</h1><ul>{% for one in sections %}<li>{{ one.name }}</li>{% endfor %}</ul>{% endblock %}"""

_TABLE = """{% extends "ui/office.html" %}{% block title %}監査記録{% endblock %}
{% block content %}<h1>監査記録</h1><table>{% for one in events %}<tr>
<td>{{ one.at|date:"Y-m-d H:i" }}</td><td>{{ one.kind }}</td><td>{{ one.verb }}</td><td>{{ one.actor }}</td>
<td>{{ one.capacity }}</td><td>{{ one.face }}</td><td>{{ one.count }}</td><td>{{ one.digest }}</td>
</tr>{% endfor %}</table>{% endblock %}"""


@page(Face.PUBLIC, may=anyone)
def one_query(request: HttpRequest) -> HttpResponse:
    """Twenty names in a list."""
    sections = Section.objects.order_by("pk")[:20]
    response = HttpResponse(engines["django"].from_string(_LIST).render({"sections": sections}, request))
    response["Cache-Control"] = "no-store"  # the yardstick itself is never answered from memory
    return response


@page(Face.OFFICE, may=office_seat)
def one_query_table(request: HttpRequest) -> HttpResponse:
    """Fifty rows of eight cells, as many as a page of a list in the office shows."""
    events = AuditEvent.objects.order_by("-pk")[:50]
    return HttpResponse(engines["django"].from_string(_TABLE).render({"events": events}, request))


urlpatterns = [
    path("one-query", one_query),
    path("office/one-query", one_query_table),
    path("", include("yakuba.site.urls")),
]
