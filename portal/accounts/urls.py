from django.urls import path

from portal.accounts.views import people

app_name = "people"
urlpatterns = [
    path("profile/", people.profile, name="profile"),
    path("time-zone/", people.time_zone, name="time_zone"),
    path("tokens/", people.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", people.token_revoke, name="token_revoke"),
]
