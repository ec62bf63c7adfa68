"""Addresses of automations: their pages, their log, the places outside."""

from django.urls import path

from yakuba.office.appbuilder.views import automations, hooks, runs

_APP = "office/apps/<slug:public_id>/"

urlpatterns = [
    path("office/apps/hosts/", hooks.hosts, name="office-app-hosts"),
    path(_APP + "automations/", automations.automations, name="office-app-automations"),
    path(_APP + "automations/new/", automations.automation, name="office-app-automation-new"),
    path(_APP + "automations/arrange/", automations.arrange, name="office-app-automations-arrange"),
    path(_APP + "automations/runs/", runs.runs, name="office-app-runs"),
    path(_APP + "automations/try/", runs.dry_run, name="office-app-dry-run"),
    path(_APP + "automations/places/", hooks.hooks, name="office-app-hooks"),
    path(_APP + "automations/a/<slug:key>/", automations.automation, name="office-app-automation"),
    path(_APP + "automations/a/<slug:key>/new/", automations.action, name="office-app-action-new"),
    path(_APP + "automations/a/<slug:key>/<int:number>/", automations.action, name="office-app-action"),
]
