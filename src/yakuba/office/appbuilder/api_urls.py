"""Addresses by which other systems use apps, and of their keys."""

from django.urls import path

from yakuba.office.appbuilder.views import api, tokens

_APP = "api/v1/apps/<slug:public_id>/"

urlpatterns = [
    path("office/apps/<slug:public_id>/api/", tokens.tokens, name="office-app-api"),
    path(_APP, api.about, name="api-app"),
    path(_APP + "openapi.json", api.document, name="api-app-document"),
    path(_APP + "records/", api.records, name="api-app-records"),
    path(_APP + "records/<slug:record_id>/", api.record, name="api-app-record"),
]
