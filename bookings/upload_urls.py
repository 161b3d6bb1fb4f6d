"""Outside the languages: an upload has one address, for pages and programs alike."""

from django.urls import path

from bookings.views import upload

app_name = "uploads"
urlpatterns = [
    path("", upload.Uploads.as_view(), name="all"),
    path("<uuid:token>/", upload.OneUpload.as_view(), name="one"),
]
