from django.urls import path

from yakuba.kernel.parameters import views

urlpatterns = [
    path("office/parameters/", views.values, name="parameters"),
    path("office/parameters/decide/<slug:public_id>/", views.decide, name="parameter-decide"),
    path("office/parameters/<str:key>/", views.value, name="parameter"),
]
