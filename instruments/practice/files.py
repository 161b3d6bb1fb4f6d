"""The files of a run, as other programs read them."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime

from PIL import Image

from instruments.practice.beam.geometry import PIXELS, WAVELENGTH, bragg
from instruments.practice.beam.results import Result
from instruments.practice.beam.screening import ANGLES, Screening
from instruments.practice.instrument import Entry, Instrument
from instruments.practice.screen.words import with_error

HKLF4 = "{:4d}{:4d}{:4d}{:8.2f}{:8.2f}{:4d}"
END = HKLF4.format(*[0] * 6)
SCALE_TO = 9999.0  # the strongest reflection in the eight columns of an HKLF 4 file


def files_of(instrument: Instrument, moment: datetime) -> list[tuple[str, bytes]]:
    """Name and content of each file of the newest run; names are unlike those of other runs of this instrument."""
    result = instrument.result
    if result is None:
        return []
    name = f"{result.crystal.name.split()[0].lower()}-{moment:%Y%m%dT%H%M%SZ}"
    files = [
        (f"{name}.hkl", hkl_file(result).encode()),
        (f"{name}.cif", cif_file(result, moment).encode()),
        (f"{name}-log.txt", log_file(instrument.log).encode()),
    ]
    if instrument.screening and instrument.screening.is_done:
        files.append((f"{name}-screening.zip", frames_file(instrument.screening)))
    return files


def hkl_file(result: Result) -> str:
    """SHELX's HKLF 4: h, k, l in four columns each, F squared and its sigma in eight; zeros end it."""
    most = max((one.square for one in result.measured), default=1.0)
    scale = SCALE_TO / max(most, 1e-9)
    lines = [HKLF4.format(*one.hkl, one.square * scale, max(0.01, one.sigma * scale), 1) for one in result.measured]
    return "\n".join([*lines, END]) + "\n"


def cif_file(result: Result, moment: datetime) -> str:
    """What was measured, in the names of the core CIF dictionary."""
    return "\n".join(_cif_lines(result, moment)) + "\n"


def _cif_lines(result: Result, moment: datetime) -> Iterator[str]:
    crystal, settings, whole = result.crystal, result.settings, result.whole
    yield f"data_{crystal.name.split()[0].lower()}"
    yield "_audit_creation_method 'simulated by the practice diffractometer; not a measurement'"
    yield f"_audit_creation_date {moment:%Y-%m-%d}"
    yield f"_chemical_formula_sum '{crystal.formula}'"
    yield f"_space_group_name_H-M_alt '{crystal.space_group}'"
    if result.refined:
        names = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
        for name, value, error in zip(names, result.refined.cell, result.refined.errors, strict=True):
            yield f"_cell_{name} {with_error(value, error)}"
        yield f"_cell_volume {result.refined.cell.volume:.2f}"
        yield f"_cell_measurement_reflns_used {result.refined.spots}"
    yield f"_exptl_crystal_size_max {crystal.size}"
    yield f"_diffrn_radiation_wavelength {WAVELENGTH}"
    yield "_diffrn_radiation_type 'Mo K\\a'"
    yield "_diffrn_measurement_method 'omega scan'"
    scan = f"{result.frames} frames of {settings.width:g} deg and {settings.exposure:g} s at {settings.distance:g} mm"
    yield f"_diffrn_measurement_details '{scan}'"
    yield f"_diffrn_reflns_number {len(result.measured)}"
    yield f"_diffrn_reflns_theta_max {bragg(whole.least) / 2:.2f}"
    yield f"_diffrn_measured_fraction_theta_max {whole.completeness:.3f}"
    if whole.r_int is not None:
        yield f"_diffrn_reflns_av_R_equivalents {whole.r_int:.4f}"
    yield f"_publ_section_references '{crystal.source}'"


def log_file(entries: list[Entry]) -> str:
    return "".join(f"{entry.moment:%Y-%m-%d %H:%M:%S} UTC  {entry.text}\n" for entry in entries)


def frames_file(screening: Screening) -> bytes:
    """The screening's frames as 16-bit PNG, one count a step."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, omega in enumerate(ANGLES):
            picture = io.BytesIO()
            Image.frombytes("I;16", (PIXELS, PIXELS), screening.frame(number).tobytes()).save(picture, "PNG")
            archive.writestr(f"screening-{omega:03}.png", picture.getvalue())
    return packed.getvalue()
