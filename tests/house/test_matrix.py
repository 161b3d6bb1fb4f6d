"""Who may read which address, in how many statements: every address of the URL configuration, every member of the cast.

A new address must be entered in READERS (and its arguments in `world`), or these tests fail and say so.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from bookings.actions.calendar import make_calendar
from bookings.models import Dataset, DatasetFile
from portal.accounts.models import ApiToken
from portal.audit.models import Record
from portal.core.sealing import unseal
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    AttachmentFactory,
    EndorsementFactory,
    PanelMemberFactory,
    ReviewFactory,
    SampleFactory,
    TeamMemberFactory,
)
from tests.factories.bookings import BookingFactory, StandbyEntryFactory, WaitlistEntryFactory, next_monday_at
from tests.factories.calls import AwardFactory, CallFactory, DocumentFactory, LateAccessFactory
from tests.factories.instruments import ConnectorFactory
from tests.factories.interests import InterestFactory
from tests.factories.samples import SampleFactory as LabSampleFactory
from tests.factories.trainings import CertificateFactory, TrainingPlaceFactory, TrainingWishFactory
from tests.house import (
    contributor_routes,
    donation_routes,
    event_routes,
    impact_routes,
    network_routes,
    picture_routes,
    story_routes,
)
from tests.house.urls import Route, routes
from tests.support.statements import bar_for, counted

STRANGERS = ["stranger_researcher", "stranger_focal_point", "stranger_operator"]
SIGNED_IN = [
    *("researcher", "focal_point", "operator", "reviewer", "donor", "staff", "admin_user"),
    *STRANGERS,
]
CAST = ["visitor", *SIGNED_IN]
EVERYBODY, NOBODY = frozenset(CAST), frozenset[str]()
PEOPLE = frozenset(SIGNED_IN)
ADMIN = frozenset({"admin_user"})
STAFF = frozenset({"staff", "admin_user"})
AWARD = STAFF | {"researcher", "focal_point"}  # its holder and the focal point of its organisation
BOOKING = AWARD | {"operator"}  # and who runs the instrument
LABORATORY = STAFF | {"operator"}
ASKED = STAFF | {"researcher", "focal_point"}  # a draft that asks for its endorsement
APPLICANT = frozenset({"researcher"})
OPERATORS = LABORATORY | {"stranger_operator"}

# Who is answered 200 to a GET. NOBODY: the address only takes POST, leads on to another, or needs more than a name.
READERS: dict[str, frozenset[str]] = {
    "api:schema": EVERYBODY,
    "api:docs": EVERYBODY,
    "api:organisation-list": EVERYBODY,
    "api:organisation-detail": EVERYBODY,
    "api:instrument-list": EVERYBODY,
    "api:instrument-detail": EVERYBODY,
    "api:training-list": EVERYBODY,
    "api:training-detail": EVERYBODY,
    "api:training-ask": NOBODY,
    "api:training-withdraw": NOBODY,
    "api:training-wish-list": PEOPLE,
    "api:training-wish-detail": NOBODY,
    "api:certificate-list": PEOPLE,
    "api:certificate-detail": EVERYBODY,  # whoever holds the code
    "api:availability-list": PEOPLE,
    "api:free-time-list": PEOPLE,
    "api:call-list": EVERYBODY,
    "api:call-detail": EVERYBODY,
    "api:interest-list": NOBODY,
    "api:application-list": PEOPLE,
    "api:application-detail": ASKED,
    "api:application-submit": NOBODY,
    "api:application-answer": NOBODY,
    "api:application-withdraw": NOBODY,
    "api:application-ask-endorsement": NOBODY,
    "api:application-endorse": NOBODY,
    "api:application-samples": NOBODY,
    "api:application-sample": NOBODY,
    "api:application-attachments": NOBODY,
    "api:application-attachment": ASKED,
    "api:application-team": NOBODY,
    "api:application-member": NOBODY,
    "api:application-leave": NOBODY,
    "api:review-list": PEOPLE,
    "api:review-detail": frozenset({"reviewer"}),
    "api:review-submit": NOBODY,
    "api:review-conflict": NOBODY,
    "api:award-list": PEOPLE,
    "api:award-detail": AWARD,
    "api:booking-check": NOBODY,
    "api:booking-list": PEOPLE,
    "api:booking-detail": BOOKING,
    "api:booking-cancel": NOBODY,
    "api:booking-confirm": NOBODY,
    "api:booking-decline": NOBODY,
    "api:booking-fail": NOBODY,
    "api:booking-move": NOBODY,
    "api:booking-participants": NOBODY,
    "api:series-list": NOBODY,
    "api:series-detail": BOOKING,
    "api:series-cancel": NOBODY,
    "api:standby-list": PEOPLE,
    "api:standby-detail": BOOKING,
    "api:standby-accept": NOBODY,
    "api:standby-leave": NOBODY,
    "api:waitlist-list": PEOPLE,
    "api:waitlist-detail": AWARD,
    "api:waitlist-leave": NOBODY,
    "api:waitlist-accept": NOBODY,
    "api:waitlist-decline": NOBODY,
    "api:dataset-list": PEOPLE,
    "api:dataset-detail": BOOKING,
    "api:dataset-file": BOOKING,
    "api:sample-list": PEOPLE,
    "api:sample-detail": BOOKING,
    "api:sample-ship": NOBODY,
    "api:sample-refuse": NOBODY,
    "api:sample-move": NOBODY,
    "api:session-check-in": NOBODY,
    "api:session-check-out": NOBODY,
    "api:session-list": PEOPLE,
    "api:session-detail": BOOKING,
    "api:session-begin": NOBODY,
    "api:session-end": NOBODY,
    "api:session-people": BOOKING,
    "api:session-control": NOBODY,
    "api:session-chat": BOOKING,
    "api:session-guests": LABORATORY | {"researcher"},
    "api:session-withdraw": NOBODY,
    "api:session-extend": NOBODY,
    "robots": EVERYBODY,
    "sitemap": EVERYBODY,
    "favicon": NOBODY,
    "security_txt": EVERYBODY,
    "unsubscribe": NOBODY,
    "calls_feed": EVERYBODY,
    "anymail_tracking": NOBODY,
    "pages:home": EVERYBODY,
    "pages:me": PEOPLE,
    "pages:desk": STAFF,
    "pages:demand": STAFF,
    "pages:search": EVERYBODY,
    "about:index": EVERYBODY,
    "about:page": EVERYBODY,
    "desk_pages:list": STAFF,
    "desk_pages:new": STAFF,
    "desk_pages:edit": STAFF,
    "desk_pages:history": STAFF,
    "desk_pages:version": STAFF,
    "desk_pages:shown": NOBODY,
    "pages:mailbox": NOBODY,  # in the demo alone
    "pages:mailbox_message": NOBODY,
    "people:profile": PEOPLE,
    "people:time_zone": EVERYBODY,
    "people:tokens": PEOPLE,
    "people:token_revoke": NOBODY,
    "organisations:propose": PEOPLE,
    "organisations:members": STAFF | {"focal_point"},
    "organisations:move": NOBODY,
    "instruments:list": EVERYBODY,
    "instruments:detail": EVERYBODY,
    "trainings:list": EVERYBODY,
    "trainings:managed": OPERATORS,
    "trainings:create": OPERATORS,
    "trainings:wishes": OPERATORS,
    "trainings:wish_answer": LABORATORY,
    "trainings:wish": NOBODY,
    "trainings:unwish": NOBODY,
    "trainings:detail": EVERYBODY,
    "trainings:edit": LABORATORY,
    "trainings:results": NOBODY,  # once it is held
    "trainings:ask": NOBODY,
    "trainings:withdraw": NOBODY,
    "trainings:add": NOBODY,
    "trainings:place_give": NOBODY,
    "trainings:place_refuse": LABORATORY,
    "trainings:move": LABORATORY,
    "certificates:list": EVERYBODY,
    "certificates:given": OPERATORS,
    "certificates:give": OPERATORS,
    "certificates:check": EVERYBODY,  # whoever holds the code
    "certificates:renew": LABORATORY,
    "certificates:revoke": LABORATORY,
    "booking_instruments:book": PEOPLE,
    "booking_instruments:free": PEOPLE,
    "booking_instruments:check": NOBODY,
    "booking_instruments:confirm": NOBODY,
    "booking_instruments:series": NOBODY,
    "booking_instruments:series_confirm": NOBODY,
    "calls:list": EVERYBODY,
    "calls:detail": EVERYBODY,
    "calls:document": EVERYBODY,
    "calls:late": PEOPLE,  # whoever holds the link and is signed in
    "interest:declare": EVERYBODY,
    "interest:sent": EVERYBODY,
    "interest:manage": EVERYBODY,  # whoever holds the link
    "interest:confirm": NOBODY,  # confirmed already
    "interest:end": NOBODY,
    "calls:apply": PEOPLE,
    "applications:list": PEOPLE,
    "applications:detail": ASKED,
    "applications:join": EVERYBODY,  # whoever holds the link
    "applications:sample": APPLICANT,
    "applications:sample_add": APPLICANT,
    "applications:sample_remove": NOBODY,
    "applications:invite": APPLICANT,
    "applications:leave": NOBODY,
    "applications:role": NOBODY,
    "applications:uninvite": NOBODY,
    "applications:file": ASKED,
    "applications:file_send": NOBODY,
    "applications:file_remove": NOBODY,
    "applications:ask_endorsement": NOBODY,
    "applications:endorse": frozenset({"focal_point"}),
    "applications:pdf": ASKED,
    "applications:check": APPLICANT,
    "applications:submit": NOBODY,
    "applications:answer": NOBODY,
    "applications:withdraw": APPLICANT,
    "applications:save": NOBODY,
    "applications:step": APPLICANT,
    "applications:feasibility": frozenset({"operator"}),
    "reviews:list": PEOPLE,
    "reviews:review": frozenset({"reviewer"}),
    "reviews:conflict": frozenset({"reviewer"}),
    "awards:list": PEOPLE,
    "awards:detail": AWARD,
    "awards:accept": NOBODY,
    "awards:refuse": NOBODY,
    "awards:member_add": NOBODY,
    "awards:member_remove": NOBODY,
    "outcomes:report": AWARD,
    "datasets:list": PEOPLE,
    "datasets:make": LABORATORY,
    "datasets:detail": BOOKING,
    "datasets:files": BOOKING,
    "datasets:file": BOOKING,
    "datasets:keep": NOBODY,
    "datasets:send": NOBODY,
    "datasets:remove": NOBODY,
    "datasets:give_up": NOBODY,
    "uploads:all": NOBODY,
    "uploads:one": NOBODY,
    "samples:list": PEOPLE,
    "samples:declare": AWARD,
    "samples:detail": BOOKING,
    "samples:label": BOOKING,
    "samples:labels": BOOKING,
    "samples:change": AWARD,
    "samples:remove": NOBODY,
    "samples:ship": AWARD,
    "samples:refuse": LABORATORY,
    "samples:move": NOBODY,
    "standby:list": PEOPLE,
    "standby:join": PEOPLE,
    "standby:detail": BOOKING,
    "standby:state": BOOKING,
    "standby:accept": NOBODY,
    "standby:leave": NOBODY,
    "waitlist:list": PEOPLE,
    "waitlist:join": PEOPLE,
    "waitlist:detail": AWARD,
    "waitlist:accept": NOBODY,
    "waitlist:decline": NOBODY,
    "waitlist:leave": NOBODY,
    "bookings:list": PEOPLE,
    "bookings:agenda": PEOPLE,
    "bookings:detail": BOOKING,
    "bookings:series": BOOKING,
    "bookings:series_cancel": NOBODY,
    "bookings:people": AWARD,
    "bookings:confirm": NOBODY,
    "bookings:decline": LABORATORY,
    "bookings:cancel": BOOKING,
    "bookings:fail": LABORATORY,
    "bookings:move": BOOKING,
    "bookings:move_check": NOBODY,
    "bookings:move_confirm": NOBODY,
    "sessions:detail": BOOKING,
    "sessions:state": BOOKING,
    "sessions:ticket": NOBODY,
    "sessions:begin": NOBODY,
    "sessions:end": NOBODY,
    "sessions:extend": NOBODY,
    "sessions:people": BOOKING,
    "sessions:guest_invite": NOBODY,
    "sessions:guest_withdraw": NOBODY,
    "sessions:control": BOOKING,
    "sessions:control_ask": NOBODY,
    "sessions:control_release": NOBODY,
    "sessions:control_take": NOBODY,
    "sessions:control_hand_over": NOBODY,
    "sessions:chat": BOOKING,
    "sessions:say": NOBODY,
    "sessions:log": BOOKING,
    "sessions:report": BOOKING,
    "sessions:return_minutes": NOBODY,
    "connection:check": PEOPLE,
    "connection:bytes": PEOPLE,
    "connection:ticket": NOBODY,
    "lab:index": LABORATORY,
    "lab:timeline": LABORATORY,
    "lab:utilisation": LABORATORY,
    "lab:connectors": LABORATORY,
    "lab:connector_guide": LABORATORY,
    "lab:connector_program": LABORATORY,
    "lab:connector_code": NOBODY,
    "lab:connector_revoke": LABORATORY,
    "connectors:pair": NOBODY,
    "lab:check_in": NOBODY,
    "lab:check_out": NOBODY,
    "lab:check_in_day": NOBODY,
    "calendar:feed": EVERYBODY,  # whoever holds the link
    "calendar_feeds:list": PEOPLE,
    "calendar_feeds:make": NOBODY,
    "calendar_feeds:renew": NOBODY,
    "calendar_feeds:revoke": NOBODY,
    "desk_instruments:list": OPERATORS,
    "desk_instruments:create": STAFF,
    "desk_instruments:detail": LABORATORY,
    "desk_instruments:edit": LABORATORY,
    "desk_instruments:hours": LABORATORY,
    "desk_instruments:policy": LABORATORY,
    "desk_instruments:units": LABORATORY,
    "desk_instruments:closures": LABORATORY,
    "desk_instruments:desktops": LABORATORY,
    "desk_instruments:desktop": LABORATORY,
    "lab:desktop_try": NOBODY,
    "desk_instruments:closure_remove": NOBODY,
    "desk_instruments:move": LABORATORY,
    "desk_calls:list": STAFF,
    "desk_calls:call_new": STAFF,
    "desk_calls:call": STAFF,
    "desk_calls:call_edit": STAFF,
    "desk_calls:document_remove": NOBODY,
    "desk_calls:call_late": STAFF,
    "desk_calls:late_revoke": NOBODY,
    "desk_calls:call_publish": STAFF,
    "desk_calls:call_extend": STAFF,
    "desk_calls:call_withdraw": STAFF,
    "desk_calls:call_decide": STAFF,
    "desk_calls:call_archive": STAFF,
    "desk_calls:call_outcomes": STAFF,
    "desk_calls:call_release": STAFF,
    "desk_calls:interests": STAFF,
    "desk_calls:board": STAFF,
    "desk_calls:board_do": NOBODY,
    "desk_calls:board_export": STAFF,
    "desk_calls:reviews_export": STAFF,
    "desk_calls:panel": STAFF,
    "desk_calls:panel_spread": NOBODY,
    "desk_calls:panel_remove": NOBODY,
    "desk_calls:application": STAFF,
    "desk_calls:application_check": NOBODY,
    "desk_calls:application_ask": NOBODY,
    "desk_calls:application_assign": NOBODY,
    "desk_calls:review_unassign": NOBODY,
    "desk_calls:review_reopen": NOBODY,
    "desk_calls:awards": STAFF,
    "desk_calls:award_new": STAFF,
    "desk_calls:instrument_hours": STAFF,
    "desk_calls:award_revoke": STAFF,
    "desk_calls:award_adjust": STAFF,
    "desk_calls:award_priority": STAFF,
    **donation_routes.READERS,
    **contributor_routes.READERS,
    **story_routes.READERS,
    **network_routes.READERS,
    **event_routes.READERS,
    **impact_routes.READERS,
    **picture_routes.READERS,
}
A_DAY = {"from": "2027-03-22T00:00:00Z", "to": "2027-03-23T00:00:00Z"}
QUERIES = {
    "api:availability-list": A_DAY,
    "api:free-time-list": A_DAY,
    **contributor_routes.QUERIES,
    **story_routes.QUERIES,
}
# Starts something of one's own.
FOR_ANYBODY = {"calls:apply", "trainings:ask", "trainings:wish", "api:training-ask", *donation_routes.FOR_ANYBODY}
# Whoever holds the link may do this, with or without an account.
BY_LINK = {"applications:join", "calls:late", "unsubscribe", "interest:manage", "interest:confirm", "interest:end"}
# Pages that may take more statements than the others, and how many.
MORE_STATEMENTS: dict[str, int] = {}
# Rooms in which a visitor finds nothing, whatever the address.
PRIVATE = (
    "/en/me/",
    "/en/desk/",
    "/en/lab/",
    "/en/bookings/",
    "/en/sessions/",
    "/en/samples/",
    "/en/awards/",
    "/en/admin/",
    "/en/applications/",
    "/en/reviews/",
    "/en/donations/matches/",
    "/en/donations/shipments/",
    "/en/donations/pledges/",
    "/en/agreements/",
)
OPEN_TO_VISITORS = {"applications:join", "people:time_zone"}  # kept in a cookie


@dataclass
class World:
    """One of everything; `arguments` maps (namespace or name of a route, argument) to its value."""

    people: dict[str, Any]
    arguments: dict[tuple[str, str], Any] = field(default_factory=dict)

    def address(self, route: Route) -> str:
        return reverse(route.name, kwargs={argument: self.value(route, argument) for argument in route.arguments})

    def value(self, route: Route, argument: str) -> Any:
        space, _colon, name = route.name.rpartition(":")
        kind = f"{space}:{name.rpartition('-')[0]}"  # api:booking of api:booking-detail
        for key in ((route.name, argument), (kind, argument), (space, argument)):
            if key in self.arguments:
                return self.arguments[key]
        raise AssertionError(f"{route}: say in `world` what to put for <{argument}>")

    def client(self, name: str) -> Client:
        client = Client(raise_request_exception=False)
        if name != "visitor":
            client.force_login(self.people[name])
        return client


def make_file(booking: Any) -> DatasetFile:
    """A file of a dataset, its bytes in the storage."""
    dataset = Dataset.objects.create(booking=booking, title="Cu-1", kept_until=date(2099, 1, 1))
    file = DatasetFile(dataset=dataset, name="a.cif", size=4, sha256="0" * 64)
    file.file.save("a.cif", ContentFile(b"data"))
    return file


@pytest.fixture
def world(request: pytest.FixtureRequest, institute: Any, instrument: Any) -> World:
    people = {name: request.getfixturevalue(name) for name in SIGNED_IN}
    award = AwardFactory(holder=people["researcher"], organisation=institute, instrument=instrument)
    booking = BookingFactory(award=award, booked_by=people["focal_point"], series=uuid4())
    file = make_file(booking)
    waiting = WaitlistEntryFactory(award=award)
    standing_by = StandbyEntryFactory(award=award)
    call, interest = CallFactory(), InterestFactory()
    application = ApplicationFactory(call=call, applicant=people["researcher"], organisation=institute)
    attachment = AttachmentFactory(application=application)
    EndorsementFactory(application=application)
    asked = MembershipFactory(organisation=institute, user=UserFactory(), state="requested")
    calendar = make_calendar(by=people["researcher"])
    token = ApiToken.objects.create(user=people["researcher"], name="script", digest="0" * 64)
    checked = ApplicationFactory(feasibility=True, call=call, instrument=instrument)
    review = ReviewFactory(reviewer=people["reviewer"])
    member = PanelMemberFactory(call=call)
    judging = {
        ("applications:feasibility", "ref"): checked.ref,
        ("reviews", "ref"): review.ref,
        ("api:review", "ref"): review.ref,
        ("desk_calls:panel_remove", "pk"): member.pk,
    }
    for name in ("application", "application_check", "application_ask", "application_assign"):
        judging[f"desk_calls:{name}", "ref"] = checked.ref
    for name in ("review_unassign", "review_reopen"):
        judging[f"desk_calls:{name}", "ref"] = review.ref
    place = TrainingPlaceFactory(training__instrument=instrument)
    return World(
        people,
        {
            ("instruments", "slug"): instrument.slug,
            ("booking_instruments", "slug"): instrument.slug,
            ("desk_instruments", "slug"): instrument.slug,
            ("desk_instruments", "verb"): "suspend",
            ("desk_instruments", "pk"): instrument.units.get().pk,
            ("lab", "pk"): instrument.units.get().pk,
            ("api:training", "ref"): place.training.ref,
            ("api:training-wish", "pk"): 1,
            ("api:certificate", "code"): CertificateFactory(instrument=instrument).code,
            ("trainings", "ref"): place.training.ref,
            ("trainings", "pk"): place.pk,
            ("trainings", "verb"): "cancel",
            ("trainings", "slug"): instrument.slug,
            ("trainings:wish_answer", "pk"): TrainingWishFactory(instrument=instrument, user=people["reviewer"]).pk,
            ("certificates", "code"): CertificateFactory(instrument=instrument).code,
            ("api:organisation", "slug"): institute.slug,
            ("api:instrument", "slug"): instrument.slug,
            ("api:availability", "slug"): instrument.slug,
            ("api:call", "slug"): call.slug,
            ("api:award", "ref"): award.ref,
            ("api:booking", "ref"): booking.ref,
            ("api:series", "pk"): booking.series,
            ("api:session", "ref"): booking.ref,
            ("calendar", "token"): unseal(calendar.sealed_token),
            ("calendar_feeds", "pk"): calendar.pk,
            ("calls", "slug"): call.slug,
            ("calls", "pk"): DocumentFactory(call=call).pk,
            ("calls", "token"): LateAccessFactory(call=call).token,
            ("applications", "ref"): application.ref,
            ("applications", "step"): "plan",
            ("api:application", "ref"): application.ref,
            ("api:application", "pk"): 1,
            ("api:application-attachment", "ref"): attachment.application.ref,
            ("api:application-attachment", "pk"): attachment.pk,
            ("api:application-ask", "ref"): application.ref,
            ("applications:join", "token"): TeamMemberFactory(application=application).token,
            ("applications:sample", "pk"): SampleFactory(application=application).pk,
            ("applications:file", "pk"): attachment.pk,
            ("applications", "pk"): 1,
            ("desk_calls", "slug"): call.slug,
            ("desk_calls", "section"): "texts",
            ("desk_calls", "pk"): call.documents.get().pk,
            ("desk_calls", "ref"): award.ref,
            **judging,
            ("awards", "ref"): award.ref,
            ("outcomes", "ref"): award.ref,
            ("awards", "pk"): people["researcher"].pk,
            ("waitlist", "ref"): waiting.ref,
            ("standby", "ref"): standing_by.ref,
            ("api:standby", "ref"): standing_by.ref,
            ("api:waitlist", "ref"): waiting.ref,
            ("bookings", "ref"): booking.ref,
            ("bookings:decline", "ref"): BookingFactory(award=award, start=next_monday_at(15), state="requested").ref,
            ("sessions", "ref"): booking.ref,
            ("datasets", "booking"): booking.ref,
            ("datasets", "ref"): file.dataset.ref,
            ("datasets", "pk"): file.pk,
            ("datasets", "token"): uuid4(),
            ("api:dataset", "ref"): file.dataset.ref,
            ("api:dataset", "pk"): str(file.pk),
            ("uploads", "token"): uuid4(),
            ("samples", "ref"): LabSampleFactory(award=award).ref,
            ("samples", "award"): award.ref,
            ("lab:connector_revoke", "pk"): ConnectorFactory(instrument=instrument).pk,
            ("lab", "ref"): booking.ref,
            ("api:sample", "ref"): LabSampleFactory(award=award).ref,
            ("api:sample", "verb"): "receive",
            ("api:session-check", "ref"): booking.ref,
            ("lab", "day"): "2027-03-22",
            ("samples", "verb"): "receive",
            ("interest", "token"): interest.token,
            ("unsubscribe", "token"): interest.token,
            ("anymail_tracking", "provider"): "postmark",
            ("about", "slug"): "privacy",
            ("desk_pages", "slug"): "privacy",
            ("desk_pages", "number"): 0,  # the text that came with the portal
            ("organisations", "slug"): institute.slug,
            ("organisations", "pk"): asked.pk,
            ("organisations", "verb"): "confirm",
            ("desk_accounts", "slug"): institute.slug,
            ("people", "pk"): token.pk,
            ("pages", "name"): "1",
            **donation_routes.arguments_of(people, institute),
            **contributor_routes.arguments_of(instrument),
            **story_routes.arguments_of(people),
            **event_routes.arguments_of(),
            **impact_routes.arguments_of(),
            **network_routes.arguments_of(people, institute),
            **picture_routes.arguments_of(),
        },
    )


def status_of(response: Any) -> int:
    """Its status, once the file that it may stream is read and closed."""
    if response.streaming:
        b"".join(response)
    return int(response.status_code)


def own_routes() -> list[Route]:
    """All but the back office and allauth's pages (their own tests below) and the nameless catch-all of the API."""
    own = [route for route in routes() if ":" in route.name or route.name in READERS]
    return [route for route in own if not route.name.startswith("admin:")]


