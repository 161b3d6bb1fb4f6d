from django.urls import path

from donations.views import given, photo
from donations.views.need import public

app_name = "donations"
urlpatterns = [
    path("", public.index, name="index"),
    path("given/", given.given, name="given"),
    path("photos/<int:pk>/<slug:size>/", photo.photo, name="photo"),
]
