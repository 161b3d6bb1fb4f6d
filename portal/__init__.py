"""The portal's shared rooms; see docs/house.md for the map."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
