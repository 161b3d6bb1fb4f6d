"""Staff enter organisations by file, merge what is there twice, and a visitor finds it by its old address and name."""

import pytest

from portal.accounts.models import Membership, Organisation
from tests.factories.accounts import MembershipFactory, OrganisationFactory

FILE = """name;kind;country;city
Savanna College;university;KE;Nakuru
University of Twin Peaks;university;ZM;Lusaka
Odd Place;circus;KE;
"""


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_a_file_to_one_entry_of_each(window, staff, script):
    kept = OrganisationFactory(name="Twin Peaks University", slug="twin-peaks", country="ZM", city="")
    MembershipFactory(organisation=kept)
    for town in ("Kisumu", "Nakuru"):
        OrganisationFactory(name="Lake College", slug=f"lake-{town.lower()}", country="KE", city=town)
    visit = window(staff, script=script)
    page = visit.page
    visit.open("/en/desk/organisations/")
    visit.press("Organisations by file")
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    page.get_by_label("CSV file").set_input_files(file)
    visit.press("Read it for trial")
    assert visit.title() == "Trial: nothing is entered yet"
    assert "kind: is one of: university" in visit.text()
    assert not Organisation.objects.filter(name="Savanna College").exists()
    visit.press("Take over 2 rows")
    twin = Organisation.objects.get(name="University of Twin Peaks")
    person = MembershipFactory(organisation=twin, role="operator").user

    visit.open("/en/desk/organisations/doubles/")
    visit.press("These are two (Lake College, Lake College)")
    assert "Noted: they are two" in visit.text()
    assert "Kisumu" not in visit.text()
    visit.press("Look and merge University of Twin Peaks")
    assert "memberships: 1" in visit.text()
    visit.press("Merge them")
    assert visit.title() == "Twin Peaks University"
    assert Membership.objects.get(user=person).organisation == kept

    outside = window(script=script)
    outside.open(f"/en/organisations/{twin.slug}/")
    assert outside.title() == "Twin Peaks University"
    assert outside.page.url.endswith("/en/organisations/twin-peaks/")
    assert "Lusaka" in outside.text(), "the kept entry took the town"
    assert "formerly University of Twin Peaks" in outside.text()
    outside.open("/en/network/")
    outside.page.get_by_label("Name, place or ROR id").fill("zambia")
    outside.press("Show")
    outside.press("Twin Peaks University")
