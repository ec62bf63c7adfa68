"""Addresses of what a record can do besides being read and changed."""

from django.urls import path

from yakuba.office.appbuilder.views import comments

_APP = "office/apps/<slug:public_id>/"

urlpatterns = [
    path(_APP + "r/<slug:record_id>/comments/", comments.comment, name="office-app-comment"),
    path(
        _APP + "r/<slug:record_id>/comments/<slug:comment_id>/delete/",
        comments.take_back,
        name="office-app-comment-delete",
    ),
]
