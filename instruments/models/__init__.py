"""Techniques, instruments, how they can be booked and reached, and the trainings that certify their users."""

from instruments.models.agreement import Agreement
from instruments.models.desktop import Connector, Desktop
from instruments.models.instrument import EquipmentCategory, Instrument, Technique, Unit
from instruments.models.opening import Closure, OpeningHours, Policy
from instruments.models.training import Certificate, Training, TrainingPlace, TrainingWish

__all__ = [
    "Agreement",
    "Certificate",
    "Closure",
    "Connector",
    "Desktop",
    "EquipmentCategory",
    "Instrument",
    "OpeningHours",
    "Policy",
    "Technique",
    "Training",
    "TrainingPlace",
    "TrainingWish",
    "Unit",
]
