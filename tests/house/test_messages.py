"""Every word in every language: the catalogues, the templates, and each message that is sent."""

import ast
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from django.conf import settings
from django.core.management import call_command
from django.db.models import Model
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.formats import date_format

from bookings.models import Booking, Dataset, Outcome
from portal.management.catalogue import problem_of, problems_of
from portal.management.wording import hard_coded, hard_coded_in
from portal.notifications.kinds import KINDS, Kind
from portal.notifications.models import Notification
from portal.notifications.rendering import Letter, Renderer
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.applications import (
    ApplicationFactory,
    EndorsementFactory,
    PanelMemberFactory,
    ReviewFactory,
    TeamMemberFactory,
)
from tests.factories.bookings import BookingFactory, StandbyEntryFactory, WaitlistEntryFactory
from tests.factories.calls import AwardFactory, CallFactory, LateAccessFactory
from tests.factories.instruments import ConnectorFactory, InstrumentFactory
from tests.factories.interests import InterestFactory
from tests.factories.samples import SampleFactory
from tests.factories.trainings import CertificateFactory, TrainingFactory, TrainingPlaceFactory, TrainingWishFactory
from tests.house.contributor_messages import AGREED
from tests.house.donation_messages import GIVEN
from tests.house.event_messages import EVENTS
from tests.house.story_messages import TOLD

CATALOGUES = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po"))
WORDED = {name: kind for name, kind in KINDS.items() if not kind.prerendered and not name.startswith("testing.")}
OTHERS = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def test_every_language_has_its_catalogue() -> None:
    assert [path.parent.parent.name for path in CATALOGUES] == sorted(OTHERS)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_every_string_is_translated_and_keeps_its_placeholders(path: Path) -> None:
    assert problems_of(path) == []


def test_templates_hold_no_text_of_their_own() -> None:
    assert hard_coded_in(settings.BASE_DIR / "templates") == []


def test_gettext_keeps_the_names_by_which_strings_are_found() -> None:
    """xgettext looks for the functions' own names and for `_`: under any other, strings never reach the catalogue."""
    rooms = ("bookings", "calls", "donations", "instruments", "portal")
    files = [path for room in rooms for path in sorted((settings.BASE_DIR / room).rglob("*.py"))]
    renamed = [
        f"{path.relative_to(settings.BASE_DIR)}: {name.name} as {name.asname}"
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname not in (None, "_")
    ]
    assert renamed == []


def test_no_string_to_translate_hides_in_another() -> None:
    """xgettext does not look into the braces of an f-string: what stands there never reaches the catalogue."""
    functions = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}
    rooms = ("bookings", "calls", "donations", "instruments", "portal")
    hidden = [
        f"{path.relative_to(settings.BASE_DIR)}:{call.lineno}"
        for room in rooms
        for path in sorted((settings.BASE_DIR / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in functions
    ]
    assert hidden == []


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (Message("Book", "Réserver"), None),
        (Message("Book", ""), "not translated"),
        (Message("Book", "Réserver", flags=["fuzzy"]), "marked as fuzzy"),
        (Message("Until %(day)s", "Jusqu’au %(jour)s"), "other placeholders or tags than the original"),
        (Message("<b>Book</b>", "Réserver"), "other placeholders or tags than the original"),
        (Message(("%(n)s day", "%(n)s days"), ("%(n)s jour", "%(n)s jours")), None),
        (Message(("%(n)s day", "%(n)s days"), ("%(n)s jour", "")), "not translated"),
        (Message(("One day", "%(n)s days"), ("%(n)s jour", "%(n)s jours")), None),
        (Message(("One day", "%(n)s days"), ("Un jour", "des jours")), "other placeholders or tags than the original"),
    ],
)
def test_what_is_wrong_with_a_message(message: Message, problem: str | None) -> None:
    assert problem_of(message) == problem


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Choose a time</p>", ["Choose a time"]),
        ("<p>Wählen</p>", ["Wählen"]),
        ('<img alt="A diffractometer">', ["A diffractometer"]),
        ('<nav aria-label="Week">', ["Week"]),
        ("Hello {{ name }},", ["Hello"]),
        ('<p class="meta">{% translate "Choose a time" %} {{ start }} – 12:30</p>', []),
        ("{% blocktranslate trimmed %}Choose <b>a time</b>{% endblocktranslate %}", []),
        ("{# why it is so #}{% comment %}why{% endcomment %}<!-- why -->", []),
        ('<bdi translate="no">Apsara</bdi> ORCID', []),
        ("{{ mark }}&nbsp;{{ word }}", []),
    ],
)
def test_which_words_of_a_template_count_as_hard_coded(source: str, words: list[str]) -> None:
    assert hard_coded(source) == words


def test_the_check_works_without_gettext_and_says_what_it_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    said = StringIO()
    call_command("check_messages", stdout=said)
    assert "xgettext is missing, install the package gettext" in said.getvalue()


