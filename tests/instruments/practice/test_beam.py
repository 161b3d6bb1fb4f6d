"""The rotating crystal: Ewald's construction, the strategy, and what is measured against what was put in."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.practice.beam.absences import absences
from instruments.practice.beam.chance import poisson
from instruments.practice.beam.frames import background, expose, part_of
from instruments.practice.beam.geometry import (
    CENTRE,
    DISTANCES,
    PIXEL,
    PIXELS,
    WAVELENGTH,
    Ray,
    bragg,
    crossings,
    edge_spacing,
    orientation,
    ray,
    seen_at,
    turned,
)
from instruments.practice.beam.predict import Prediction, predictions
from instruments.practice.beam.refine import refine
from instruments.practice.beam.results import r_int, result_of
from instruments.practice.beam.run import Run, Settings, light_on
from instruments.practice.beam.screening import Screening
from instruments.practice.beam.strategy import RANGES, advised, plans
from instruments.practice.crystals.cell import length, product, transposed
from instruments.practice.crystals.factors import reflections
from instruments.practice.crystals.structures import CALCITE, CRYSTALS, HALITE, QUARTZ, SILICON, UREA

AXES = st.floats(-0.6, 0.6)


@given(AXES, AXES, AXES)
def test_a_reflection_stands_where_the_vector_meets_ewalds_sphere(x, y, z):
    for omega in crossings((x, y, z)):
        across, up, along = turned((x, y, z), omega)
        assert math.hypot(across, up, along + 1 / WAVELENGTH) == pytest.approx(1 / WAVELENGTH, abs=1e-7)


@given(AXES, AXES, AXES)
def test_a_spot_obeys_braggs_law_and_leads_back_to_its_vector(x, y, z):
    for omega in crossings((x, y, z)):
        spot = ray((x, y, z), omega, 40)
        if spot:
            spacing = 1 / math.hypot(x, y, z)
            assert spot.two_theta == pytest.approx(bragg(spacing), abs=1e-4)
            radius = math.hypot(spot.x - CENTRE, spot.y - CENTRE) * PIXEL
            assert math.degrees(math.atan(radius / 40)) == pytest.approx(spot.two_theta, abs=1e-4)
            assert seen_at(spot.x, spot.y, omega, 40) == pytest.approx((x, y, z), abs=1e-6)


def test_planes_along_the_axis_never_reflect():
    assert crossings((0.0, 0.3, 0.0)) == []
    assert crossings((0.0, 0.3, 0.01)) == []
    assert len(crossings((0.3, 0.0, 0.0))) == 2


def test_bragg_angles_of_the_textbook():
    assert bragg(2.8201) == pytest.approx(14.48, abs=0.01)  # halite 200 with Mo K-alpha
    assert bragg(3.1356, 1.540593) == pytest.approx(28.443, abs=0.005)  # silicon 111 with Cu K-alpha1, SRM 640
    with pytest.raises(ValueError):
        bragg(0.3)


def test_a_nearer_detector_sees_finer():
    assert [edge_spacing(distance) for distance in DISTANCES] == sorted(edge_spacing(d) for d in DISTANCES)
    assert edge_spacing(40) == pytest.approx(0.81, abs=0.01)


def test_lorentz_and_polarisation():
    """At a right angle to the axis: 1/sin(2 theta), and half the light polarised away at 90 degrees."""
    assert Ray(0, 0, 0, 90, 1).factor == pytest.approx(0.5)
    assert Ray(0, 0, 0, 30, 1).factor == pytest.approx((1 + 0.75) / 2 / 0.5)
    assert Ray(0, 0, 0, 30, 0.5).factor == pytest.approx(2 * Ray(0, 0, 0, 30, 1).factor)


@pytest.mark.parametrize("seed", ["one", "two", "three"])
def test_an_orientation_is_a_rotation_and_the_same_again(seed):
    turn = orientation(seed)
    unit = product(turn, transposed(turn))
    assert [value for row in unit for value in row] == pytest.approx([1, 0, 0, 0, 1, 0, 0, 0, 1], abs=1e-12)
    assert orientation(seed) == turn != orientation(seed + "!")


@pytest.mark.parametrize("crystal", CRYSTALS, ids=lambda crystal: crystal.name)
def test_predictions_lie_on_the_detector_and_meet_the_lattice(crystal):
    found = predictions(crystal, "seed", 40)
    assert len(found) > 1000
    for prediction in found[::50]:
        assert 0 <= prediction.ray.x < PIXELS
        assert 0 <= prediction.ray.y < PIXELS
        assert bragg(prediction.reflection.spacing) == pytest.approx(prediction.ray.two_theta, abs=1e-6)


@pytest.mark.parametrize("crystal", CRYSTALS, ids=lambda crystal: crystal.name)
def test_completeness_is_what_counting_gives_and_grows_with_the_rotation(crystal):
    table = plans(crystal, "seed", 60)
    assert [plan.degrees for plan in table] == list(RANGES)
    assert [plan.completeness for plan in table] == sorted(plan.completeness for plan in table)
    assert 0 < table[0].completeness <= table[-1].completeness <= 1
    assert advised(table).completeness >= 0.99 * table[-1].completeness
    met = {
        prediction.reflection.unique
        for prediction in predictions(crystal, "seed", 60)
        if prediction.ray.omega < 90
        and prediction.reflection.square
        and prediction.reflection.spacing >= edge_spacing(60)
    }
    wanted = {one.unique for one in reflections(crystal) if one.spacing >= edge_spacing(60)}
    assert table[2].completeness == pytest.approx(len(met) / len(wanted))


def test_higher_symmetry_needs_less_rotation():
    need = {crystal.name: advised(plans(crystal, "seed", 40)).degrees for crystal in (SILICON, UREA)}
    assert need["Silicon"] <= need["Urea (12 K)"]


def test_frames_share_a_reflection_between_them():
    prediction = predictions(QUARTZ, "seed", 40)[300]
    first = math.floor(prediction.ray.omega) - 5
    parts = [part_of(prediction, first + number * 0.5, 0.5) for number in range(22)]
    assert sum(parts) == pytest.approx(1, abs=1e-3)
    assert parts[0] < 0.01


@pytest.mark.parametrize("mean", [0.2, 3.0, 25.0, 400.0])
def test_counts_fall_as_poisson_says(mean):
    chance = random.Random("counts")
    counts = [poisson(mean, chance) for _ in range(4000)]
    middle = sum(counts) / len(counts)
    spread = sum((count - middle) ** 2 for count in counts) / len(counts)
    assert middle == pytest.approx(mean, abs=5 * math.sqrt(mean / 4000))
    assert spread == pytest.approx(mean, rel=0.12)
    assert poisson(0, chance) == 0


def test_a_frame_has_the_photons_that_were_sent_and_a_shadow():
    spot = Prediction(reflections(HALITE)[0], Ray(0.0, 300.3, 140.6, 20.0, 1.0), 1.0, 0.1)
    empty = background(1.0, 0)
    chance = random.Random("frame")
    frame = expose([(spot, 50_000.0, 0.0, 0.0)], 1.0, chance)
    assert sum(frame) - sum(empty) == pytest.approx(50_000, rel=0.03)
    assert max(range(len(frame)), key=frame.__getitem__) == 140 * PIXELS + 300
    assert frame[256 * PIXELS + 256] == frame[400 * PIXELS + 256] == 0
    assert sum(background(5.0, 0)) > 4 * sum(empty)
    assert max(expose([(spot, 1e9, 0.0, 0.0)], 1.0, chance)) == 65535


def test_a_crystal_beside_the_beam_reflects_less_and_elsewhere():
    assert light_on((0, 0, 0), 33) == pytest.approx((1, 0, 0))
    light, right, down = light_on((0.2, 0.1, 0.0), 0)
    assert light < 0.3
    assert right == pytest.approx(0.2 / PIXEL)
    assert down == pytest.approx(-0.1 / PIXEL)
    assert light_on((0.2, 0.0, 0.0), 90)[0] == pytest.approx(1)  # behind the middle now, along the beam


def collected(crystal, **settings):
    run = Run(crystal, "seed", Settings(**settings))
    while not run.is_done:
        run.step()
    return run


@pytest.mark.parametrize("crystal", [HALITE, QUARTZ, CALCITE], ids=lambda crystal: crystal.name)
def test_what_is_measured_is_the_crystal_that_was_put_in(crystal):
    result = result_of(collected(crystal, degrees=60))
    assert result.frames == 60
    assert result.refined is not None
    for found, true, error in zip(result.refined.cell, crystal.cell, result.refined.errors, strict=True):
        assert abs(found - true) < max(6 * error, 0.002)
    for one in result.measured[::20]:
        assert one.spacing == pytest.approx(crystal.cell.spacing(*one.hkl))
    assert result.r1 < 0.05
    assert result.whole.r_int < 0.06
    foreseen = next(plan.completeness for plan in plans(crystal, "seed", 40) if plan.degrees == 60)
    assert result.whole.completeness == pytest.approx(foreseen, abs=0.05)
    assert result.shells[0].signal > result.shells[-1].signal > 3
    forbidden = [one for one in result.measured if not one.true_square]
    if forbidden:
        assert abs(sum(one.square / one.sigma for one in forbidden) / len(forbidden)) < 0.5


def test_absences_name_the_lattice():
    rules = {
        crystal: [a.rule for a in result_of(collected(crystal, degrees=90)).absences] for crystal in (HALITE, CALCITE)
    }
    assert rules[HALITE] == ["hkl: h, k, l all even or all odd (F)"]
    assert rules[CALCITE] == ["hkl: -h+k+l = 3n (R)", "h-hl: l even (c)"]
    assert list(absences([((1, 0, 0), 20.0), ((2, 0, 0), 20.0)])) == []


def test_a_crystal_off_centre_gives_worse_data():
    good = result_of(collected(QUARTZ, degrees=60))
    run = Run(QUARTZ, "seed", Settings(degrees=60), (0.2, 0.2, 0.1))
    while not run.is_done:
        run.step()
    bad = result_of(run)
    assert bad.whole.signal < good.whole.signal / 2
    assert bad.whole.r_int > good.whole.r_int


def test_a_run_that_was_stopped_measures_what_it_saw():
    run = Run(CALCITE, "seed", Settings(degrees=90))
    for _ in range(20):
        run.step()
    result = result_of(run)
    assert result.frames == 20
    assert 0 < len(result.measured) < len(run.tallies) / 3
    run = Run(CALCITE, "seed", Settings(degrees=90))
    assert result_of(run).measured == ()
    assert result_of(run).refined is None


def test_too_bright_reflections_are_left_out():
    result = result_of(collected(UREA, degrees=60, width=0.5, exposure=5.0))
    assert result.overloads > 0


def test_the_same_seed_measures_the_same():
    one, other = (result_of(collected(SILICON, degrees=30)).measured for _ in range(2))
    assert one == other


def test_screening_tells_spots_resolution_and_cell():
    screening = Screening(CALCITE, "seed", Settings(exposure=2.0), (0.0, 0.0, 0.0))
    while not screening.is_done:
        screening.step()
    assert screening.found > 30
    assert 0.7 <= screening.reaches < 1.1
    assert screening.refined.cell.c == pytest.approx(CALCITE.cell.c, rel=0.02)
    assert len(screening.frame(3)) == PIXELS * PIXELS
    assert max(screening.frame(0)) > 100


def test_few_spots_make_no_cell():
    assert refine([], 40) is None
    assert r_int({}) is None
    assert length((3, 4, 0)) == 5