def back_office() -> list[Route]:
    return [route for route in routes() if route.name.startswith("admin:") and not route.arguments]


def allauth_pages() -> list[Route]:
    ours = {route.name for route in own_routes()}
    others = [route for route in routes() if route.name and ":" not in route.name and route.name not in ours]
    return [route for route in others if not route.arguments]


def test_every_address_has_its_readers() -> None:
    names = {route.name for route in own_routes()}
    assert names - set(READERS) == set(), "new addresses: say in READERS who is answered 200"
    assert set(READERS) - names == set(), "no such address any more: take it out of READERS"


@pytest.mark.django_db
@pytest.mark.parametrize("name", CAST)
def test_each_reads_what_is_theirs_and_nothing_else(world: World, name: str) -> None:
    client, wrong, dear = world.client(name), [], []
    for route in own_routes():
        address = world.address(route)
        with counted() as counter:
            status = status_of(client.get(address, QUERIES.get(route.name)))
        if status >= 500 or (status == 200) != (name in READERS[route.name]):
            wrong.append((route.name, address, status))
        if status == 200 and counter.statements > MORE_STATEMENTS.get(route.name, bar_for(name)):
            dear.append((route.name, address, counter.statements))
    assert (wrong, dear) == ([], [])


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["visitor", "donor", *STRANGERS])
def test_strangers_change_nothing_by_posting_anywhere(world: World, name: str) -> None:
    client, wrong = world.client(name), []
    for route in own_routes():
        if route.name in BY_LINK | FOR_ANYBODY or (name == "donor" and donation_routes.is_of_donors(route.name)):
            continue
        address, before = world.address(route), Record.objects.count()
        status = client.post(address).status_code
        if status >= 500 or Record.objects.count() != before:
            wrong.append((route.name, address, status))
    assert wrong == []


