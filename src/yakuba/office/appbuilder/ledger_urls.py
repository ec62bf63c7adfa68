"""Addresses of the ledger of self-built apps and of looking after one."""

from django.urls import path

from yakuba.office.appbuilder.views import ledger

_APP = "office/apps/<slug:public_id>/"

urlpatterns = [
    path("office/apps/ledger/", ledger.ledger, name="office-apps-ledger"),
    path(_APP + "care/", ledger.care, name="office-app-care"),
    path(_APP + "care/purpose/", ledger.purpose, name="office-app-purpose"),
]