def test_no_string_of_ours_changes_the_names_of_days_and_months() -> None:
    days = [date(2027, month, 3) for month in range(1, 13)]
    with translation.override("fr"):
        words = " ".join(date_format(day, "l F") for day in days)
    assert words == (
        "dimanche janvier mercredi février mercredi mars samedi avril lundi mai jeudi juin samedi juillet mardi août "
        "vendredi septembre dimanche octobre mercredi novembre vendredi décembre"
    )


@pytest.mark.parametrize("name", WORDED)
def test_each_kind_of_message_has_its_three_templates(name: str) -> None:
    for ending in ("subject.txt", "txt", "html"):
        assert get_template(f"{WORDED[name].template}.{ending}")


@pytest.mark.parametrize("name", [name for name, kind in WORDED.items() if kind.has_part])
def test_what_may_be_in_a_digest_has_words_for_it_and_ends_like_the_others(name: str) -> None:
    assert WORDED[name].unsubscribe is not None
    for ending in ("part.txt", "part.html"):
        assert get_template(f"{WORDED[name].template}.{ending}")


@pytest.fixture
def row() -> Callable[[str], Model]:
    """A row that a kind of message can be about, in the state in which it makes sense, by the kind's name."""

    def make(name: str) -> Model:
        if name in JUDGING:
            return JUDGING[name]()
        if name in TAUGHT:
            return TAUGHT[name]()
        if name in GIVEN:
            return GIVEN[name]()
        if name in AGREED:
            return AGREED[name]()
        if name in TOLD:
            return TOLD[name]()
        if name in EVENTS:
            return EVENTS[name]()
        if name.startswith("instruments."):
            return InstrumentFactory(state=name.removeprefix("instruments."))
        if name.startswith("bookings.sample_"):
            state = name.removeprefix("bookings.sample_")
            return SampleFactory(state="returned" if state == "over" else state, award__title="Élan 27")
        if name in ("bookings.invited", "bookings.guest_moved", "bookings.guest_off"):
            session = BookingFactory().session
            if name == "bookings.guest_off":
                Booking.objects.update(state="cancelled")
            return session.guests.create(email="guest@example.org", invited_by=UserFactory())
        if name == "bookings.said":
            session = BookingFactory().session
            return session.messages.create(author=UserFactory(), text="Élan 27", sent_at=timezone.now())
        if name == "bookings.story_offered":
            about = {"title": "Élan 27", "organisation__name": "Institute"}
            award, now = AwardFactory(**about, state="reported"), timezone.now()
            return Outcome.objects.create(award=award, reported_at=now, may_become_story=True, story_consent="Yes")
        if name.startswith("bookings.dataset_"):
            return Dataset.objects.create(booking=BookingFactory(), title="Élan 27", kept_until=date(2030, 1, 1))
        if name == "bookings.wait_over":
            return WaitlistEntryFactory(state="expired")
        if name == "bookings.standby_over":
            return StandbyEntryFactory(state="left")
        if name.startswith("bookings.standby_"):
            state = "held" if name in ("bookings.standby_called", "bookings.standby_ending") else "released"
            row = BookingFactory(state=state, held_until=timezone.now() + timedelta(minutes=9))
            StandbyEntryFactory(award=row.award, booking=row, state="called" if state == "held" else "passed")
            return row
        if name in ("bookings.offered", "bookings.offer_expired"):
            state = "held" if name == "bookings.offered" else "released"
            held_until, entry = timezone.now() + timedelta(days=1), WaitlistEntryFactory()
            return BookingFactory(state=state, held_until=held_until, entry=entry)
        if name.startswith("bookings."):
            states = dict.fromkeys(("bookings.requested", "bookings.asked", "bookings.series_asked"), "requested")
            states["bookings.series_cancelled"] = "cancelled"
            states |= dict.fromkeys(
                ("bookings.report_due", "bookings.report_due_laboratory", "bookings.returned"), "completed"
            )
            disturbed = {"disturbances": ["hours", "unit"], "disturbed_at": timezone.now()}
            in_the_way = disturbed if name == "bookings.disturbed" else {}
            return BookingFactory(state=states.get(name, "confirmed"), **in_the_way)
        if name.startswith("calls.award_"):
            states = {"calls.award_offered": "offered", "calls.award_report_due": "ended"}
            states["calls.award_report_overdue"] = "ended"
            return AwardFactory(state=states.get(name, "active"), report_due_on=date(2027, 4, 30))
        if name.startswith("calls.outcome_"):
            return outcome(name.removeprefix("calls.outcome_"))
        if name == "calls.instrument_listed":
            return InstrumentFactory(state="listed")
        if name == "calls.call_taken_back":
            return CallFactory(state="withdrawn", title_en="Élan 27", title_fr="Élan 27")
        if name.startswith("calls.call_") or name == "notifications.digest":
            return CallFactory(title_en="Élan 27", title_fr="Élan 27")
        if name == "calls.late_access":
            return LateAccessFactory(call=CallFactory(title_en="Élan 27", title_fr="Élan 27"))
        if name.startswith("calls.team_"):
            joined = {} if name == "calls.team_invited" else {"user": UserFactory(), "accepted_at": timezone.now()}
            return TeamMemberFactory(application__title="Élan 27", **joined)
        if name.startswith("calls.endorsement_"):
            is_given = {"given": True, "refused": False}.get(name.rpartition("_")[2])
            at = None if is_given is None else timezone.now()
            return EndorsementFactory(application__title="Élan 27", is_given=is_given, at=at)
        if name.startswith("calls.application_"):
            is_returned = name == "calls.application_returned"
            return ApplicationFactory(
                title="Élan 27", return_note="", **{"returned" if is_returned else "screening": True}
            )
        if name.startswith("calls."):
            return InterestFactory(unconfirmed=name == "calls.confirm_interest")
        organisation = OrganisationFactory(state="proposed")
        return MembershipFactory(organisation=organisation, state="requested")

    return make


