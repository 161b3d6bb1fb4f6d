"""How the laboratory says where the screen of a unit is; its password goes in and never comes out."""

import json

import pytest
from django.utils import timezone

from instruments import actions
from instruments.models import Desktop
from portal.audit.actions import history_of
from portal.audit.models import Record
from portal.core.errors import Forbidden, Refused

pytestmark = pytest.mark.django_db

SECRET = "tr0ub4dor"
TYPED = {"route": "direct", "host": "10.20.0.5", "port": "5901", "clipboard": "both", "has_password": "change"}


@pytest.fixture
def unit(instrument):
    return instrument.units.get()


@pytest.fixture
def as_operator(client, operator):
    client.force_login(operator)
    return client


def page(instrument, unit=None):
    return f"/en/desk/instruments/{instrument.slug}/desktops/" + (f"{unit.pk}/" if unit else "")


def test_it_is_kept_sealed_and_told_of_without_its_password(unit, operator):
    desktop = actions.set_desktop(unit, by=operator, route="direct", host="10.20.0.5", password=SECRET)
    desktop.refresh_from_db()
    assert desktop.password == SECRET
    assert SECRET not in desktop.sealed_password
    entry = history_of(unit.instrument)[0]
    assert (entry.verb, entry.details["password"]) == ("set_desktop", "set")
    assert SECRET not in json.dumps(list(Record.objects.values("why", "details")), default=str)


def test_a_password_is_kept_changed_or_forgotten(unit, operator):
    actions.set_desktop(unit, by=operator, route="direct", host="pc", password=SECRET)
    assert actions.set_desktop(unit, by=operator, route="direct", host="pc2").password == SECRET
    assert actions.set_desktop(unit, by=operator, route="direct", host="pc", password="other").password == "other"
    assert actions.set_desktop(unit, by=operator, route="direct", host="pc", password="").sealed_password == ""


def test_new_settings_forget_how_the_old_ones_answered(unit, operator):
    desktop = actions.set_desktop(unit, by=operator, route="practice")
    actions.note_answer(desktop, "")
    actions.set_desktop(unit, by=operator, route="connector")
    desktop.refresh_from_db()
    assert (desktop.route, desktop.answered_at, desktop.asked_at) == ("connector", None, None)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"host": "vnc://10.0.0.1"}, "invalid_host"),
        ({"host": "10.0.0.1:5900"}, "invalid_host"),
        ({"host": "pc one"}, "invalid_host"),
        ({"host": ""}, "invalid_host"),
        ({"host": "a" * 254}, "invalid_host"),
        ({"host": "pc", "port": 0}, "invalid_port"),
        ({"host": "pc", "port": 65536}, "invalid_port"),
        ({"host": "pc", "password": "x" * 65}, "invalid_password"),
        ({"host": "pc", "password": "a\nb"}, "invalid_password"),
    ],
)
def test_what_cannot_be_an_address_is_refused(unit, operator, fields, code):
    with pytest.raises(Refused) as refusal:
        actions.set_desktop(unit, by=operator, route="direct", **fields)
    assert refusal.value.codes == [code]
    assert not Desktop.objects.exists()


@pytest.mark.parametrize("who", ["stranger_operator", "researcher", "focal_point", "donor"])
def test_strangers_set_nothing(request, unit, who):
    with pytest.raises(Forbidden):
        actions.set_desktop(unit, by=request.getfixturevalue(who), route="practice")


def test_the_pages_never_show_the_password(as_operator, instrument, unit):
    answer = as_operator.post(page(instrument, unit), TYPED | {"password": SECRET})
    assert (answer.status_code, answer.url) == (302, page(instrument))
    desktop = Desktop.objects.get()
    assert (desktop.host, desktop.port, desktop.password) == ("10.20.0.5", 5901, SECRET)
    for path in (page(instrument), page(instrument, unit)):
        text = as_operator.get(path).content.decode()
        assert "10.20.0.5" in text
        assert SECRET not in text
        assert desktop.sealed_password not in text
    answer = as_operator.post(page(instrument, unit), TYPED | {"password": SECRET, "port": "no"})
    assert answer.status_code == 422
    assert SECRET not in answer.content.decode()


