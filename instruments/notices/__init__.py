"""What people are told of instruments, of trainings on them and their certificates, and of connectors."""

from instruments.notices.connector import CONNECTOR_PAIRED, CONNECTOR_REVOKED
from instruments.notices.instrument import TOLD
from instruments.notices.training import (
    CERTIFICATE_ENDING,
    CERTIFICATE_GIVEN,
    CERTIFICATE_RENEWED,
    CERTIFICATE_REVOKED,
    PLACE_GIVEN,
    PLACE_REFUSED,
    REQUESTS_GATHERED,
    TRAINING_CANCELLED,
    TRAINING_CHANGED,
    TRAINING_HELD,
    TRAINING_OPENED,
    TRAINING_RESULT,
    WISH_ANSWERED,
)

__all__ = [
    "CERTIFICATE_ENDING",
    "CERTIFICATE_GIVEN",
    "CERTIFICATE_RENEWED",
    "CERTIFICATE_REVOKED",
    "CONNECTOR_PAIRED",
    "CONNECTOR_REVOKED",
    "PLACE_GIVEN",
    "PLACE_REFUSED",
    "REQUESTS_GATHERED",
    "TOLD",
    "TRAINING_CANCELLED",
    "TRAINING_CHANGED",
    "TRAINING_HELD",
    "TRAINING_OPENED",
    "TRAINING_RESULT",
    "WISH_ANSWERED",
]
