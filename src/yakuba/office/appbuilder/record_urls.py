"""Addresses of what a record can do besides being read and changed."""

from django.urls import path

from yakuba.office.appbuilder.views import alike, building, bulk, comments, labels, sheet_out

_APP = "office/apps/<slug:public_id>/"

urlpatterns = [
    path(_APP + "bulk/", bulk.bulk, name="office-app-bulk"),
    path(_APP + "alike/", alike.alike, name="office-app-alike"),
    path(_APP + "alike/hint/", alike.hint, name="office-app-alike-hint"),
    path(_APP + "alike/<slug:keep_id>/<slug:gone_id>/", alike.compare, name="office-app-compare"),
    path(_APP + "papers/", sheet_out.papers, name="office-app-papers"),
    path(_APP + "papers/out/", sheet_out.sheets_out, name="office-app-sheets-out"),
    path(_APP + "papers/<slug:sheet_id>/", sheet_out.paper, name="office-app-paper"),
    path(_APP + "papers/<slug:sheet_id>/marks/", sheet_out.marks, name="office-app-paper-marks"),
    path(_APP + "papers/<slug:sheet_id>/remove/", sheet_out.paper_remove, name="office-app-paper-remove"),
    path(_APP + "papers/<slug:sheet_id>/<slug:what>/", sheet_out.paper_file, name="office-app-paper-file"),
    path(_APP + "fields/f/<slug:key>/back/", building.bring_back, name="office-app-field-back"),
    path(_APP + "labels/", labels.labels, name="office-app-labels"),
    path(_APP + "labels/choose/", labels.choose, name="office-app-labels-choose"),
    path(_APP + "new/code/", labels.entry, name="office-app-entry-code"),
    path(_APP + "r/<slug:record_id>/label/", labels.label, name="office-app-label"),
    path(_APP + "r/<slug:record_id>/print/", sheet_out.print_page, name="office-app-print"),
    path(_APP + "r/<slug:record_id>/sheet/<slug:sheet_id>/", sheet_out.sheet_out, name="office-app-sheet-out"),
    path(_APP + "r/<slug:record_id>/comments/", comments.comment, name="office-app-comment"),
    path(
        _APP + "r/<slug:record_id>/comments/<slug:comment_id>/delete/",
        comments.take_back,
        name="office-app-comment-delete",
    ),
]
