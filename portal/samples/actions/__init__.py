"""Load the sample programme: about a year of it around today, once, and a live session whenever there is none."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from calls.models import Award
from instruments.actions.reference import write_categories, write_techniques
from instruments.models import Instrument
from portal.accounts.models import User
from portal.samples.actions.applications import put_applications
from portal.samples.actions.awards import put_awards
from portal.samples.actions.calls import put_calls
from portal.samples.actions.coming import put_coming
from portal.samples.actions.contributors import put_contributors
from portal.samples.actions.counted import put_counted
from portal.samples.actions.donated import put_donated
from portal.samples.actions.drafts import put_drafts
from portal.samples.actions.events import put_events
from portal.samples.actions.fresh import put_fresh
from portal.samples.actions.instruments import PRACTICE, put_instruments, put_practice_desktop
from portal.samples.actions.interests import put_interests
from portal.samples.actions.live import put_live_session
from portal.samples.actions.lived import put_lived
from portal.samples.actions.mails import hush
from portal.samples.actions.past import put_past
from portal.samples.actions.people import DOMAIN, put_organisations, put_people
from portal.samples.actions.sent import put_sent
from portal.samples.actions.spot import put_standby
from portal.samples.actions.taught import put_taught
from portal.samples.actions.told import put_told
from portal.samples.stage import Stage

LOCK = 7_203_115  # any number, the same for all who load samples into this database
HOLDER = f"researcher{DOMAIN}"  # whose session is live


@dataclass(frozen=True)
class Loaded:
    """What a loading did: whether the programme is new, and whether a session was added."""

    is_new: bool
    has_new_session: bool


@transaction.atomic
def load_samples() -> Loaded:
    """Load everything or nothing. Rows that are there stay as people left them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    is_new = not Instrument.objects.filter(slug=PRACTICE).exists()
    if is_new:
        write_techniques()
        write_categories()
        _load(Stage(timezone.now()))
    put_practice_desktop()
    holder = User.objects.filter(email=HOLDER).first()
    session = put_live_session(holder, timezone.now()) if holder else None
    if holder:
        put_standby(holder, timezone.now())
    if is_new:
        put_counted(timezone.now())
    return Loaded(is_new, session is not None)


def _load(stage: Stage) -> None:
    """Each step uses the rows of those before it."""
    for put in (put_organisations, put_people, put_instruments, put_calls, put_awards):
        put(stage)
    for put in (put_taught, put_sent, put_past, put_lived, put_coming):
        put(stage)
    put_applications(stage)
    put_interests(stage)
    put_donated(stage)
    put_told(stage)
    put_events(stage)
    put_contributors(stage)
    stage.write_history()
    hush(stage.people.values())
    put_fresh(stage)
    put_drafts(stage)
    hush(user for user in stage.people.values() if not user.email.endswith(DOMAIN))
    if Award.objects.out_of_balance().exists():
        raise AssertionError("the balances of sample awards are not the sum of their ledger")
