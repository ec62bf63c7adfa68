"""Addresses of apps that come in and go out as files."""

from django.urls import path

from yakuba.office.appbuilder.views import package

urlpatterns = [
    path("office/apps/package/", package.take, name="office-apps-package"),
    path("office/apps/<slug:public_id>/package/", package.give, name="office-app-package"),
]
