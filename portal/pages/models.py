"""What the rooms above all apps keep: figures of impact, and the words that searches are corrected by."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Figures(models.Model):
    """All figures of the programme up to the end of a day (UTC), as a job counted them at `computed_at`.

    Counting a day again gives the same `figures` as long as the rows up to it are the same.
    """

    until = models.DateField(_("counted up to"), unique=True)
    figures = models.JSONField(_("figures"))
    computed_at = models.DateTimeField(_("counted at"))
    seconds = models.FloatField(_("took"), help_text=_("seconds"))

    class Meta:
        verbose_name = _("figures")
        verbose_name_plural = _("figures")
        ordering = ["-until"]

    def __str__(self) -> str:
        return self.until.isoformat()


class SearchWord(models.Model):
    """A word of what the public may find, folded, in a language, with how many texts hold it.

    `trigrams` are its runs of three letters, by which a mistyped word finds it: PostgreSQL's own arrays, no extension.
    """

    word = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    texts = models.PositiveIntegerField(_("texts with it"))
    trigrams = ArrayField(models.CharField(max_length=3))

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        constraints = [models.UniqueConstraint(fields=["language", "word"], name="search_word_once_a_language")]
        indexes = [GinIndex(fields=["trigrams"], name="search_word_trigrams")]

    def __str__(self) -> str:
        return self.word
