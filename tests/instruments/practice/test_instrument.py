"""A person at the instrument: the order of the work, its screen, and the files that come of it."""

import io
import itertools
import re
import zipfile
from datetime import UTC, datetime

import pytest
from PIL import Image, ImageChops

from instruments.practice.crystals.structures import CALCITE, CRYSTALS, HALITE, QUARTZ
from instruments.practice.files import cif_file, files_of, hkl_file
from instruments.practice.instrument import LOG_KEPT, REACH, Doing, Instrument
from instruments.practice.screen import keys
from instruments.practice.screen.canvas import SIZE, Canvas
from instruments.practice.screen.desk import Desk
from instruments.practice.screen.words import clock, duration, with_error

MOMENT = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)


def measured(crystal=HALITE) -> Instrument:
    instrument = Instrument("seed")
    instrument.mount(crystal)
    instrument.centre()
    instrument.choose(degrees=30, width=2.0)
    instrument.screen()
    let_pass(instrument)
    instrument.start()
    let_pass(instrument)
    return instrument


def let_pass(instrument: Instrument) -> None:
    for _ in range(2000):
        if not instrument.is_busy:
            return
        instrument.advance(0.1)
    raise AssertionError("it never ends")


def press(desk: Desk, text: str) -> None:
    for letter in text:
        desk.key(ord(letter))


def test_the_whole_work_by_keyboard_alone():
    told = []
    instrument = Instrument("seed", told.append)
    desk = Desk(instrument)
    press(desk, "d ")  # calcite; on to its centring
    press(desk, "a ")
    press(desk, "gt")  # two seconds; take frames
    assert instrument.doing is Doing.SCREENING
    let_pass(instrument)
    press(desk, " dhka ")  # on to the strategy: 40 mm, 1 degree, 30 degrees - no, what it advises
    assert instrument.settings.degrees == instrument.advice.degrees
    press(desk, " ")
    assert instrument.doing is Doing.COLLECTING
    instrument.advance(0.3)
    press(desk, " ")
    assert instrument.doing is Doing.PAUSED
    press(desk, " ")
    let_pass(instrument)
    assert told == [instrument]
    assert instrument.result.crystal == CALCITE
    press(desk, " ")
    assert desk.page.title == "Data"
    assert [entry.text.split(":")[0] for entry in instrument.log[-2:]] == ["Collection goes on", "Collection done"]


def test_tab_and_return_reach_every_button():
    desk = Desk(Instrument("seed"))
    for number in range(6):
        desk.key(ord(str(number + 1)))
        seen = set()
        for _ in range(len(desk.buttons())):
            desk.key(keys.TAB)
            seen.add(desk.focus)
        assert seen == {number for number, button in enumerate(desk.buttons()) if button.is_enabled}
        desk.key(keys.BACK_TAB)
    desk.key(ord("1"))
    for _ in range(8):
        desk.key(keys.TAB)
    desk.key(keys.RETURN)
    assert desk.instrument.crystal == CRYSTALS[1]


def test_buttons_are_large_name_their_keys_and_never_overlap():
    instrument = measured()
    desk = Desk(instrument)
    for number in range(6):
        desk.turn_to(number)
        buttons = desk.buttons()
        for button in buttons:
            left, top, right, bottom = button.box
            assert right - left >= 48
            assert bottom - top >= 48
            assert right <= SIZE[0]
            assert bottom <= SIZE[1]
        reached = [button.key for button in buttons if button.key and button.is_enabled]
        assert len(reached) == len(set(reached)), "one key, one button"
        boxes = [item.box for item in desk.items()]
        for one, other in itertools.combinations(boxes, 2):
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (desk.page.title, one, other)


def test_painting_what_changed_gives_the_picture_of_painting_all():
    instrument = Instrument("seed")
    desk, canvas = Desk(instrument), Canvas()
    for letter in "1c2r3t4l5 61":
        desk.key(ord(letter))
        instrument.advance(0.6)
        canvas.show(desk.items())
        fresh = Canvas()
        fresh.show(desk.items())
        assert ImageChops.difference(canvas.picture, fresh.picture).getbbox() is None, letter
    assert canvas.show(desk.items()) == []


