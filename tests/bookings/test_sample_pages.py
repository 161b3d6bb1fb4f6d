"""Pages of samples: from declaring to what became of it, for both sides; a fixed number of queries."""

import pytest

from bookings.models import Sample
from calls.models import ApplicationSample
from tests.factories.applications import ApplicationFactory
from tests.factories.applications import SampleFactory as DeclaredFactory
from tests.factories.bookings import BookingFactory
from tests.factories.samples import SampleFactory

pytestmark = pytest.mark.django_db

TYPED = {"label": "Cu-1", "composition": "C12H22CuO11", "form": "crystal", "quantity": "", "hazard_words": ""}


@pytest.fixture
def as_researcher(client, researcher):
    client.force_login(researcher)
    return client


def test_from_booking_to_the_laboratory_and_back(client, researcher, operator, award):
    booking = BookingFactory(award=award)
    client.force_login(researcher)
    address = f"/en/samples/for/{award.ref}/?booking={booking.ref}"
    assert address in client.get(booking.get_absolute_url()).content.decode()
    assert client.get(address).context["form"].initial["booking"] == booking

    response = client.post(address, TYPED | {"hazards": ["toxic"], "booking": booking.pk, "is_return_wanted": "on"})
    sample = Sample.objects.get()
    assert response["Location"] == sample.get_absolute_url()
    assert (sample.booking, sample.hazards, sample.is_return_wanted) == (booking, ["toxic"], True)

    page = f"/en/samples/{sample.ref}/"
    assert client.post(page + "ship/", {"carrier": "DHL", "tracking": "", "expected_on": ""}).status_code == 302
    client.force_login(operator)
    shown = client.get(page).content.decode()
    assert "DHL" in shown
    assert f"{page}receive/" in shown
    assert f"{page}change/" not in shown
    for verb in ("receive", "mount", "dismount", "give_back"):
        assert client.post(f"{page}{verb}/").status_code == 302
    sample.refresh_from_db()
    assert sample.state == "returned"
    assert "Sent back" in client.get(page).content.decode()


def test_received_from_the_laboratorys_page_leads_back_there(client, operator, award):
    sample = SampleFactory(award=award)
    client.force_login(operator)
    assert client.post(f"/en/samples/{sample.ref}/receive/", {"next": "lab"})["Location"] == "/en/lab/"


def test_what_was_declared_in_the_application_is_not_typed_twice(as_researcher, award):
    award.application = ApplicationFactory(applicant=award.holder)
    award.save()
    declared = DeclaredFactory(application=award.application, label="Zn-3", hazards=["toxic"])
    page = as_researcher.get(f"/en/samples/for/{award.ref}/").content.decode()
    assert f"?like={declared.pk}" in page
    filled = as_researcher.get(f"/en/samples/for/{award.ref}/?like={declared.pk}").context["form"]
    assert (filled.initial["label"], filled.initial["hazards"]) == ("Zn-3", ["toxic"])
    other = DeclaredFactory()
    assert ApplicationSample.objects.count() == 2
    assert as_researcher.get(f"/en/samples/for/{award.ref}/?like={other.pk}").context["form"].initial == {}


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"label": ""}, 400, "This field is required"),
        ({"form": "soup"}, 400, "Select a valid choice"),
        ({"hazard_words": "It bites."}, 422, "Tick the hazard that you describe."),
        ({"booking": "7777777"}, 400, "Select a valid choice"),
        ({"label": "x" * 61}, 400, "at most 60"),
    ],
)
def test_bad_input_gets_a_sentence_and_declares_nothing(as_researcher, award, change, code, words):
    response = as_researcher.post(f"/en/samples/for/{award.ref}/", TYPED | change)
    assert response.status_code == code
    assert words in response.content.decode()
    assert not Sample.objects.exists()


def test_a_sample_is_corrected_and_taken_off_the_list(as_researcher, award):
    sample = SampleFactory(award=award)
    page = f"/en/samples/{sample.ref}/"
    assert as_researcher.post(page + "change/", TYPED | {"label": ""}).status_code == 400
    sample.refresh_from_db()
    assert sample.label
    assert as_researcher.post(page + "change/", TYPED).status_code == 302
    sample.refresh_from_db()
    assert sample.label == "Cu-1"
    assert as_researcher.post(page + "remove/").status_code == 302
    assert not Sample.objects.exists()


def test_a_refusal_asks_why_first(client, operator, award):
    sample = SampleFactory(award=award)
    client.force_login(operator)
    page = f"/en/samples/{sample.ref}/refuse/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"why": ""}).status_code == 400
    assert client.post(page, {"why": "Explosive."}).status_code == 302
    sample.refresh_from_db()
    assert sample.state == "refused"


def test_a_step_that_leads_nowhere_is_said_and_others_are_not_found(client, operator, award):
    sample = SampleFactory(award=award)
    client.force_login(operator)
    assert client.post(f"/en/samples/{sample.ref}/mount/").status_code == 422
    assert client.post(f"/en/samples/{sample.ref}/sing/").status_code == 404
    assert client.get(f"/en/samples/{sample.ref}/receive/").status_code == 405
    sample.refresh_from_db()
    assert sample.state == "declared"


@pytest.mark.parametrize("who", ["stranger_researcher", "stranger_focal_point", "stranger_operator", "donor"])
@pytest.mark.parametrize("path", ["", "change/", "ship/", "refuse/"])
def test_strangers_do_not_find_it(client, request, award, who, path):
    sample = SampleFactory(award=award)
    client.force_login(request.getfixturevalue(who))
    assert client.get(f"/en/samples/{sample.ref}/{path}").status_code == 404
    assert client.get(f"/en/samples/for/{award.ref}/").status_code == 404
    assert sample.label not in client.get("/en/samples/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three(as_researcher, award, count, django_assert_num_queries):
    SampleFactory.create_batch(count, award=award)
    with django_assert_num_queries(4):
        page = as_researcher.get("/en/samples/").content.decode()
    assert page.count("Cu-") == count


def test_the_list_of_one_award_and_of_the_past(as_researcher, award):
    SampleFactory(award=award, label="Here")
    SampleFactory(award=award, label="Gone", state="lost")
    here = as_researcher.get(f"/en/samples/?award={award.ref}").content.decode()
    assert "Here" in here
    assert "Gone" not in here
    assert f"/en/samples/for/{award.ref}/" in here
    past = as_researcher.get("/en/samples/?past=1").content.decode()
    assert "Gone" in past
    assert "Here" not in past
    assert as_researcher.get("/en/samples/?award=%00").status_code == 200
