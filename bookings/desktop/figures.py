"""Figures of this relay process for a monitor: Prometheus's text format, at `/metrics`."""

import ipaddress

from django.conf import settings
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

SOCKETS = Gauge("relay_sockets", "Open WebSockets by what they are for", ["kind"], registry=REGISTRY)
BYTES = Counter("relay_bytes", "Bytes carried: down to browsers, up to instruments", ["way"], registry=REGISTRY)
CLOSED = Counter("relay_closed", "Sockets closed, by close code", ["kind", "code"], registry=REGISTRY)
TURNED_AWAY = Counter("relay_turned_away", "Sockets refused before they were accepted", ["why"], registry=REGISTRY)
DIALS = Counter("relay_dials", "Calls to instruments, by how they ended", ["result"], registry=REGISTRY)
DIAL_SECONDS = Histogram("relay_dial_seconds", "Until the instrument had answered", registry=REGISTRY)
TRUTH_SECONDS = Histogram("relay_truth_seconds", "The statement about all open lines", registry=REGISTRY)
TRUTH_FAILURES = Counter("relay_truth_failures", "Times that the rows could not be read", registry=REGISTRY)
TRUTH_AGE = Gauge("relay_truth_age_seconds", "Since the rows were last read", registry=REGISTRY)
NEWS_CONNECTED = Gauge("relay_news_connected", "Whether Valkey tells this process of changes", registry=REGISTRY)

TEXT = CONTENT_TYPE_LATEST


def figures() -> bytes:
    return generate_latest(REGISTRY)


def may_read(address: str) -> bool:
    """Whether figures may be shown to `address`; a text that is none may not."""
    try:
        reader = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(reader in ipaddress.ip_network(network) for network in settings.METRICS_ALLOWED_NETWORKS)
