"""ORCID: one callback address for every language, and the iD it vouches for."""

from urllib.parse import parse_qs

import pytest
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.signals import social_account_added
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from portal.accounts import actions
from portal.accounts.models import User
from portal.audit.actions import history_of
from portal.core.errors import Refused
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
ORCID = "0000-0002-1825-0097"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_orcid_knows_one_address_for_all_languages(language: str) -> None:
    with translation.override(language):
        assert reverse("orcid_callback") == "/accounts/orcid/login/callback/"


def test_without_keys_there_is_no_such_page(client: Client) -> None:
    assert client.get("/accounts/orcid/login/callback/", follow=True).status_code == 404
    assert client.post("/en/accounts/orcid/login/").status_code == 404


def test_with_keys_people_are_sent_to_orcid_and_back_to_the_one_address(client: Client, settings: object) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"orcid": {"APP": {"client_id": "APP-1", "secret": "s3cret"}}}
    answer = client.post("/fr/accounts/orcid/login/")
    there, _mark, query = answer["Location"].partition("?")
    assert there == "https://orcid.org/oauth/authorize"
    assert parse_qs(query)["redirect_uri"] == ["http://testserver/accounts/orcid/login/callback/"]
    assert parse_qs(query)["client_id"] == ["APP-1"]


def connect(user: User, uid: str) -> None:
    account = SocialAccount.objects.create(user=user, provider="orcid", uid=uid)
    request = RequestFactory().get("/")
    social_account_added.send(SocialLogin, request=request, sociallogin=SocialLogin(user=user, account=account))
    user.refresh_from_db()


def test_connecting_stores_the_verified_id(researcher: User) -> None:
    connect(researcher, ORCID)
    assert (researcher.orcid, researcher.has_verified_orcid) == (ORCID, True)
    assert history_of(researcher).get().verb == "take_orcid"


def test_whoever_proves_an_id_takes_it_from_who_typed_it(researcher: User) -> None:
    typist = UserFactory(orcid=ORCID)
    connect(researcher, ORCID)
    typist.refresh_from_db()
    assert (researcher.orcid, typist.orcid) == (ORCID, "")
    assert history_of(typist).get().verb == "lose_orcid"


def test_what_is_no_id_is_not_stored(researcher: User) -> None:
    connect(researcher, "0000-0002-1825-0098")
    assert (researcher.orcid, researcher.has_verified_orcid) == ("", False)


def test_a_verified_id_is_not_typed_over(researcher: User) -> None:
    connect(researcher, ORCID)
    with pytest.raises(Refused) as refusal:
        actions.update_profile(researcher, by=researcher, orcid="0000-0002-1694-233X")
    assert refusal.value.codes == ["orcid_verified"]


def test_an_id_of_another_account_is_refused_with_a_way_out(researcher: User) -> None:
    UserFactory(orcid=ORCID)
    with pytest.raises(Refused) as refusal:
        actions.update_profile(researcher, by=researcher, orcid=ORCID, name="Changed")
    assert refusal.value.codes == ["orcid_taken"]
    researcher.refresh_from_db()
    assert researcher.name == "Amina Researcher"