@pytest.mark.django_db
def test_visitors_find_nothing_in_private_rooms(world: World) -> None:
    client, seen = world.client("visitor"), []
    for route in [*own_routes(), *back_office()]:
        address = world.address(route)
        is_private = address.startswith(PRIVATE) and route.name not in OPEN_TO_VISITORS
        if is_private and client.get(address).status_code == 200:
            seen.append(address)
    assert set(seen) <= {reverse("admin:login")}


@pytest.mark.django_db
def test_the_back_office_is_for_admins(world: World) -> None:
    for name in CAST:
        client = world.client(name)
        assert (client.get(reverse("admin:index")).status_code == 200) == (name in ADMIN), name
    client, broken = world.client("admin_user"), []
    for route in back_office():
        status = client.get(world.address(route)).status_code
        if status >= 500 or (route.name.endswith("_changelist") and status != 200):
            broken.append((route.name, status))
    assert broken == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["visitor", "researcher"])
def test_pages_of_accounts_never_break(world: World, name: str) -> None:
    client, broken = world.client(name), []
    for route in allauth_pages():
        with counted() as counter:
            status = client.get(world.address(route)).status_code
        if status >= 500 or counter.statements > bar_for(name):
            broken.append((route.name, status, counter.statements))
    assert broken == []
