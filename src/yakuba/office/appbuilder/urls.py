"""Addresses of self-built apps."""

from django.urls import path

from yakuba.office.appbuilder.api_urls import urlpatterns as of_the_api
from yakuba.office.appbuilder.automation_urls import urlpatterns as of_automations
from yakuba.office.appbuilder.ledger_urls import urlpatterns as of_the_ledger
from yakuba.office.appbuilder.record_urls import urlpatterns as of_a_record
from yakuba.office.appbuilder.sharing_urls import urlpatterns as of_sharing
from yakuba.office.appbuilder.view_urls import urlpatterns as of_views
from yakuba.office.appbuilder.views import apps, building, doors, pressing, process, records, rights, sheets
from yakuba.office.appbuilder.views.join import coming, own, public

_APP = "office/apps/<slug:public_id>/"

urlpatterns = [
    *of_automations,
    *of_the_ledger,
    *of_sharing,
    *of_the_api,
    path("office/apps/", apps.apps, name="office-apps"),
    path("office/apps/new/", apps.new, name="office-apps-new"),
    path("office/apps/sheet/", sheets.upload, name="office-apps-sheet"),
    path("office/apps/sheet/<slug:file_id>/", sheets.columns, name="office-app-sheet"),
    *of_views,
    path(_APP + "new/", records.new, name="office-app-new"),
    path(_APP + "deleted/", records.deleted, name="office-app-deleted"),
    path(_APP + "import/", sheets.upload, name="office-app-import"),
    path(_APP + "import/<slug:file_id>/", sheets.check, name="office-app-import-check"),
    path(_APP + "fields/", building.fields, name="office-app-fields"),
    path(_APP + "fields/new/", building.field, name="office-app-field-new"),
    path(_APP + "fields/arrange/", building.arrange, name="office-app-fields-arrange"),
    path(_APP + "fields/name/", building.naming, name="office-app-naming"),
    path(_APP + "fields/publish/", building.publish, name="office-app-publish"),
    path(_APP + "fields/f/<slug:key>/", building.field, name="office-app-field"),
    path(_APP + "fields/f/<slug:key>/remove/", building.remove, name="office-app-field-remove"),
    path(_APP + "rights/", rights.rights, name="office-app-rights"),
    path(_APP + "rights/new/", rights.group, name="office-app-group-new"),
    path(_APP + "rights/arrange/", rights.arrange, name="office-app-rights-arrange"),
    path(_APP + "rights/seen-as/", rights.seen_as, name="office-app-seen-as"),
    path(_APP + "rights/<int:number>/", rights.group, name="office-app-group"),
    path(_APP + "process/", process.process, name="office-app-process"),
    path(_APP + "process/states/", process.states, name="office-app-states"),
    path(_APP + "process/arrange/", process.arrange, name="office-app-process-arrange"),
    path(_APP + "process/new/", process.button, name="office-app-button-new"),
    path(_APP + "process/b/<slug:key>/", process.button, name="office-app-button"),
    path(_APP + "r/<slug:record_id>/press/<slug:key>/", pressing.press, name="office-app-press"),
    path(_APP + "doors/", doors.doors, name="office-app-doors"),
    path(_APP + "doors/<slug:key>/", doors.door, name="office-app-door"),
    path(_APP + "doors/<slug:key>/edit/", doors.edit, name="office-app-door-edit"),
    path(_APP + "doors/<slug:key>/questions/", doors.asks, name="office-app-door-asks"),
    path(_APP + "doors/<slug:key>/remove/", doors.remove, name="office-app-door-remove"),
    path(_APP + "doors/<slug:key>/poster/", doors.poster, name="office-app-door-poster"),
    path(_APP + "doors/<slug:key>/<slug:act>/", doors.act, name="office-app-door-act"),
    path("join/", public.doors, name="join"),
    path("join/<int:number>/", public.door, name="join-door"),
    path("my/join/lookup/", own.look_up, name="join-look-up"),
    path("my/join/<int:number>/", coming.come, name="join-come"),
    path("my/join/<int:number>/thanks/", coming.thanks, name="join-thanks"),
    path("my/join/r/<slug:public_id>/", own.own, name="join-own"),
    path("my/join/r/<slug:public_id>/cancel/", own.cancel, name="join-cancel"),
    path("my/join/r/<slug:public_id>/accept/", own.accept, name="join-accept"),
    path(_APP + "r/<slug:record_id>/", records.record, name="office-app-record"),
    path(_APP + "r/<slug:record_id>/change/", records.change, name="office-app-change"),
    *of_a_record,
    path(_APP + "r/<slug:record_id>/<slug:act>/", records.act, name="office-app-act"),
]
