from django.urls import include, path

from tests.crash.ledger.app_views import act
from tests.crash.ledger.views import note

urlpatterns = [path("ledger/note", note), path("ledger/app/<slug:name>", act), path("", include("yakuba.site.urls"))]
