from django.urls import path

from yakuba.kernel.ui import views

app_name = "ui"

urlpatterns = [
    # The town's stylesheet and the language switch, once on the host of each face that shows them.
    path("town.css", views.town_css, name="town-css"),
    path("my/town.css", views.resident_town_css, name="resident-town-css"),
    path("office/town.css", views.office_town_css, name="office-town-css"),
    path("language", views.language, name="language"),
    path("my/language", views.resident_language, name="resident-language"),
    path("office/components", views.components, name="components"),
]
