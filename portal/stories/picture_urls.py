"""Pictures as browsers fetch them: outside languages."""

from django.urls import path

from portal.stories.views import picture_file

app_name = "pictures"
urlpatterns = [path("<int:pk>/<slug:digest>-<int:width>.<slug:suffix>", picture_file.variant, name="variant")]
