from django.urls import URLPattern

app_name = "booking_instruments"
urlpatterns: list[URLPattern] = []