def test_nor_does_the_back_office_or_the_api(client, admin_user, operator, unit, instrument):
    actions.set_desktop(unit, by=operator, route="direct", host="desktop.invalid", password=SECRET)
    client.force_login(admin_user)
    texts = [
        client.get(path).content.decode()
        for path in (
            f"/en/admin/instruments/instrument/{instrument.pk}/change/",
            f"/api/v1/instruments/{instrument.slug}/",
            f"/en/instruments/{instrument.slug}/",
            f"/en/desk/instruments/{instrument.slug}/",
        )
    ]
    assert all(texts)
    assert not [text for text in texts if SECRET in text or "sealed:" in text]


def test_leaving_the_password_as_it_is(as_operator, instrument, unit, operator):
    actions.set_desktop(unit, by=operator, route="direct", host="pc", password=SECRET)
    as_operator.post(page(instrument, unit), TYPED | {"has_password": "keep"})
    assert Desktop.objects.get().password == SECRET


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"host": ""}, "Write the name or the address of the PC."),
        ({"host": "vnc://x"}, "without port or"),
        ({"password": ""}, "Write the password, or choose that it asks for none."),
        ({"route": "carrier pigeon"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changed(as_operator, instrument, unit, typed, sentence):
    answer = as_operator.post(page(instrument, unit), TYPED | {"password": SECRET} | typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Desktop.objects.exists()


def test_taking_it_away(as_operator, instrument, unit, operator):
    actions.set_desktop(unit, by=operator, route="practice")
    as_operator.post(
        page(instrument, unit), {"route": "none", "port": "5900", "clipboard": "none", "has_password": "forget"}
    )
    assert not Desktop.objects.exists()
    with pytest.raises(Refused):
        actions.remove_desktop(unit, by=operator)


def test_trying_it_tells_in_words(as_operator, instrument, unit, operator, settings):
    settings.DESKTOP_ALLOWED_NETWORKS = ["10.0.0.0/8"]
    actions.set_desktop(unit, by=operator, route="direct", host="127.0.0.1")
    answer = as_operator.post(f"/en/lab/desktops/{unit.pk}/try/", follow=True)
    assert "its address lies outside the networks that may be reached" in answer.content.decode()
    assert Desktop.objects.get().trouble == "forbidden"
    answer = as_operator.post(f"/en/lab/desktops/{unit.pk}/try/", follow=True)
    assert "It is being tried already" in answer.content.decode()


def test_an_answer_is_shown_with_its_moment(as_operator, instrument, unit, operator):
    actions.note_answer(actions.set_desktop(unit, by=operator, route="practice"), "")
    assert Desktop.objects.get().answered_at <= timezone.now()
    assert "It answered." in as_operator.get(page(instrument)).content.decode()


def test_a_stranger_tries_nothing(client, stranger_operator, operator, unit):
    actions.set_desktop(unit, by=operator, route="practice")
    client.force_login(stranger_operator)
    assert client.post(f"/en/lab/desktops/{unit.pk}/try/").status_code == 404
    assert Desktop.objects.get().asked_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three(
    as_operator, instrument, operator, count, django_assert_num_queries
):
    for number in range(1, count):
        instrument.units.create(name=f"Further {number}")
    for unit in instrument.units.all():
        Desktop.objects.create(unit=unit, route="practice")
    with django_assert_num_queries(4):
        as_operator.get(page(instrument))


@pytest.mark.parametrize("host", ["10.20.0.5", "pc-7.lab.example", "localhost", "::1", "fd00::12:5"])
def test_names_and_addresses_of_both_kinds_are_taken(unit, operator, host):
    assert actions.set_desktop(unit, by=operator, route="direct", host=host).host == host


def test_a_queue_of_people_on_the_spot_needs_bookings_confirmed_at_once(as_operator, instrument):
    form = as_operator.get(f"/en/desk/instruments/{instrument.slug}/policy/").context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    typed |= {"has_standby": "on", "day_starts": "10:00"}
    typed = {name: value for name, value in typed.items() if value is not False}
    for name in ("shortest", "longest", "notice", "cancel_notice", "confirm_by", "offer_minutes"):
        typed[name] = form.fields[name].prepare_value(typed[name])
    address = f"/en/desk/instruments/{instrument.slug}/policy/"
    assert as_operator.post(address, typed | {"needs_confirmation": "on"}).status_code == 422
    answer = as_operator.post(address, typed | {"standby_minutes": "5"})
    assert answer.status_code == 302, answer.context["form"].errors
    instrument.policy.refresh_from_db()
    assert (instrument.policy.has_standby, instrument.policy.standby_minutes) == (True, 5)
