"""When a session's report was reminded of, and whether an outcome may become a story."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("bookings", "0006_live_sessions")]

    operations = [
        migrations.AddField(
            "session",
            "report_told_at",
            models.DateTimeField(blank=True, null=True, verbose_name="reminded of the report"),
        ),
        migrations.AddField(
            "outcome",
            "may_become_story",
            models.BooleanField(db_default=False, default=False, verbose_name="may become a story"),
        ),
        migrations.AddField(
            "outcome",
            "story_consent",
            models.TextField(blank=True, db_default="", verbose_name="what was agreed to"),
        ),
        migrations.AddConstraint(
            "outcome",
            models.CheckConstraint(
                condition=Q(("may_become_story", False)) | ~Q(("story_consent", "")),
                name="outcome_story_by_consent",
            ),
        ),
    ]
