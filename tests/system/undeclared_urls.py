"""A planted fault: a view nobody declared."""

from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("undeclared/", lambda request: HttpResponse("open to all")),
    path("", include("yakuba.site.urls")),
]
