from django.urls import path

from portal.accounts.views import organisations

app_name = "desk_accounts"
urlpatterns = [
    path("organisations/", organisations.desk, name="organisations"),
    path("organisations/<slug:slug>/verify/", organisations.verify, name="verify"),
]
