"""Named questions about awards."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from calls.enums import AwardKind, AwardState, EntryKind
from portal.accounts.enums import MembershipState, Role

# Awards whose hours count as given away: not those that nobody took.
GIVEN = [AwardState.OFFERED, AwardState.ACTIVE, AwardState.ENDED, AwardState.REPORTED, AwardState.REVOKED]


class AwardQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The holder's, those shared with a researcher, those of a focal point's organisation; all to staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        return self.filter(Q(members=user) | _bookable(user)).distinct()

    def for_list(self) -> Self:
        """With what a line or a page of an award prints."""
        return self.select_related("instrument", "organisation", "holder", "call")

    def bookable_by(self, user: Any) -> Self:
        """Active awards of hours from which `user` may book: as holder, or as focal point of the organisation."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(_bookable(user), kind=AwardKind.HOURS, state=AwardState.ACTIVE)

    def giving_place(self, holder: Any, training: Any) -> Self:
        """Active awards that give `holder` a place on `training`, the oldest first."""
        giving = {"kind": AwardKind.PLACE, "state": AwardState.ACTIVE, "call__training": training}
        return self.filter(holder=holder, **giving).order_by("pk")

    def out_of_balance(self) -> Self:
        """Awards whose balance is not the sum of their ledger, with that sum as `ledger_minutes`."""
        summed = self.annotate(ledger_minutes=Coalesce(Sum("entries__minutes"), 0))
        return summed.exclude(ledger_minutes=F("balance_minutes")).order_by("pk")

    def to_answer(self, user: Any, moment: datetime) -> Self:
        """Offers to `user` that can still be answered, the most pressing first."""
        in_time = Q(answer_by=None) | Q(answer_by__gt=moment)
        return self.filter(in_time, holder=user, state=AwardState.OFFERED).order_by("answer_by", "pk")

    def unanswered_at(self, moment: datetime) -> Self:
        return self.filter(state=AwardState.OFFERED, answer_by__lte=moment)

    def perhaps_over_at(self, moment: datetime) -> Self:
        """Active awards whose last day is over somewhere on Earth; the instrument's clock has the last word."""
        return self.filter(state=AwardState.ACTIVE, valid_until__lt=(moment + timedelta(hours=14)).date())

    def with_hours_left_until(self, day: date) -> Self:
        """Active awards that end on `day` or before with hours unspent."""
        return self.filter(state=AwardState.ACTIVE, valid_until__lte=day, balance_minutes__gt=0)

    def report_due_by(self, day: date) -> Self:
        """Ended awards whose report is still to come and due on `day` or before, the longest due first."""
        return self.filter(state=AwardState.ENDED, report_due_on__lte=day).order_by("report_due_on", "pk")

    def overdue_on(self, day: date) -> Self:
        """Ended awards whose report was due before `day` and has not come."""
        return self.report_due_by(day - timedelta(days=1))

    def report_overdue(self, user: Any, day: date) -> Self:
        """Those of them that `user` owes."""
        return self.overdue_on(day).filter(holder=user)

    def reports_of(self, user: Any) -> Self:
        """Awards of which `user` owes the report, the most pressing first."""
        return self.filter(holder=user, state=AwardState.ENDED, report_due_on__isnull=False).order_by("report_due_on")

    def waiting_for(self, user: Any, moment: datetime, until: datetime, *, most: int) -> Self:
        """What `user` does something about, in one question.

        Offers to answer at `moment`, active awards whose hours would be lost `until` then, ended ones that owe a
        report; of each the first `most`.
        """
        kinds = (
            self.to_answer(user, moment),
            self.bookable_by(user).with_hours_left_until(until.date()),
            self.reports_of(user),
        )
        offers, *others = (kind.values("pk")[:most] for kind in kinds)
        return self.filter(pk__in=offers.union(*others, all=True)).select_related("instrument", "organisation")

    def running_on(self, day: Any) -> Self:
        return self.filter(state=AwardState.ACTIVE, valid_from__lte=day, valid_until__gte=day)

    def hours_by_instrument(self) -> Any:
        """One row an instrument for these awards of hours, in minutes: granted, booked, used, left and lost.

        Granted counts corrections. Booked is what is still to come or was missed, used what sessions took, left what
        can still be booked, lost what was left when awards ended. The four come to what was granted.
        """
        entries = self.model.entries.rel.related_model.objects
        rows = entries.filter(award__in=self.filter(kind=AwardKind.HOURS, state__in=GIVEN).order_by().values("pk"))
        over = entries.filter(award=OuterRef("award"), booking=OuterRef("booking"), kind=EntryKind.USED)
        granted = Q(kind__in=[EntryKind.GRANTED, EntryKind.ADJUSTED])
        can_book = Q(award__state__in=[AwardState.OFFERED, AwardState.ACTIVE])
        summed = rows.annotate(is_over=Exists(over), name=F("award__instrument__name")).values("award__instrument")
        return summed.annotate(
            name=F("name"),
            granted=Sum("minutes", filter=granted, default=0),
            booked=-Sum("minutes", filter=~granted & Q(is_over=False), default=0),
            used=-Sum("minutes", filter=~granted & Q(is_over=True), default=0),
            left=Sum("minutes", filter=can_book, default=0),
            lost=Sum("minutes", filter=~can_book, default=0),
        ).order_by("name", "award__instrument")


def _bookable(user: Any) -> Q:
    led = user.memberships.filter(state=MembershipState.CONFIRMED, role=Role.FOCAL_POINT).values("organisation")
    return Q(holder=user) | Q(organisation__in=led)
