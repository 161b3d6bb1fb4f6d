from django.urls import path

from instruments.views import public

app_name = "instruments"
urlpatterns = [
    path("", public.instrument_list, name="list"),
    path("<slug:slug>/", public.instrument_detail, name="detail"),
]
