"""Pages of events: in public, for calendars, for programs, on the desk."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from portal.stories.enums import EventState
from portal.stories.models import Event
from portal.stories.templatetags.pictures import picture_address
from tests.factories.accounts import OrganisationFactory
from tests.factories.calls import CallFactory
from tests.factories.instruments import TechniqueFactory
from tests.factories.stories import EventCountryFactory, EventFactory, StoryFactory
from tests.factories.trainings import TrainingFactory
from tests.support.photographs import pictured

pytestmark = pytest.mark.django_db
TYPED = {
    "version": "",
    "kind": "bootcamp",
    "title_en": "Bootcamp in Lusaka",
    "title_fr": "École intensive à Lusaka",
    "summary_en": "Five days.",
    "summary_fr": "Cinq jours.",
    "time_zone": "Africa/Lusaka",
    "first_day": "2027-03-01",
    "last_day": "2027-03-05",
    "country": "ZM",
    "partners": "A partner\nAnother",
}


def whole(event: Event) -> Event:
    """An event with one of everything on its page."""
    EventCountryFactory(event=event, country="UG", people=9)
    event.trainings.add(TrainingFactory(over=True))
    event.organisations.add(OrganisationFactory())
    event.techniques.add(TechniqueFactory())
    StoryFactory().events.add(event)
    return event


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_shows_coming_ones_first_in_few_statements(client, django_assert_num_queries, rows):
    for number in range(rows):
        EventFactory(title_en=f"Coming {number}")
        EventFactory(over=True, title_en=f"Past {number}")
    EventFactory(state=EventState.DRAFT, published_at=None, title_en="Hidden draft")
    EventFactory(state=EventState.CANCELLED, title_en="Called off")
    with django_assert_num_queries(4):
        page = client.get("/en/events/").content.decode()
    assert page.index("To come") < page.index("Coming 0") < page.index("Past</h2>") < page.index("Past 0")
    assert "Hidden draft" not in page
    assert "Called off" not in page


def test_filters_leave_what_fits(client):
    EventFactory(over=True, title_en="Cairo days", country="EG", kind="bootcamp")
    day = datetime(2023, 5, 16, 9, tzinfo=UTC)
    EventFactory(over=True, starts_at=day, title_en="Light in Dakar", country="SN", kind="international_day")
    for query, found in (
        ({"kind": "bootcamp"}, "Cairo days"),
        ({"country": "SN"}, "Light in Dakar"),
        ({"year": "2023"}, "Light in Dakar"),
        ({"q": "cairo days"}, "Cairo days"),
    ):
        page = client.get("/en/events/", query).content.decode()
        assert found in page
        assert ("Cairo days" in page) != ("Light in Dakar" in page)
    for nowhere in ({"q": "volcano"}, {"country": "IS"}):
        answer = client.get("/en/events/", nowhere)
        assert (answer.status_code, "No event fits" in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("query", [{"kind": "party"}, {"year": "1066"}, {"country": "XX"}, {"q": "x" * 300}])
def test_filters_that_make_no_sense_are_said(client, query):
    answer = client.get("/en/events/", query)
    assert (answer.status_code, "error-summary" in answer.content.decode()) == (400, True)


def test_one_event_in_few_statements_whatever_hangs_on_it(client, django_assert_num_queries):
    event = whole(EventFactory(over=True, call=CallFactory(kind="training"), people=71, women=37))
    for _more in range(2):
        event.organisations.add(OrganisationFactory())
        event.trainings.add(TrainingFactory(over=True))
    with django_assert_num_queries(7):
        page = client.get(event.get_absolute_url()).content.decode()
    for shown in ("71", "37", "Uganda (9)", "application/ld+json", *event.organisations.values_list("name", flat=True)):
        assert shown in page


@pytest.mark.parametrize(("call", "leads_on"), [({}, False), ({"upcoming": True}, False), ({"closed": True}, True)])
def test_an_event_whose_call_is_closed_leads_on_to_the_next(client, call, leads_on):
    event = EventFactory(call=CallFactory(kind="training", **call))
    page = client.get(event.get_absolute_url()).content.decode().partition("<main")[2].partition("</main>")[0]
    assert ('href="/en/interest/"' in page) is leads_on


@pytest.mark.parametrize(("people", "told"), [(0, 0), (4, None), (5, 5)])
def test_a_few_people_are_not_counted_in_public(client, people, told):
    event = EventFactory(over=True, people=people, women=None)
    assert client.get(f"/api/v1/events/{event.slug}/").json()["figures"]["people"] == told
    assert ("people came" in client.get(event.get_absolute_url()).content.decode()) == (told is not None)


def test_drafts_are_for_staff_and_cancelled_ones_say_why(client, staff):
    draft = EventFactory(state=EventState.DRAFT, published_at=None)
    off = EventFactory(state=EventState.CANCELLED, state_note="The hall is flooded.")
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(f"{draft.get_absolute_url()}calendar.ics").status_code == 404
    assert client.get(f"/api/v1/events/{draft.slug}/").status_code == 404
    assert "The hall is flooded." in client.get(off.get_absolute_url()).content.decode()
    client.force_login(staff)
    assert "Only staff see this draft" in client.get(draft.get_absolute_url()).content.decode()


def test_draft_calls_trainings_and_stories_stay_hidden(client):
    event = EventFactory(call=CallFactory(state="draft", published_at=None, title_en="Secret call", slug="secret-call"))
    event.trainings.add(TrainingFactory(state="draft", title="Secret course"))
    StoryFactory(draft=True, title_en="Secret story").events.add(event)
    page = client.get(event.get_absolute_url()).content.decode()
    assert ("Secret" in page, "secret-call" in page) == (False, False)
    assert client.get(f"/api/v1/events/{event.slug}/").json()["call"] is None


def test_other_sites_show_its_title_and_its_first_picture_and_nothing_of_a_draft(client, staff):
    event = EventFactory(title_en='Days of "light"')
    picture = pictured(story=None, event=event, alt_en="A prism")
    page = client.get(event.get_absolute_url()).content.decode()
    assert 'property="og:title" content="Days of &quot;light&quot;"' in page
    address = picture_address(picture)
    assert f'property="og:image" content="{address}"' in page
    assert 'property="og:image:alt" content="A prism"' in page
    assert f'"image": "{address}"' in page
    bare = client.get(EventFactory().get_absolute_url()).content.decode()
    assert ("og:title" in bare, "og:image" in bare) == (True, False)
    client.force_login(staff)
    draft = EventFactory(state=EventState.DRAFT, published_at=None)
    assert "og:" not in client.get(draft.get_absolute_url()).content.decode()


def test_scripts_in_texts_are_told_as_text(client):
    event = EventFactory(title_en="</script><script>alert(1)</script>", body_en="<script>alert(2)</script> *so*")
    page = client.get(event.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<em>so</em>" in page


def test_a_text_in_one_language_says_so_in_the_other(client):
    event = EventFactory(body_en="Bring *crystals*.", body_fr=None)
    page = client.get(f"/fr/events/{event.slug}/").content.decode()
    assert '<div class="prose" lang="en" dir="ltr"><p>Bring <em>crystals</em>.' in page
    assert '<div class="prose" dir="auto"><p>Bring' in client.get(f"/en/events/{event.slug}/").content.decode()


def test_whole_days_reach_calendars_as_days(client):
    event = EventFactory(
        starts_at=datetime(2027, 4, 29, 22, tzinfo=UTC), ends_at=datetime(2027, 5, 1, 21, tzinfo=UTC), place="Cairo"
    )
    answer = client.get(f"{event.get_absolute_url()}calendar.ics")
    (entry,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert (entry.decoded("dtstart"), entry.decoded("dtend")) == (date(2027, 4, 30), date(2027, 5, 2))
    assert (str(entry["location"]), str(entry["status"])) == ("Cairo, Egypt", "CONFIRMED")


def test_hours_reach_calendars_on_the_event_s_clock_and_cancelling_takes_them_out(client):
    start = datetime(2027, 3, 14, 8, tzinfo=UTC)
    event = EventFactory(
        starts_at=start, ends_at=start + timedelta(hours=2), has_hours=True, state=EventState.CANCELLED, version=2
    )
    (entry,) = Calendar.from_ical(client.get(f"{event.get_absolute_url()}calendar.ics").content).walk("VEVENT")
    assert (entry.decoded("dtstart"), entry["dtstart"].params["TZID"]) == (start, "Africa/Cairo")
    assert (str(entry["status"]), int(entry["sequence"])) == ("CANCELLED", 5)


def test_a_country_from_which_few_came_is_not_named(client):
    event = EventFactory(over=True, people=20, women=None)
    for country, people in (("UG", 9), ("KE", 9), ("TZ", 2)):
        EventCountryFactory(event=event, country=country, people=people)
    text = client.get(event.get_absolute_url()).content.decode()
    assert ("Uganda" in text, "Kenya" in text, "Tanzania" in text) == (True, True, False)
    assert "And from 1 country more" in text
    figures = client.get(f"/api/v1/events/{event.slug}/").json()["figures"]
    assert ([row["country"] for row in figures["countries"]], figures["unnamed_countries"]) == (["KE", "UG"], 1)


def test_programs_read_the_same_events_and_no_few_people(client, django_assert_num_queries):
    event = whole(EventFactory(over=True, people=8, women=3))
    for _more in range(2):
        EventFactory(over=True)
    EventFactory(state=EventState.CANCELLED)
    with django_assert_num_queries(1):
        rows = client.get("/api/v1/events/").json()["results"]
    assert len(rows) == 3
    assert client.get("/api/v1/events/", {"year": "2020"}).json()["results"] == []
    assert client.get("/api/v1/events/", {"kind": "party"}).status_code == 400
    found = client.get(f"/api/v1/events/{event.slug}/").json()
    assert found["figures"] == {
        "people": 8, "women": None, "countries": [{"country": "UG", "people": 9}], "unnamed_countries": 0, "source": ""
    }  # fmt: skip
    assert (found["first_day"], found["has_hours"]) == (str(event.first_day), False)


def test_staff_write_announce_and_change_on_the_desk(client, staff):
    client.force_login(staff)
    answer = client.post("/en/desk/events/new/", TYPED)
    event = Event.objects.get()
    assert answer["Location"] == f"/en/desk/events/{event.slug}/"
    assert (event.first_day, event.last_day, event.has_hours) == (date(2027, 3, 1), date(2027, 3, 5), False)
    assert client.get(f"/en/desk/events/{event.slug}/publish/").status_code == 200
    assert client.post(f"/en/desk/events/{event.slug}/publish/").status_code == 302
    assert client.post(f"/en/desk/events/{event.slug}/publish/").status_code == 422
    typed = TYPED | {"version": "1", "first_hour": "09:00", "last_hour": "12:00", "last_day": ""}
    assert client.post(f"/en/desk/events/{event.slug}/edit/", typed).status_code == 302
    event.refresh_from_db()
    assert (event.starts_at, event.ends_at) == (
        datetime(2027, 3, 1, 7, tzinfo=UTC),
        datetime(2027, 3, 1, 10, tzinfo=UTC),
    )
    for path in ("", "?state=published", f"{event.slug}/", f"{event.slug}/edit/", f"{event.slug}/cancel/"):
        assert client.get(f"/en/desk/events/{path}").status_code == 200
    assert client.post(f"/en/desk/events/{event.slug}/cancel/", {"why": ""}).status_code == 400
    assert client.post(f"/en/desk/events/{event.slug}/cancel/", {"why": "Flood"}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"first_day": "2027-03-31"}, "comes before the first"),
        ({"first_hour": "09:00"}, "Give both hours"),
        ({"first_hour": "12:00", "last_hour": "09:00", "last_day": "2027-03-01"}, "must end after it begins"),
        ({"last_day": "2029-03-31"}, "more than a year"),
        ({"title_en": ""}, "This field is required"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_saved(client, staff, typed, sentence):
    client.force_login(staff)
    answer = client.post("/en/desk/events/new/", TYPED | typed)
    assert (answer.status_code, Event.objects.count()) == (400, 0)
    assert sentence in answer.content.decode()


def test_two_who_write_at_once_see_both_texts(client, staff):
    event = EventFactory(version=2, title_en="Stored title", country="ZM")
    client.force_login(staff)
    answer = client.post(f"/en/desk/events/{event.slug}/edit/", TYPED | {"version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    for shown in ("Two of you wrote at once", "Stored title", "Bootcamp in Lusaka", 'name="version" value="2"'):
        assert shown in page
    assert client.post(f"/en/desk/events/{event.slug}/edit/", TYPED | {"version": "2"}).status_code == 302


def test_who_came_is_entered_with_countries_as_people_write_them(client, staff):
    event = EventFactory(starts_at=timezone.now() - timedelta(days=9), state=EventState.HELD)
    client.force_login(staff)
    address = f"/en/desk/events/{event.slug}/close/"
    assert client.get(address).status_code == 200
    typed = {"people": "30", "women": "16", "countries": "Kenya: 12/7\ncote d’ivoire\nUG: 5", "source": "The list"}
    answer = client.post(address, typed | {"countries": "Atlantis: 3\nKenya"})
    assert (answer.status_code, "Atlantis: 3" in answer.content.decode()) == (400, True)
    assert client.post(address, typed | {"women": "31"}).status_code == 400
    assert client.post(address, typed | {"countries": "Kenya: 12/7\nkenya"}).status_code == 400
    assert client.post(address, typed).status_code == 302
    rows = list(event.countries.values_list("country", "people", "women"))
    assert rows == [("CI", None, None), ("KE", 12, 7), ("UG", 5, None)]
    assert "Kenya: 12/7" in client.get(address).content.decode()


def test_two_who_enter_figures_at_once_see_both(client, staff):
    event = EventFactory(starts_at=timezone.now() - timedelta(days=9), state=EventState.HELD)
    client.force_login(staff)
    address = f"/en/desk/events/{event.slug}/close/"
    seen = client.get(address).context["form"]["seen"].value()
    typed = {"people": "30", "women": "16", "countries": "Kenya: 12/7", "source": "The list", "seen": seen}
    for _click in range(2):
        assert client.post(address, typed).status_code == 302
    answer = client.post(address, typed | {"people": "29", "countries": "Uganda"})
    page = answer.content.decode()
    assert answer.status_code == 409
    for shown in ("Two of you wrote at once", "Stored: People who came", "Kenya: 12/7", 'value="29"'):
        assert shown in page
    event.refresh_from_db()
    assert (event.people, event.countries.get().country.code) == (30, "KE")
    mine = typed | {"people": "29", "countries": "Uganda", "seen": answer.context["form"].data["seen"]}
    assert client.post(address, mine).status_code == 302
    event.refresh_from_db()
    assert (event.people, event.countries.get().country.code) == (29, "UG")


def test_nobody_announces_a_text_that_was_changed_after_they_opened_it(client, staff):
    event = EventFactory(state=EventState.DRAFT, published_at=None, version=3)
    client.force_login(staff)
    address = f"/en/desk/events/{event.slug}/publish/"
    assert '<input type="hidden" name="version" value="3">' in client.get(address).content.decode()
    Event.objects.update(version=4)
    answer = client.post(address, {"version": "3"})
    page = answer.content.decode()
    assert (answer.status_code, "changed after you opened it" in page, 'value="4"' in page) == (409, True, True)
    assert Event.objects.get().state == EventState.DRAFT
    assert client.post(address, {"version": "4"}).status_code == 302
