from django.urls import URLPattern

app_name = "desk_instruments"
urlpatterns: list[URLPattern] = []
