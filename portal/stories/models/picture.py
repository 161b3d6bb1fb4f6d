"""Pictures of stories, events and instruments, and the smaller ones that workers draw of them."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from instruments.models import Instrument
from portal.core.files import KeptFile, private_place
from portal.core.models import Timestamped
from portal.stories.enums import PictureFormat, PictureState, Ratio
from portal.stories.models.event import Event
from portal.stories.models.story import Story
from portal.stories.querysets import PictureQuerySet


class Picture(KeptFile):
    """Drawn anew when it came, without its metadata; nobody is served `file` itself but its variants.

    `focus_x` and `focus_y` are the point that matters, in per cent from the left and from the top: crops keep it.
    `version` counts the changes of its words, crop and place, so that nobody is overwritten.
    """

    story = models.ForeignKey(Story, models.CASCADE, null=True, blank=True, related_name="pictures")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="pictures")
    instrument = models.ForeignKey(Instrument, models.CASCADE, null=True, blank=True, related_name="pictures")
    file = models.ImageField(_("picture"), upload_to=private_place("stories"), max_length=200)
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))
    alt = models.CharField(_("what it shows"), max_length=250, help_text=_("For those who do not see it"))
    caption = models.CharField(_("caption"), max_length=250, blank=True)
    credit = models.CharField(_("who took it"), max_length=150, blank=True)
    ratio = models.CharField(_("crop"), max_length=6, choices=Ratio.choices, default=Ratio.WIDE)
    focus_x = models.PositiveSmallIntegerField(
        _("focus from the left"), default=50, validators=[MaxValueValidator(100)]
    )
    focus_y = models.PositiveSmallIntegerField(_("focus from the top"), default=50, validators=[MaxValueValidator(100)])
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=PictureState.choices, default=PictureState.WAITING)
    version = models.PositiveIntegerField(_("version"), default=0, db_default=0, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(story__isnull=False, event=None, instrument=None)
                | Q(story=None, event__isnull=False, instrument=None)
                | Q(story=None, event=None, instrument__isnull=False),
                name="picture_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(focus_x__lte=100, focus_y__lte=100), name="picture_focus_within"),
        ]
        indexes = [models.Index(fields=["id"], name="picture_to_prepare", condition=Q(state=PictureState.WAITING))]

    def __str__(self) -> str:
        return self.alt

    def drawn_as(self, kind: str, most: int = 1080) -> "Variant | None":
        """The widest drawing of format `kind` that is at most `most` points wide, else its narrowest; None before any.

        Fetch `variants` with the rows; of those it asks nothing more.
        """
        drawings = sorted((row for row in self.variants.all() if row.format == kind), key=lambda row: row.width)
        return next((row for row in reversed(drawings) if row.width <= most), drawings[0] if drawings else None)


class Variant(Timestamped):
    """One drawing of a picture; `digest` is of its bytes and stands in its address, so that it may be kept for ever."""

    picture = models.ForeignKey(Picture, models.CASCADE, related_name="variants", verbose_name=_("picture"))
    format = models.CharField(_("format"), max_length=5, choices=PictureFormat.choices)
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))
    size = models.PositiveIntegerField(_("size"), help_text=_("bytes"))
    digest = models.CharField(max_length=16, editable=False)
    file = models.FileField(_("file"), upload_to=private_place("stories"), max_length=200)

    class Meta:
        verbose_name = _("drawing of a picture")
        verbose_name_plural = _("drawings of pictures")
        ordering = ["width", "format"]
        constraints = [
            models.UniqueConstraint(fields=["picture", "format", "width"], name="variant_once_a_format_and_width")
        ]

    def __str__(self) -> str:
        return f"{self.picture}, {self.width} {self.format}"

    def get_absolute_url(self) -> str:
        return reverse("pictures:variant", args=[self.picture_id, self.digest, self.width, self.format])
