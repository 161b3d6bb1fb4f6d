"""One of everything: the rows behind the pages of stops.py."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from bookings.actions.calendar import make_calendar
from bookings.enums import BookingState, SampleState, SessionState, WaitlistState
from bookings.models import Dataset, Session
from bookings.week import week_name
from calls.enums import ApplicationState, AwardState, CallState, Decision
from calls.models import Award, Endorsement
from instruments.enums import DesktopRoute, InstrumentState, PlaceState
from instruments.models import Desktop
from portal.accounts.enums import MembershipState, OrganisationState
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    CriterionFactory,
    PanelMemberFactory,
    ReviewFactory,
    SampleFactory,
    TeamMemberFactory,
)
from tests.factories.bookings import BookingFactory, StandbyEntryFactory, WaitlistEntryFactory, next_monday_at
from tests.factories.calls import AwardFactory, CallFactory, DocumentFactory, LateAccessFactory
from tests.factories.instruments import ConnectorFactory, InstrumentFactory, TechniqueFactory
from tests.factories.interests import InterestFactory
from tests.factories.samples import SampleFactory as SentSampleFactory
from tests.factories.trainings import CertificateFactory, TrainingFactory, TrainingPlaceFactory, TrainingWishFactory
from tests.journeys.contributor_stops import contributors
from tests.journeys.donation_stops import gifts
from tests.journeys.event_stops import events
from tests.journeys.impact_stops import figures
from tests.journeys.network_stops import network
from tests.journeys.picture_stops import pictures
from tests.journeys.story_stops import stories


def build(cast: dict[str, Any]) -> dict[str, str]:
    """Make the rows; returns what stands in the braces. `cast` holds people, organisations and the instrument."""
    names = {"instrument": cast["instrument"].slug, "institute": cast["institute"].slug}
    names["laboratory"], names["unit"] = cast["laboratory"].slug, str(cast["instrument"].units.get().pk)
    names |= _calls(cast) | _applications(cast) | _judging(cast) | _instruments(cast)
    names |= _interests() | _bookings(cast) | _people(cast) | gifts(cast) | pictures(cast)
    names |= network(cast) | events(cast) | stories(cast) | contributors(cast)
    names |= _around_time(cast, names)
    return names | figures()


def _calls(cast: dict[str, Any]) -> dict[str, str]:
    techniques, instruments = [TechniqueFactory(slug="single-crystal-x-ray")], [cast["instrument"]]
    texts = {
        "description_en": "## Who may apply\n\nTeams that *need* structures.\n\n- a question\n- a crystal",
        "description_fr": "## Qui peut candidater\n\nLes équipes qui ont *besoin* de structures.",
        "covers_en": "Time, training and postage of samples.",
        "covers_fr": "Le temps, la formation et l’envoi des échantillons.",
    }
    asks = {
        "career_stages": ["student", "doctoral"],
        "years_since_phd": 5,
        "women_share": 40,
        "priority_countries": ["SN"],
        "priority_stages": ["doctoral"],
        "priority_why_en": "No diffractometer stands within 2,000 km.",
        "priority_why_fr": "Aucun diffractomètre à moins de 2 000 km.",
    }
    places = {"countries": ["KE", "SN"], "techniques": techniques, "instruments": instruments}
    call, closed = CallFactory(criteria=[60, 40], **places, **asks, **texts), CallFactory(closed=True)
    DocumentFactory(call=call)
    draft = CallFactory(draft=True, criteria=[60, 30], title_fr="", **asks, **texts)
    DocumentFactory(call=draft)
    return {
        "call": call.slug,
        "upcoming": CallFactory(upcoming=True, techniques=techniques).slug,
        "closed": closed.slug,
        "late": LateAccessFactory(call=closed).token,
        "draft": draft.slug,
    }


def _applications(cast: dict[str, Any]) -> dict[str, str]:
    about = {"applicant": cast["researcher"], "organisation": cast["institute"], "instrument": cast["instrument"]}
    states = {"sketch": {}, "returned": {"returned": True}, "received": {"screening": True}}
    rows = {name: ApplicationFactory(**about, **state) for name, state in states.items()}
    SampleFactory(application=rows["sketch"], hazards=["toxic"], hazard_words="Copper salts")
    invited = TeamMemberFactory(application=rows["sketch"])
    Endorsement.objects.create(application=rows["sketch"])
    over = CallFactory(closed=True, state=CallState.DECIDED)
    declined = {"decision": Decision.DECLINE, "decision_note": "Ask for fewer hours.", "released_at": timezone.now()}
    rows["decided"] = ApplicationFactory(
        call=over, **about, screening=True, state=ApplicationState.DECLINED, rank=1, **declined
    )
    names = {name: row.ref for name, row in rows.items()}
    return names | {"invitation": invited.token, "decided_call": over.slug}


def _judging(cast: dict[str, Any]) -> dict[str, str]:
    """A call whose names are hidden, with an application at every stage of judgement."""
    call = CallFactory(closed=True, is_blind=True, review_on=timezone.now().date() + timedelta(days=9))
    about = {"call": call, "organisation": cast["institute"], "instrument": cast["instrument"]}
    screened, checked, judged = (
        ApplicationFactory(**about, **{at: True}) for at in ("screening", "feasibility", "review")
    )
    criteria = [CriterionFactory(call=call, weight=weight, hint="How new it is.") for weight in (60, 40)]
    PanelMemberFactory(call=call, user=cast["reviewer"])
    ReviewFactory(application=judged, scores=dict.fromkeys(criteria, 4))
    review = ReviewFactory(application=judged, reviewer=cast["reviewer"])
    rows = {"screened": screened, "checked": checked, "judged": judged, "review": review}
    return {"judged_call": call.slug} | {name: row.ref for name, row in rows.items()}


def _instruments(cast: dict[str, Any]) -> dict[str, str]:
    for slug in ("powder-x-ray", "sem", "confocal", "nmr", "lc-ms"):
        other = InstrumentFactory(organisation=cast["laboratory"], techniques=[TechniqueFactory(slug=slug)])
    suspended = InstrumentFactory(
        organisation=cast["laboratory"], state=InstrumentState.SUSPENDED, state_note="The generator is away."
    )
    return {"other": other.slug, "suspended": suspended.slug}


def _interests() -> dict[str, str]:
    return {
        "interest": InterestFactory(techniques=[TechniqueFactory(slug="single-crystal-x-ray")]).token,
        "unconfirmed": InterestFactory(unconfirmed=True).token,
        "ended": InterestFactory(ended=True).token,
    }


def _bookings(cast: dict[str, Any]) -> dict[str, str]:
    about = {"holder": cast["researcher"], "organisation": cast["institute"], "instrument": cast["instrument"]}
    award, offered = AwardFactory(**about), AwardFactory(**about, state=AwardState.OFFERED)
    ended = AwardFactory(**about, state=AwardState.ENDED)
    monday, now = next_monday_at(9), timezone.now().replace(second=0, microsecond=0)
    policy = cast["instrument"].policy
    policy.late_cancel_percent, policy.has_standby = 50, True
    policy.save()
    days = [monday + timedelta(days=day) for day in range(5)]
    booking = BookingFactory(award=award, start=days[0], purpose="Two crystals of copper")
    request = BookingFactory(award=award, start=days[1], state=BookingState.REQUESTED)
    ready = BookingFactory(award=award, start=now, minutes=30, session__state=SessionState.READY)
    elsewhere = AwardFactory(**about | {"instrument": InstrumentFactory(organisation=cast["laboratory"])})
    live = {"session__state": SessionState.LIVE, "session__opened_at": now}
    begun = BookingFactory(award=elsewhere, start=now, **live)
    Desktop.objects.create(unit=begun.unit, route=DesktopRoute.DIRECT, host="127.0.0.1", port=5900)
    over = BookingFactory(award=award, start=now - timedelta(days=2), state=BookingState.COMPLETED)
    Session.objects.create(booking=over, starts_at=over.start, ends_at=over.end, state=SessionState.ENDED)
    kept = {"title": "Cu-1", "note": "Two crystals.", "kept_until": now.date() + timedelta(days=90)}
    dataset = Dataset.objects.create(booking=over, made_by=cast["operator"], **kept)
    connector = ConnectorFactory(instrument=cast["instrument"])
    return {
        "award": award.ref,
        "offered": offered.ref,
        "to_report": ended.ref,
        "booking": booking.ref,
        "request": request.ref,
        "ready": ready.ref,
        "live": begun.ref,
        "over": over.ref,
        "dataset": dataset.ref,
        "connector": str(connector.pk),
        "week": week_name(monday.date()),
        "day": monday.date().isoformat(),
        "slot": days[2].strftime("%Y-%m-%dT%H:%MZ"),
        "past": (now - timedelta(days=7)).strftime("%Y-%m-%dT09:00Z"),
    }


def _around_time(cast: dict[str, Any], names: dict[str, str]) -> dict[str, str]:
    """Those who wait and are offered time, samples, trainings, certificates, calendar links."""
    award = Award.objects.get(ref=names["award"])
    people = {"award": award}
    waiting, asked = WaitlistEntryFactory(**people), WaitlistEntryFactory(**people, state=WaitlistState.OFFERED)
    held = timezone.now() + timedelta(hours=6)
    start = next_monday_at(9) + timedelta(days=3)
    BookingFactory(award=award, start=start, state=BookingState.HELD, entry=asked, held_until=held)
    sample = SentSampleFactory(award=award, hazards=["toxic"], hazard_words="Copper salts")
    sent = SentSampleFactory(award=award, state=SampleState.SHIPPED, expected_on=start.date(), carrier="Post")
    make_calendar(by=cast["researcher"])
    names = {"standing_by": StandbyEntryFactory(award=award).ref}
    return names | _taught(cast) | {"waiting": waiting.ref, "asked": asked.ref, "sample": sample.ref, "sent": sent.ref}


def _taught(cast: dict[str, Any]) -> dict[str, str]:
    instrument = cast["instrument"]
    training, over = TrainingFactory(instrument=instrument), TrainingFactory(instrument=instrument, over=True)
    TrainingPlaceFactory(training=training, user=cast["researcher"])
    TrainingPlaceFactory(training=over, state=PlaceState.GIVEN)
    TrainingWishFactory(instrument=instrument)
    certificate = CertificateFactory(person=cast["researcher"], instrument=instrument)
    return {"training": training.ref, "taught": over.ref, "certificate": certificate.code}


def _people(cast: dict[str, Any]) -> dict[str, str]:
    asked = MembershipFactory(
        user=UserFactory(name="Neema Newcomer"), organisation=cast["institute"], state=MembershipState.REQUESTED
    )
    OrganisationFactory(name="Savanna College", state=OrganisationState.PROPOSED)
    return {"asked": str(asked.pk)}
