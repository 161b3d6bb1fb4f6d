"""The API of bookings: `routes` are (prefix, viewset, name); portal.urls builds the router of every app."""

from bookings.api.availability import AvailabilityViewSet
from bookings.api.booking import BookingViewSet
from bookings.api.dataset import DatasetViewSet
from bookings.api.free_time import FreeTimeViewSet
from bookings.api.sample import SampleViewSet
from bookings.api.series import SeriesViewSet
from bookings.api.session import SessionViewSet
from bookings.api.standby import StandbyViewSet
from bookings.api.waitlist import WaitlistViewSet

routes: list[tuple[str, type, str]] = [
    ("bookings", BookingViewSet, "booking"),
    ("series", SeriesViewSet, "series"),
    ("sessions", SessionViewSet, "session"),
    ("samples", SampleViewSet, "sample"),
    ("datasets", DatasetViewSet, "dataset"),
    ("waitlist", WaitlistViewSet, "waitlist"),
    ("standby", StandbyViewSet, "standby"),
    ("free-time", FreeTimeViewSet, "free-time"),
    (r"instruments/(?P<slug>[-\w]+)/availability", AvailabilityViewSet, "availability"),
]
