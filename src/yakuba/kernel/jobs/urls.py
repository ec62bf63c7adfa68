from django.urls import path

from yakuba.kernel.jobs import views

urlpatterns = [
    path("office/jobs/", views.jobs, name="jobs"),
    path("office/jobs/<slug:public_id>/", views.job, name="job"),
    path("office/jobs/<slug:public_id>/retry/", views.retry, name="job-retry"),
]
