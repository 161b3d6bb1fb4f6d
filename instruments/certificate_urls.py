from django.urls import path

from instruments.views import certificate

app_name = "certificates"
urlpatterns = [
    path("", certificate.listing, name="list"),
    path("given/", certificate.given, name="given"),
    path("new/", certificate.give, name="give"),
    path("<slug:code>/", certificate.check, name="check"),
    path("<slug:code>/certificate.pdf", certificate.pdf, name="pdf"),
    path("<slug:code>/renew/", certificate.renew, name="renew"),
    path("<slug:code>/revoke/", certificate.revoke, name="revoke"),
]
