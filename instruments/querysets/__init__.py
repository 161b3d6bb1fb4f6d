"""Named questions about techniques, instruments, closures, connectors, trainings and certificates."""

from instruments.querysets.agreement import AgreementQuerySet
from instruments.querysets.desktop import ConnectorQuerySet
from instruments.querysets.instrument import (
    PUBLIC,
    SEARCHED,
    ClosureQuerySet,
    InstrumentQuerySet,
    TechniqueQuerySet,
)
from instruments.querysets.training import (
    CertificateQuerySet,
    TrainingPlaceQuerySet,
    TrainingQuerySet,
    TrainingWishQuerySet,
)

__all__ = [
    "PUBLIC",
    "SEARCHED",
    "AgreementQuerySet",
    "CertificateQuerySet",
    "ClosureQuerySet",
    "ConnectorQuerySet",
    "InstrumentQuerySet",
    "TechniqueQuerySet",
    "TrainingPlaceQuerySet",
    "TrainingQuerySet",
    "TrainingWishQuerySet",
]
