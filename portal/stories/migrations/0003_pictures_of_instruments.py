import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("instruments", "0006_withdrawn_proposals_and_awarded_places"),
        ("stories", "0002_what_people_agreed_to"),
    ]

    operations = [
        migrations.AddField(
            model_name="picture",
            name="instrument",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pictures",
                to="instruments.instrument",
            ),
        ),
        migrations.RemoveConstraint(model_name="picture", name="picture_of_one_thing"),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("event", None), ("instrument", None), ("story__isnull", False)),
                    models.Q(("event__isnull", False), ("instrument", None), ("story", None)),
                    models.Q(("event", None), ("instrument__isnull", False), ("story", None)),
                    _connector="OR",
                ),
                name="picture_of_one_thing",
            ),
        ),
    ]
