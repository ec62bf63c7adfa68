"""Addresses of the ledger of self-built apps and of looking after one."""

from django.urls import path

from yakuba.office.appbuilder.views import caring, keeping_records, ledger

_APP = "office/apps/<slug:public_id>/"

urlpatterns = [
    path("office/apps/ledger/", ledger.ledger, name="office-apps-ledger"),
    path(_APP + "care/", ledger.care, name="office-app-care"),
    path(_APP + "care/purpose/", ledger.purpose, name="office-app-purpose"),
    path(_APP + "care/versions/", caring.versions, name="office-app-versions"),
    path(_APP + "care/hand-over/", caring.hand_over, name="office-app-hand-over"),
    path(_APP + "care/closing/", caring.closing, name="office-app-closing"),
    path(_APP + "care/disposal/", keeping_records.disposal, name="office-app-disposal"),
    path(_APP + "care/register/", keeping_records.register, name="office-app-register"),
    path(_APP + "care/copy/", keeping_records.copy, name="office-app-copy"),
]
