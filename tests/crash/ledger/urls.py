from django.urls import include, path

from tests.crash.ledger.views import note

urlpatterns = [path("ledger/note", note), path("", include("yakuba.site.urls"))]
