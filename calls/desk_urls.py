from django.urls import URLPattern

app_name = "desk_calls"
urlpatterns: list[URLPattern] = []
