from django.urls import URLPattern

app_name = "standby"
urlpatterns: list[URLPattern] = []
