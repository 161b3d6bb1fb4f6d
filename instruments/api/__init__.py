"""Instruments for programs: the public ones, trainings on them, wishes to be trained, and certificates."""

from instruments.api.certificate import CertificateViewSet
from instruments.api.instrument import InstrumentViewSet
from instruments.api.training import TrainingViewSet, TrainingWishViewSet

routes = [
    ("instruments", InstrumentViewSet, "instrument"),
    ("trainings", TrainingViewSet, "training"),
    ("training-wishes", TrainingWishViewSet, "training-wish"),
    ("certificates", CertificateViewSet, "certificate"),
]
