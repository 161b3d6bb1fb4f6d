"""One of everything, and the list of pages that the looks, the weights and the crawl go through."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from bookings.enums import BookingState, SessionState
from bookings.models import Session
from bookings.week import week_name
from calls.enums import ApplicationState, AwardState, CallState, Decision
from calls.models import Endorsement
from instruments.enums import InstrumentState
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
from tests.factories.bookings import BookingFactory, next_monday_at
from tests.factories.calls import AwardFactory, CallFactory, DocumentFactory, LateAccessFactory
from tests.factories.instruments import InstrumentFactory, TechniqueFactory
from tests.factories.interests import InterestFactory


@dataclass(frozen=True)
class Stop:
    """A page: who looks at it, its path below the language (names in braces come from the world), and its budget."""

    name: str
    reader: str
    path: str
    budget: str
    status: int = 200


VISITOR = [
    Stop("home", "visitor", "/", "public"),
    Stop("calls", "visitor", "/calls/", "public"),
    Stop("calls-found", "visitor", "/calls/?status=open&q=diffraction", "public"),
    Stop("calls-none", "visitor", "/calls/?q=nothingsuch", "public"),
    Stop("call-open", "visitor", "/calls/{call}/", "public"),
    Stop("call-upcoming", "visitor", "/calls/{upcoming}/", "public"),
    Stop("call-closed", "visitor", "/calls/{closed}/", "public"),
    Stop("instruments", "visitor", "/instruments/", "public"),
    Stop("instruments-none", "visitor", "/instruments/?q=nothingsuch", "public"),
    Stop("instrument", "visitor", "/instruments/{instrument}/", "public"),
    Stop("instrument-suspended", "visitor", "/instruments/{suspended}/", "public"),
    Stop("interest", "visitor", "/interest/", "public"),
    Stop("interest-contributor", "visitor", "/interest/?as=contributor", "public"),
    Stop("interest-donor", "visitor", "/interest/?as=donor", "public"),
    Stop("interest-call", "visitor", "/interest/?call={call}", "public"),
    Stop("interest-sent", "visitor", "/interest/sent/", "public"),
    Stop("interest-confirm", "visitor", "/interest/{unconfirmed}/confirm/", "public"),
    Stop("interest-manage", "visitor", "/interest/{interest}/", "public"),
    Stop("interest-ended", "visitor", "/interest/{ended}/", "public"),
    Stop("organisations", "visitor", "/organisations/", "public"),
    Stop("organisation", "visitor", "/organisations/{institute}/", "public"),
    Stop("search", "visitor", "/search/?q=diffraction", "public"),
    Stop("search-none", "visitor", "/search/?q=nothingsuch", "public"),
    Stop("about", "visitor", "/about/", "public"),
    Stop("accessibility", "visitor", "/about/accessibility/", "public"),
    Stop("sign-in", "visitor", "/accounts/login/", "public"),
    Stop("sign-up", "visitor", "/accounts/signup/", "public"),
    Stop("password-reset", "visitor", "/accounts/password/reset/", "public"),
    Stop("time-zone-cookie", "visitor", "/me/time-zone/", "public"),
    Stop("lost", "visitor", "/no/such/page/", "public", 404),
]
RESEARCHER = [
    Stop("me", "researcher", "/me/", "public"),
    Stop("profile", "researcher", "/me/profile/", "public"),
    Stop("tokens", "researcher", "/me/tokens/", "public"),
    Stop("time-zone", "researcher", "/me/time-zone/", "public"),
    Stop("addresses", "researcher", "/accounts/email/", "public"),
    Stop("password", "researcher", "/accounts/password/change/", "public"),
    Stop("second-factor", "researcher", "/accounts/2fa/", "public"),
    Stop("sign-out", "researcher", "/accounts/logout/", "public"),
    Stop("propose", "researcher", "/organisations/propose/", "public"),
    Stop("join", "researcher", "/organisations/{laboratory}/", "public"),
    Stop("awards", "researcher", "/awards/", "public"),
    Stop("award", "researcher", "/awards/{award}/", "public"),
    Stop("award-offered", "researcher", "/awards/{offered}/", "public"),
    Stop("apply", "researcher", "/calls/{call}/apply/", "public"),
    Stop("applications", "researcher", "/applications/", "public"),
    Stop("application-draft", "researcher", "/applications/{sketch}/", "public"),
    Stop("application-question", "researcher", "/applications/{sketch}/project/", "step"),
    Stop("application-instrument", "researcher", "/applications/{sketch}/instrument/", "step"),
    Stop("application-samples", "researcher", "/applications/{sketch}/samples/", "step"),
    Stop("application-sample-add", "researcher", "/applications/{sketch}/samples/add/", "step"),
    Stop("application-team", "researcher", "/applications/{sketch}/team/", "step"),
    Stop("application-invite", "researcher", "/applications/{sketch}/team/invite/", "step"),
    Stop("application-plan", "researcher", "/applications/{sketch}/plan/", "step"),
    Stop("application-organisation", "researcher", "/applications/{sketch}/organisation/", "step"),
    Stop("application-files", "researcher", "/applications/{sketch}/files/", "step"),
    Stop("application-check", "researcher", "/applications/{sketch}/check/", "public"),
    Stop("application-withdraw", "researcher", "/applications/{sketch}/withdraw/", "public"),
    Stop("application-returned", "researcher", "/applications/{returned}/", "public"),
    Stop("application-received", "researcher", "/applications/{received}/", "public"),
    Stop("bookings", "researcher", "/bookings/", "public"),
    Stop("bookings-past", "researcher", "/bookings/?past=1", "public"),
    Stop("booking", "researcher", "/bookings/{booking}/", "booking"),
    Stop("booked", "researcher", "/bookings/{booking}/?new=1", "booking"),
    Stop("cancel", "researcher", "/bookings/{booking}/cancel/", "booking"),
    Stop("week", "researcher", "/instruments/{instrument}/book/?week={week}&length=120", "booking"),
    Stop("week-none", "researcher", "/instruments/{other}/book/", "booking"),
    Stop("check", "researcher", "/instruments/{instrument}/book/check/?slot={slot}&length=120", "booking"),
    Stop("check-past", "researcher", "/instruments/{instrument}/book/check/?slot={past}&length=120", "booking", 422),
    Stop("move", "researcher", "/bookings/{booking}/move/?week={week}", "booking"),
    Stop("session-scheduled", "researcher", "/sessions/{booking}/", "session"),
    Stop("session-ready", "researcher", "/sessions/{ready}/", "session"),
    Stop("session-live", "researcher", "/sessions/{live}/", "session"),
    Stop("session-ended", "researcher", "/sessions/{over}/", "session"),
    Stop("call-own", "researcher", "/calls/{call}/", "public"),
    Stop("application-decided", "researcher", "/applications/{decided}/", "public"),
    Stop("report", "researcher", "/awards/{to_report}/report/", "public"),
    Stop("call-late", "researcher", "/calls/{closed}/late/{late}/", "public"),
    Stop("forbidden", "researcher", "/desk/", "public", 403),
]
FOCAL_POINT = [
    Stop("members", "focal_point", "/organisations/{institute}/members/", "public"),
    Stop("focal-me", "focal_point", "/me/", "public"),
    Stop("endorse", "focal_point", "/applications/{sketch}/endorse/", "public"),
    Stop("join", "focal_point", "/applications/join/{invitation}/", "public"),
    Stop("focal-award", "focal_point", "/awards/{award}/", "public"),
]
OPERATOR = [
    Stop("lab", "operator", "/lab/", "staff"),
    Stop("feasibility", "operator", "/applications/{checked}/feasibility/", "staff"),
    Stop("request", "operator", "/bookings/{request}/", "staff"),
    Stop("decline", "operator", "/bookings/{request}/decline/", "staff"),
    Stop("fail", "operator", "/bookings/{booking}/fail/", "staff"),
    Stop("desk-instruments", "operator", "/desk/instruments/", "staff"),
    Stop("desk-instrument", "operator", "/desk/instruments/{instrument}/", "staff"),
    Stop("desk-edit", "operator", "/desk/instruments/{instrument}/edit/", "staff"),
    Stop("desk-hours", "operator", "/desk/instruments/{instrument}/hours/", "staff"),
    Stop("desk-policy", "operator", "/desk/instruments/{instrument}/policy/", "staff"),
    Stop("desk-units", "operator", "/desk/instruments/{instrument}/units/", "staff"),
    Stop("desk-closures", "operator", "/desk/instruments/{instrument}/closures/", "staff"),
    Stop("desk-suspend", "operator", "/desk/instruments/{instrument}/suspend/", "staff"),
]
REVIEWER = [
    Stop("reviews", "reviewer", "/reviews/", "public"),
    Stop("review", "reviewer", "/reviews/{review}/", "public"),
    Stop("review-conflict", "reviewer", "/reviews/{review}/conflict/", "public"),
]
STAFF = [
    Stop("desk", "staff", "/desk/", "staff"),
    Stop("desk-new-instrument", "staff", "/desk/instruments/new/", "staff"),
    Stop("desk-organisations", "staff", "/desk/organisations/", "staff"),
    Stop("desk-interests", "staff", "/desk/interests/", "staff"),
    Stop("desk-interests-dead", "staff", "/desk/interests/?show=dead", "staff"),
    Stop("desk-calls", "staff", "/desk/calls/", "staff"),
    Stop("desk-new-call", "staff", "/desk/calls/new/", "staff"),
    Stop("desk-call", "staff", "/desk/calls/{call}/", "staff"),
    Stop("desk-call-draft", "staff", "/desk/calls/{draft}/", "staff"),
    Stop("desk-call-preview", "staff", "/calls/{draft}/", "staff"),
    Stop("desk-call-texts", "staff", "/desk/calls/{draft}/edit/texts/", "staff"),
    Stop("desk-call-offer", "staff", "/desk/calls/{draft}/edit/offer/", "staff"),
    Stop("desk-call-dates", "staff", "/desk/calls/{draft}/edit/dates/", "staff"),
    Stop("desk-call-who", "staff", "/desk/calls/{draft}/edit/who/", "staff"),
    Stop("desk-call-criteria", "staff", "/desk/calls/{draft}/edit/criteria/", "staff"),
    Stop("desk-call-documents", "staff", "/desk/calls/{draft}/edit/documents/", "staff"),
    Stop("desk-call-late", "staff", "/desk/calls/{closed}/late/", "staff"),
    Stop("desk-call-publish", "staff", "/desk/calls/{draft}/publish/", "staff"),
    Stop("desk-call-extend", "staff", "/desk/calls/{call}/extend/", "staff"),
    Stop("desk-call-withdraw", "staff", "/desk/calls/{call}/withdraw/", "staff"),
    Stop("desk-call-decide", "staff", "/desk/calls/{closed}/decide/", "staff"),
    Stop("desk-board", "staff", "/desk/calls/{judged_call}/board/", "staff"),
    Stop("desk-panel", "staff", "/desk/calls/{judged_call}/panel/", "staff"),
    Stop("desk-outcomes", "staff", "/desk/calls/{judged_call}/outcomes/", "staff"),
    Stop("desk-release", "staff", "/desk/calls/{judged_call}/release/", "staff"),
    Stop("desk-outcomes-released", "staff", "/desk/calls/{decided_call}/outcomes/", "staff"),
    Stop("desk-application", "staff", "/desk/applications/{screened}/", "staff"),
    Stop("desk-application-reviewed", "staff", "/desk/applications/{judged}/", "staff"),
    Stop("desk-awards", "staff", "/desk/awards/", "staff"),
    Stop("desk-new-award", "staff", "/desk/awards/new/", "staff"),
    Stop("desk-adjust", "staff", "/desk/awards/{award}/adjust/", "staff"),
    Stop("desk-revoke", "staff", "/desk/awards/{award}/revoke/", "staff"),
]
STOPS = [*VISITOR, *RESEARCHER, *FOCAL_POINT, *OPERATOR, *REVIEWER, *STAFF]
READERS = ["visitor", "researcher", "focal_point", "operator", "reviewer", "staff"]


def build(cast: dict[str, Any]) -> dict[str, str]:
    """Make the rows; returns what stands in the braces. `cast` holds people, organisations and the instrument."""
    names = {"instrument": cast["instrument"].slug, "institute": cast["institute"].slug}
    names["laboratory"] = cast["laboratory"].slug
    names |= _calls(cast) | _applications(cast) | _judging(cast) | _instruments(cast)
    return names | _interests() | _bookings(cast) | _people(cast)


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
    policy.late_cancel_percent = 50
    policy.save()
    days = [monday + timedelta(days=day) for day in range(5)]
    booking = BookingFactory(award=award, start=days[0], purpose="Two crystals of copper")
    request = BookingFactory(award=award, start=days[1], state=BookingState.REQUESTED)
    ready = BookingFactory(award=award, start=now, minutes=30, session__state=SessionState.READY)
    elsewhere = AwardFactory(**about | {"instrument": InstrumentFactory(organisation=cast["laboratory"])})
    live = {"session__state": SessionState.LIVE, "session__opened_at": now}
    begun = BookingFactory(award=elsewhere, start=now, **live)
    over = BookingFactory(award=award, start=now - timedelta(days=2), state=BookingState.COMPLETED)
    Session.objects.create(booking=over, starts_at=over.start, ends_at=over.end, state=SessionState.ENDED)
    return {
        "award": award.ref,
        "offered": offered.ref,
        "to_report": ended.ref,
        "booking": booking.ref,
        "request": request.ref,
        "ready": ready.ref,
        "live": begun.ref,
        "over": over.ref,
        "week": week_name(monday.date()),
        "slot": days[2].strftime("%Y-%m-%dT%H:%MZ"),
        "past": (now - timedelta(days=7)).strftime("%Y-%m-%dT09:00Z"),
    }


def _people(cast: dict[str, Any]) -> dict[str, str]:
    asked = MembershipFactory(
        user=UserFactory(name="Neema Newcomer"), organisation=cast["institute"], state=MembershipState.REQUESTED
    )
    OrganisationFactory(name="Savanna College", state=OrganisationState.PROPOSED)
    return {"asked": str(asked.pk)}
