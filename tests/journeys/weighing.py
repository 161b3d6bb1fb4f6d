"""What a page costs on the wire: compressed bytes with their headers, and requests, as the browser counted them."""

import time
from dataclasses import dataclass

from tests.journeys.browsing import Visit


@dataclass
class Cost:
    bytes: int = 0
    requests: int = 0


class Scale:
    """Counts what a window loads through the browser's own protocol; what comes from its cache costs nothing."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.cost = visit, Cost()
        self.is_slow = False  # scripts of the page load others
        self.wire = visit.context.new_cdp_session(visit.page)
        self.wire.send("Network.enable")
        self.cached: set[str] = set()
        self.wire.on("Network.requestServedFromCache", lambda event: self.cached.add(event["requestId"]))
        self.wire.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict) -> None:
        if event["requestId"] not in self.cached:
            self.cost.bytes += int(event["encodedDataLength"])
            self.cost.requests += 1

    def weigh(self, path: str) -> Cost:
        """Open the page and return what it cost."""
        self.cost = Cost()
        self.cached.clear()
        self.visit.open(path)
        self.visit.page.wait_for_load_state("networkidle" if self.is_slow else "load")
        deadline, before = time.monotonic() + 2, -1
        while self.cost.requests != before and time.monotonic() < deadline:  # the last event may come a moment later
            before = self.cost.requests
            self.visit.page.wait_for_timeout(30)
        return self.cost
