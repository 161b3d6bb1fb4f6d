"""The rows that messages of agreements are about, each in the state in which its message makes sense."""

from collections.abc import Callable
from functools import partial

from django.db.models import Model

from tests.factories.agreements import AgreementFactory

STATES = ("offered", "agreed", "declined", "withdrawn", "ended")
AGREED: dict[str, Callable[[], Model]] = {
    f"instruments.agreement_{state}": partial(AgreementFactory, agreed=True, state=state) for state in STATES
}
AGREED["instruments.agreement_ending"] = partial(AgreementFactory, agreed=True)
