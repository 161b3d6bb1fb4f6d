"""The pages of the figures that the looks, the weights and the crawl go through, and the figures behind them."""

from datetime import UTC

from django.utils import timezone

from portal.pages.impact.keeping import keep
from portal.pages.impact.tables import Reader
from portal.pages.models import Figures
from tests.journeys.stop import Stop

IMPACT = [
    Stop("impact", "visitor", "/impact/", "public"),
    Stop("impact-year", "visitor", "/impact/?year={counted_year}", "public"),
    Stop("impact-odd", "visitor", "/impact/?year=1066", "public", 400),
]


def figures() -> dict[str, str]:
    """Kept figures of the rows that are there: call it last."""
    today = timezone.now().astimezone(UTC).date()
    keep(today)
    return {"counted_year": str(Reader(Figures.objects.get(until=today).figures).years[0])}
