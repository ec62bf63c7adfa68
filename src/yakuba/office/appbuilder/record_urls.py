"""Addresses of what a record can do besides being read and changed."""

from django.urls import path

from yakuba.office.appbuilder.views import alike, bulk, comments

_APP = "office/apps/<slug:public_id>/"

urlpatterns = [
    path(_APP + "bulk/", bulk.bulk, name="office-app-bulk"),
    path(_APP + "alike/", alike.alike, name="office-app-alike"),
    path(_APP + "alike/hint/", alike.hint, name="office-app-alike-hint"),
    path(_APP + "alike/<slug:keep_id>/<slug:gone_id>/", alike.compare, name="office-app-compare"),
    path(_APP + "r/<slug:record_id>/comments/", comments.comment, name="office-app-comment"),
    path(
        _APP + "r/<slug:record_id>/comments/<slug:comment_id>/delete/",
        comments.take_back,
        name="office-app-comment-delete",
    ),
]
