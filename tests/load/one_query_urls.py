"""A page of one query in the public layout: what any page of this server costs at least."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.organisation.models import Section

_TEMPLATE = """{% extends "ui/public.html" %}{% block title %}班{% endblock %}
{% block content %}<h1>班</h1><ul>{% for one in sections %}<li>{{ one.name }}</li>{% endfor %}</ul>{% endblock %}"""


@page(Face.PUBLIC, may=anyone)
def one_query(request: HttpRequest) -> HttpResponse:
    sections = Section.objects.order_by("pk")[:20]
    return HttpResponse(engines["django"].from_string(_TEMPLATE).render({"sections": sections}, request))


urlpatterns = [path("one-query", one_query), path("", include("yakuba.site.urls"))]
