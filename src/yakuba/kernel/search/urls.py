from django.urls import path

from yakuba.kernel.search import views

urlpatterns = [
    path("office/search/synonyms/", views.synonyms, name="search-synonyms"),
    path("office/search/synonyms/new/", views.add, name="search-synonyms-new"),
    path("office/search/synonyms/<slug:public_id>/", views.change, name="search-synonyms-change"),
    path("office/search/synonyms/<slug:public_id>/remove/", views.remove, name="search-synonyms-remove"),
]
