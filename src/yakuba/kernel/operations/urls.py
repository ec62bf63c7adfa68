from django.urls import path

from yakuba.kernel.operations import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("metrics", views.metrics, name="metrics"),
    path("office/doctor/", views.doctor, name="doctor"),
    path("office/faults/", views.faults, name="faults"),
    path("office/faults/<slug:public_id>/", views.fault, name="fault"),
]
