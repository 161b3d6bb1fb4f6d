"""What of equipment can be compared, by its category: a number in a unit, or something that is there or not.

Needs ask for them as requirements, offers state them as features; the matcher compares key with key.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Feature:
    """`unit` is empty for what is there or not. `categories` are slugs of equipment categories."""

    key: str
    label: Promise
    unit: str
    categories: tuple[str, ...]

    @property
    def is_number(self) -> bool:
        return bool(self.unit)


FEATURES = (
    Feature("capacity_g", _("weighs up to"), "g", ("balances",)),
    Feature("readability_mg", _("readability"), "mg", ("balances",)),
    Feature("internal_calibration", _("calibrates itself"), "", ("balances",)),
    Feature("speed_rpm", _("speed"), "rpm", ("centrifuges",)),
    Feature("force_g", _("relative centrifugal force"), "× g", ("centrifuges",)),
    Feature("tubes", _("places for tubes"), "×", ("centrifuges", "pcr-machines")),
    Feature("tube_ml", _("largest tube"), "ml", ("centrifuges",)),
    Feature("cooled", _("cooled"), "", ("centrifuges", "cameras")),
    Feature("ph_accuracy", _("accuracy"), "pH", ("ph-meters",)),
    Feature("electrode", _("with an electrode"), "", ("ph-meters",)),
    Feature("wavelength_low_nm", _("shortest wavelength"), "nm", ("uv-vis-spectrometers",)),
    Feature("wavelength_high_nm", _("longest wavelength"), "nm", ("uv-vis-spectrometers",)),
    Feature("double_beam", _("double beam"), "", ("uv-vis-spectrometers",)),
    Feature("gradient", _("temperature gradient"), "", ("pcr-machines",)),
    Feature("real_time", _("real-time detection"), "", ("pcr-machines",)),
    Feature("gel_cm", _("length of the gel"), "cm", ("electrophoresis",)),
    Feature("supply_volts", _("voltage of its supply"), "V", ("electrophoresis",)),
    Feature("volume_low_ul", _("smallest volume"), "µl", ("pipettes",)),
    Feature("volume_high_ul", _("largest volume"), "µl", ("pipettes",)),
    Feature("channels", _("channels"), "×", ("pipettes",)),
    Feature("magnification", _("magnification"), "×", ("microscopes",)),
    Feature("fluorescence", _("fluorescence"), "", ("microscopes",)),
    Feature("phase_contrast", _("phase contrast"), "", ("microscopes",)),
    Feature("with_camera", _("with a camera"), "", ("microscopes",)),
    Feature("megapixels", _("resolution"), "MP", ("cameras",)),
    Feature("memory_gb", _("memory"), "GB", ("computers",)),
    Feature("disk_gb", _("disk"), "GB", ("computers",)),
    Feature("volume_l", _("volume"), "l", ("incubators", "ovens", "glassware")),
    Feature("temperature_low_c", _("lowest temperature"), "°C", ("incubators", "ovens")),
    Feature("temperature_high_c", _("highest temperature"), "°C", ("incubators", "ovens")),
    Feature("co2", _("with carbon dioxide"), "", ("incubators",)),
    Feature("vacuum_mbar", _("lowest pressure"), "mbar", ("pumps",)),
    Feature("flow_l_min", _("flow"), "l/min", ("pumps",)),
)
BY_KEY = {feature.key: feature for feature in FEATURES}


def features_of(category: str) -> list[Feature]:
    """Those of a category, by its slug; none of an unknown one."""
    return [feature for feature in FEATURES if category in feature.categories]


def known(keys: Iterable[str]) -> list[Feature]:
    """Those of these keys that still exist, in their order."""
    wanted = set(keys)
    return [feature for feature in FEATURES if feature.key in wanted]
