"""Labels of samples: the square code that leads to a sample's page, as one path of an SVG."""

from dataclasses import dataclass

from bookings.models import Sample
from portal.core.qr import qr_path
from portal.notifications.links import absolute


@dataclass(frozen=True)
class Label:
    """A sample with `path`, which draws its code in a square of `side` units."""

    sample: Sample
    url: str
    path: str
    side: int


def label_of(sample: Sample) -> Label:
    url = absolute(sample.get_absolute_url())
    path, side = qr_path(url)
    return Label(sample, url, path, side)
