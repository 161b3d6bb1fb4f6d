"""What donations do when something is announced."""

from typing import Any

from django.dispatch import receiver

from donations.actions.follow_up import plan_follow_ups
from donations.signals import match_completed


@receiver(match_completed)
def ask_after_it(match: Any, **kwargs: Any) -> None:
    plan_follow_ups(match)
