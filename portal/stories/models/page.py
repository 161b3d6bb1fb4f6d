"""Pages that staff write: how it works, how to prepare, statements."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.models import Timestamped
from portal.stories.enums import PageSection
from portal.stories.querysets import PageQuerySet


class Page(Timestamped):
    """A page that staff have written or changed; until then the text shipped with the portal stands at its address.

    `version` is the number of the newest PageVersion, whose texts these are.
    """

    slug = models.SlugField(_("address part"), max_length=60, unique=True)
    section = models.CharField(_("section"), max_length=10, choices=PageSection.choices, default=PageSection.ABOUT)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = models.TextField(_("text"), max_length=40_000, blank=True, help_text=_("Markdown"))
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    is_shown = models.BooleanField(_("shown"), default=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["section", "position", "slug"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("about:page", args=[self.slug])


class PageVersion(models.Model):
    """What a page said once: `texts` maps each column of title, summary and body (`title_fr`) to its text."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="versions", verbose_name=_("page"))
    number = models.PositiveIntegerField(_("version"))
    texts = models.JSONField(_("texts"))
    note = models.CharField(_("what was changed"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )

    class Meta:
        verbose_name = _("version of a page")
        verbose_name_plural = _("versions of pages")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="page_version_once_a_number")]

    def __str__(self) -> str:
        return f"{self.page}, {self.number}"
