from django.urls import path

from yakuba.kernel.files import views

urlpatterns = [
    path("office/files/<str:token>", views.office_file, name="files-office"),
    path("my/files/<str:token>", views.resident_file, name="files-resident"),
]
