"""Shells around the actions."""

from celery import shared_task

from portal.api import actions


@shared_task(name="api.forget_old_answers")
def forget_old_answers() -> None:
    actions.forget_old_answers()
