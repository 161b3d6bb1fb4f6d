"""Labels of samples: what stands on them, where their code leads, who may print them."""

import re

import pytest
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from bookings.labels import label_of
from portal.core.qr import qr_path
from tests.factories.bookings import BookingFactory
from tests.factories.samples import SampleFactory

pytestmark = pytest.mark.django_db

ADDRESS = "Sample reception\n25 avenue des Martyrs\n38000 Grenoble"


def drawn(path: str, side: int) -> list[list[bool]]:
    """The squares that a path of rectangles one unit high covers."""
    rows = [[False] * side for _row in range(side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path):
        for column in range(int(x), int(x) + int(width)):
            assert not rows[int(y)][column]
            rows[int(y)][column] = True
    return rows


def test_the_path_draws_the_code_of_the_samples_page(award, settings):
    settings.SITE_URL = "https://portal.example.org"
    label = label_of(SampleFactory(award=award))
    assert label.url == f"https://portal.example.org{label.sample.get_absolute_url()}"
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(label.url)
    assert drawn(label.path, label.side) == code.get_matrix()


def test_another_text_is_another_code_with_white_around_it():
    path, side = qr_path("a")
    assert path != qr_path("b")[0]
    rows = drawn(path, side)
    margin = [*rows[:4], *rows[-4:], *zip(*rows, strict=True)][:8]
    assert not any(any(row) for row in margin)
    assert rows[4][4:12] == [True] * 7 + [False]


def test_what_stands_on_the_label_of_a_parcel(client, researcher, award):
    award.instrument.ship_to = ADDRESS
    award.instrument.save()
    booking = BookingFactory(award=award)
    sample = SampleFactory(
        award=award, booking=booking, hazards=["toxic", "flammable"], hazard_words="Dust <b>", is_return_wanted=True
    )
    client.force_login(researcher)
    page = client.get(f"/en/samples/{sample.ref}/label/").content.decode()
    for words in (
        "25 avenue des Martyrs", researcher.name, "Lakeside University", sample.label, sample.composition, sample.ref,
        booking.ref, "Toxic, Flammable", "Dust &lt;b&gt;", "without commercial value", "sent back after",
    ):  # fmt: skip
        assert words in page
    assert label_of(sample).path in page
    assert "style=" not in page
    small = client.get(f"/en/samples/{sample.ref}/label/?size=a7").content.decode()
    assert "25 avenue" not in small
    assert "Toxic, Flammable" in small
    assert client.get(f"/en/samples/{sample.ref}/label/?size=%00").status_code == 200


def test_customs_read_english_beside_the_readers_language(client, researcher, award):
    sample = SampleFactory(award=award)
    client.force_login(researcher)
    assert client.get(f"/en/samples/{sample.ref}/label/").content.decode().count('class="label-customs"') == 1
    page = client.get(f"/fr/samples/{sample.ref}/label/").content.decode()
    assert page.count('class="label-customs"') == 2
    assert "without commercial value" in page


def test_a_laboratory_without_an_address_is_to_be_asked_first(client, researcher, award):
    sample = SampleFactory(award=award)
    client.force_login(researcher)
    for page in ("", "label/"):
        assert "ask it for its address" in client.get(f"/en/samples/{sample.ref}/{page}").content.decode()


def test_pages_lead_to_labels_and_say_where_samples_are_sent(client, researcher, award):
    award.instrument.ship_to = ADDRESS
    award.instrument.save()
    sample = SampleFactory(award=award)
    client.force_login(researcher)
    page = client.get(f"/en/samples/{sample.ref}/").content.decode()
    assert "25 avenue des Martyrs" in page
    assert f"/en/samples/{sample.ref}/label/" in page
    sheet = f"/en/samples/for/{award.ref}/labels/"
    assert sheet in client.get(award.get_absolute_url()).content.decode()
    assert sheet in client.get(f"/en/samples/?award={award.ref}").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_sheet_takes_the_same_queries_for_one_and_three(client, researcher, award, count, django_assert_num_queries):
    samples = SampleFactory.create_batch(count, award=award, booking=BookingFactory(award=award))
    SampleFactory(award=award, state="lost")
    SampleFactory()
    client.force_login(researcher)
    with django_assert_num_queries(4):
        page = client.get(f"/en/samples/for/{award.ref}/labels/").content.decode()
    assert sorted(re.findall(r'data-label="(\w+)"', page)) == sorted(sample.ref for sample in samples)


def test_a_sheet_without_samples_says_what_to_do(client, researcher, award):
    client.force_login(researcher)
    response = client.get(f"/en/samples/for/{award.ref}/labels/")
    assert response.status_code == 200
    assert "Declare what you send" in response.content.decode()


@pytest.mark.parametrize("who", ["stranger_researcher", "stranger_focal_point", "stranger_operator", "donor"])
def test_strangers_find_no_labels(client, request, award, who):
    sample = SampleFactory(award=award)
    client.force_login(request.getfixturevalue(who))
    assert client.get(f"/en/samples/{sample.ref}/label/").status_code == 404
    assert client.get(f"/en/samples/for/{award.ref}/labels/").status_code == 404
