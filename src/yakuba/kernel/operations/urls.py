from django.urls import path

from yakuba.kernel.operations import views
from yakuba.kernel.operations.backup import views as backup_views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("metrics", views.metrics, name="metrics"),
    path("office/doctor/", views.doctor, name="doctor"),
    path("office/backups/", backup_views.backups, name="backups"),
    path("office/backups/ask/", backup_views.ask, name="backups-ask"),
    path("office/faults/", views.faults, name="faults"),
    path("office/faults/<slug:public_id>/", views.fault, name="fault"),
]