def test_a_click_brings_the_crystal_to_the_cross():
    instrument = Instrument("seed")
    desk = Desk(instrument)
    desk.turn_to(1)
    for _ in range(2):
        across, up = instrument.seen()
        desk.press(round(268 + across * 320), round(380 - up * 320))
        desk.press(600, 500)  # turn by a quarter
    assert instrument.is_centred
    for keysym in (keys.LEFT, keys.LEFT, keys.UP, keys.UP):
        desk.key(keysym)
    assert not instrument.is_centred
    for _ in range(100):
        desk.key(keys.LEFT)
    assert max(map(abs, instrument.offset)) <= REACH


def test_clicks_beside_everything_and_unknown_keys_do_nothing():
    desk = Desk(Instrument("seed"))
    before = [item.key for item in desk.items()]
    for place in ((0, 0), (1023, 767), (65535, 65535)):
        desk.press(*place)
    for keysym in (0, 0xFFFFFFFF, 0x1000000, ord("§")):
        desk.key(keysym)
    assert [item.key for item in desk.items()] == before


def test_a_working_instrument_keeps_its_crystal_and_settings():
    instrument = Instrument("seed")
    instrument.start()
    settings, offset = instrument.settings, instrument.offset
    instrument.mount(QUARTZ)
    instrument.choose(distance=80)
    instrument.move(0.1, 0.1)
    instrument.centre()
    instrument.screen()
    assert (instrument.crystal, instrument.settings, instrument.offset) == (HALITE, settings, offset)
    assert instrument.doing is Doing.COLLECTING
    instrument.stop()
    assert instrument.doing is Doing.NOTHING
    instrument.pause()
    instrument.stop()
    assert instrument.doing is Doing.NOTHING


def test_a_stall_of_the_machine_makes_no_burst_of_frames():
    instrument = Instrument("seed")
    instrument.start()
    instrument.advance(60)
    assert instrument.run.number <= 2


def test_the_log_stays_short():
    instrument = Instrument("seed")
    for number in range(3 * LOG_KEPT):
        instrument.say(str(number))
    assert len(instrument.log) == LOG_KEPT


def test_files_are_what_other_programs_read():
    instrument = measured()
    files = dict(files_of(instrument, MOMENT))
    assert set(files) == {
        "halite-20270301T093000Z.hkl",
        "halite-20270301T093000Z.cif",
        "halite-20270301T093000Z-log.txt",
        "halite-20270301T093000Z-screening.zip",
    }
    with zipfile.ZipFile(io.BytesIO(files["halite-20270301T093000Z-screening.zip"])) as archive:
        assert len(archive.namelist()) == 4
        picture = Image.open(io.BytesIO(archive.read("screening-030.png")))
        assert picture.size == (512, 512)
        assert picture.getextrema()[1] > 100
    assert b"Collection done" in files["halite-20270301T093000Z-log.txt"]
    assert sum(map(len, files.values())) < 3_000_000


def test_the_list_of_reflections_is_hklf_4():
    result = measured(QUARTZ).result
    *lines, last = hkl_file(result).splitlines()
    assert last == "   0   0   0    0.00    0.00   0"
    assert len(lines) == len(result.measured) > 50
    for line, one in zip(lines, result.measured, strict=True):
        assert len(line) == 32
        assert (int(line[:4]), int(line[4:8]), int(line[8:12])) == one.hkl
        assert float(line[20:28]) > 0
    assert max(float(line[12:20]) for line in lines) == 9999.0


def test_the_cif_tells_the_cell_and_that_it_is_no_measurement():
    text = cif_file(measured().result, MOMENT)
    assert "not a measurement" in text
    assert re.search(r"^_cell_length_a 5\.6\d+\(\d+\)$", text, re.MULTILINE)
    assert "_diffrn_reflns_theta_max 26.0" in text
    assert all(line.startswith(("_", "data_")) for line in text.splitlines())


def test_nothing_measured_makes_no_files():
    assert files_of(Instrument("seed"), MOMENT) == []
    told = []
    instrument = Instrument("seed", told.append)
    instrument.start()
    instrument.stop()
    assert told == []


@pytest.mark.parametrize(
    ("value", "error", "text"), [(5.6402, 0.0008, "5.6402(8)"), (90.02, 0.017, "90.020(17)"), (17.06, 0.3, "17.1(3)")]
)
def test_numbers_carry_their_uncertainty(value, error, text):
    assert with_error(value, error) == text
    assert with_error(value, 0) == f"{value:.4f}"


def test_times_are_said_shortly():
    assert (duration(20), duration(600), duration(4000)) == ("1 min", "10 min", "1:07 h")
    assert clock(3725) == "1:02:05"
