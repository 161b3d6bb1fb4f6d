"""Pages of matches."""

from django.urls import path, register_converter

from donations.enums import Side
from donations.views import match


class SideConverter:
    """`need` or `offer`."""

    regex = "|".join(Side.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(SideConverter, "side")

app_name = "matches"
urlpatterns = [
    path("", match.match_list, name="list"),
    path("<slug:ref>/", match.detail, name="detail"),
    path("<slug:ref>/approve/", match.approve, name="approve"),
    path("<slug:ref>/reject/", match.reject, name="reject"),
    path("<slug:ref>/fail/", match.fail, name="fail"),
    path("<slug:ref>/<side:side>/accept/", match.accept, name="accept"),
    path("<slug:ref>/<side:side>/refuse/", match.refuse, name="refuse"),
]
