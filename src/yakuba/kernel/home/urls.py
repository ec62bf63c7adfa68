from django.urls import path

from yakuba.kernel.home import public_views, views

urlpatterns = [
    path("accessibility/", public_views.accessibility, name="accessibility"),
    path("privacy/", public_views.privacy, name="privacy"),
    path("office/", views.office_home, name="office-home"),
    path("office/search/", views.office_search, name="office-search"),
    path("my/", views.resident_home, name="resident-home"),
    path("my/data-use/", views.resident_data_use, name="resident-data-use"),
]
