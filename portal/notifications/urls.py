"""Outside the languages: mail providers post here."""

from django.urls import path

from portal.notifications.views import tracking

urlpatterns = [path("<slug:provider>/tracking/", tracking, name="anymail_tracking")]
