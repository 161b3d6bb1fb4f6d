"""Samples: at the laboratory, on their way, and only announced."""

from datetime import timedelta

from bookings.actions.sample import declare_sample, receive_sample, ship_sample
from bookings.models import Sample
from calls.enums import Hazard, SampleForm
from portal.samples.actions.instruments import operator_of
from portal.samples.stage import Stage

CRYSTAL = {"form": SampleForm.CRYSTAL, "quantity": "3 crystals, 80-200 micrometres", "hazards": [], "hazard_words": ""}


def put_sent(stage: Stage) -> None:
    """For the researcher's award one in each place; for those whose instrument asks for one, one that is there."""
    _received(stage, "copper", "Cu-17a", "[Cu(phen)2(H2O)](NO3)2")
    coming = _declared(stage, "copper", "Cu-18b", "[Cu(bipy)2Cl]Cl, second crop", is_return_wanted=True)
    ship_sample(
        coming,
        by=coming.declared_by,
        carrier="Savanna Express",
        tracking="SX 4471 0093 KE",
        expected_on=stage.day(3),
    )
    toxic = {"hazards": [Hazard.TOXIC], "hazard_words": "Thallium salt: keep closed"}
    _declared(stage, "copper", "Tl-02", "TlCu3Se2", **toxic)
    _received(stage, "enzyme", "Fe-P4", "Iron-binding oxidase, plunge-frozen")


def _declared(stage: Stage, award: str, label: str, composition: str, **more: object) -> Sample:
    row = stage.awards[award]
    fields = {**CRYSTAL, "label": label, "composition": composition, "is_return_wanted": False, **more}
    return declare_sample(row, fields, by=row.holder)


def _received(stage: Stage, award: str, label: str, composition: str) -> None:
    sample = _declared(stage, award, label, composition)
    ship_sample(sample, by=sample.declared_by, carrier="Savanna Express", expected_on=stage.day(1))
    sample = receive_sample(sample, by=operator_of(sample.award.hours_on))
    Sample.objects.filter(pk=sample.pk).update(received_at=stage.now - timedelta(days=5))
