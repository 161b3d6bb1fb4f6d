from django.urls import path

from calls.views import application, late, public

app_name = "calls"
urlpatterns = [
    path("", public.call_list, name="list"),
    path("<slug:slug>/", public.call_detail, name="detail"),
    path("<slug:slug>/apply/", application.apply, name="apply"),
    path("<slug:slug>/documents/<int:pk>/", public.document, name="document"),
    path("<slug:slug>/late/<slug:token>/", late.late, name="late"),
]
