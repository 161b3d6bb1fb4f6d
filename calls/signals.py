"""What calls announce to the apps above; sent inside the action's transaction."""

from django.dispatch import Signal

call_published = Signal()  # call
award_revoked = Signal()  # award, by
