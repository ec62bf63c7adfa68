"""Addresses of the views of an app."""

from django.urls import path

from yakuba.office.appbuilder.views import looking, own_views, published, view_building

_APP = "office/apps/<slug:public_id>/"

urlpatterns = [
    path(_APP, looking.records, name="office-app"),
    path(_APP + "v/<slug:key>/", looking.view, name="office-app-view"),
    path(_APP + "s/<slug:saved_id>/", looking.saved, name="office-app-saved"),
    path(_APP + "views/", view_building.views, name="office-app-views"),
    path(_APP + "views/new/", view_building.one, name="office-app-view-new"),
    path(_APP + "views/arrange/", view_building.arrange, name="office-app-views-arrange"),
    path(_APP + "views/v/<slug:key>/", view_building.one, name="office-app-view-change"),
    path(_APP + "views/v/<slug:key>/public/", published.publishing, name="office-app-view-public"),
    path("apps/<slug:token>/", published.public_view, name="public-view"),
    path("apps/<slug:token>/embed", published.embedded_view, name="public-view-embed"),
    path(_APP + "views/own/new/", own_views.one, name="office-app-own-new"),
    path(_APP + "views/own/<slug:saved_id>/", own_views.one, name="office-app-own-change"),
    path(_APP + "views/own/<slug:saved_id>/drop/", own_views.drop, name="office-app-own-drop"),
]