def asked_laboratory() -> Model:
    """A laboratory of which somebody asks to be trained."""
    return TrainingWishFactory().instrument.organisation


# What people are told of trainings and certificates.
TAUGHT: dict[str, Callable[[], Model]] = {
    "instruments.training_opened": lambda: TrainingFactory(title="Élan 27"),
    "instruments.training_changed": lambda: TrainingFactory(title="Élan 27"),
    "instruments.training_cancelled": lambda: TrainingFactory(title="Élan 27", state="cancelled"),
    "instruments.training_held": lambda: TrainingFactory(title="Élan 27", over=True),
    "instruments.training_result": lambda: TrainingPlaceFactory(
        training__over=True, training__state="closed", training__title="Élan 27", result="failed", state="given"
    ),
    "instruments.place_given": lambda: TrainingPlaceFactory(training__title="Élan 27", state="given"),
    "instruments.place_refused": lambda: TrainingPlaceFactory(training__title="Élan 27", state="refused"),
    "instruments.wish_answered": lambda: TrainingWishFactory(state="answered"),
    "instruments.requests_gathered": asked_laboratory,
    "instruments.connector_paired": ConnectorFactory,
    "instruments.connector_revoked": ConnectorFactory,
    "instruments.certificate_given": CertificateFactory,
    "instruments.certificate_renewed": CertificateFactory,
    "instruments.certificate_ending": CertificateFactory,
    "instruments.certificate_revoked": lambda: CertificateFactory(revoked_at=timezone.now()),
}
# What those who judge are told of.
JUDGING: dict[str, Callable[[], Model]] = {
    "calls.checks_waiting": lambda: ApplicationFactory(feasibility=True, instrument=InstrumentFactory()),
    "calls.panel_joined": PanelMemberFactory,
    "calls.reviews_assigned": lambda: ReviewFactory(application__review=True),
    "calls.review_reopened": lambda: ReviewFactory(application__review=True, application__title="Élan 27"),
}


def outcome(what: str) -> Model:
    """An application whose outcome is told by a message called `outcome_<what>`."""
    state = "awarded" if what == "stepped_up" else what
    application = ApplicationFactory(reserved=True, state=state, decision_note="")
    if state == "awarded":
        AwardFactory(application=application)
    return application


def letter(kind: Kind, data: dict[str, Any], language: str) -> Letter:
    row = Notification(kind=kind.name, address="a@example.org", language=language, time_zone="UTC", data=data)
    found = Renderer().letter(kind, row)
    assert found is not None
    return found


def ids_of(about: Model) -> dict[str, Any]:
    """The ids under which a kind of message may look for the row it is about, and for those around it."""
    around = ("application", "call", "instrument", "organisation", "reviewer")
    ids = {name: getattr(about, f"{name}_id") for name in around if hasattr(about, f"{name}_id")}
    if application := getattr(about, "application", None):
        ids["call"] = application.call_id
    ids |= {"place": about.pk, "wish": about.pk, "follow_up": about.pk}
    return ids | {"member": about.pk, "person": getattr(about, "user_id", None), about._meta.model_name: about.pk}


@pytest.mark.django_db
@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", WORDED)
def test_each_message_speaks_the_reader_s_language(name: str, language: str, row: Callable[[str], Model]) -> None:
    about = row(name)
    data = ids_of(about) | {"why": "", "token": "abc"}
    if name == "notifications.digest":
        data["parts"] = [{"kind": "calls.call_open", "data": {"call": about.pk}}]
    own, other = (letter(WORDED[name], data, code) for code in (settings.LANGUAGE_CODE, language))
    assert own.subject != other.subject
    alike = {line.strip() for line in own.text.splitlines()} & {line.strip() for line in other.text.splitlines()}
    assert [line for line in alike if len(line.split()) > 3] == []
    assert f'<html lang="{language}"' in other.html
