"""Who hears that a need has opened or an offer was vetted."""

import pytest

from calls.actions.interest.deeds import end
from donations.actions import gate
from donations.actions.tell import tell_need_open
from portal.notifications.models import Notification
from tests.donations.gate.passing import passed, submitted, told, vetting
from tests.factories.donations import CategoryFactory, NeedFactory
from tests.factories.interests import InterestFactory

pytestmark = pytest.mark.django_db


def listener(name, standing, categories=(), **fields):
    interest = InterestFactory(address=f"{name}@example.org", standing=standing, **fields)
    interest.categories.set(categories)
    return interest


@pytest.fixture
def centrifuges():
    return CategoryFactory()


@pytest.fixture
def balances():
    return CategoryFactory(slug="balances", name_en="Balances", name_fr="Balances")


def test_donors_of_the_category_hear_of_an_open_need(staff, institute, centrifuges, balances):
    listener("all", "donor")
    listener("spinning", "donor", [centrifuges])
    listener("weighing", "donor", [balances])
    listener("needing", "beneficiary", [centrifuges])
    listener("elsewhere", "donor", [centrifuges], countries=["PA"])
    listener("here", "donor", [centrifuges], countries=[institute.country.code])
    gate.verify_need(passed(submitted(organisation=institute), staff), by=staff)
    assert told("need_news") == {"all@example.org", "spinning@example.org", "here@example.org"}


def test_those_who_need_it_hear_of_a_vetted_offer(staff, centrifuges):
    listener("kenya", "beneficiary", [centrifuges], country="KE")
    listener("panama", "beneficiary", [centrifuges], country="PA")
    listener("giving", "donor", [centrifuges], country="KE")
    gate.vet_offer(passed(vetting(countries=["KE"]), staff), by=staff)
    assert told("offer_news") == {"kenya@example.org"}


def test_twice_is_once_and_who_wants_a_digest_waits_for_it():
    listener("daily", "donor", frequency="daily")
    need = NeedFactory()
    assert (tell_need_open(need), tell_need_open(need)) == (1, 0)
    assert Notification.objects.get().state == "held"


def test_whoever_ends_the_interest_hears_nothing_more():
    interest = listener("daily", "donor", frequency="daily")
    tell_need_open(NeedFactory())
    end(interest)
    assert Notification.objects.get().state == "suppressed"
