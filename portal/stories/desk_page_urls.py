"""The desk of pages."""

from django.urls import path

from portal.stories.views import page_desk as views

app_name = "desk_pages"
urlpatterns = [
    path("pages/", views.page_list, name="list"),
    path("pages/new/", views.page_new, name="new"),
    path("pages/<slug:slug>/", views.page_edit, name="edit"),
    path("pages/<slug:slug>/history/", views.page_history, name="history"),
    path("pages/<slug:slug>/history/<int:number>/", views.page_version, name="version"),
    path("pages/<slug:slug>/shown/", views.page_shown, name="shown"),
]
