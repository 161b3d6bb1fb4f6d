"""Named questions about files of applications."""

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q


class AttachmentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Of the applications that `user` may open, and of those given to them to review without names.

        With `is_named`: whether they may read the name of the file too.
        """
        if not user.is_authenticated:
            return self.none()
        applications = apps.get_model("calls", "Application").objects.visible_to(user)
        reviews = apps.get_model("calls", "Review").objects.own(user)
        rows = self.annotate(is_named=Exists(applications.filter(pk=OuterRef("application"))))
        return rows.filter(Q(is_named=True) | Exists(reviews.filter(application=OuterRef("application"))))
