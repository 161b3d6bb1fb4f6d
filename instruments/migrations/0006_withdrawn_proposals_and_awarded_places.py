from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("instruments", "0005_proposals_and_agreements"),
    ]

    operations = [
        migrations.AddField(
            model_name="trainingplace",
            name="award",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=12, verbose_name="award"),
        ),
        migrations.AlterField(
            model_name="instrument",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("proposed", "proposed"),
                    ("returned", "returned for changes"),
                    ("listed", "listed"),
                    ("refused", "refused"),
                    ("withdrawn", "thrown away"),
                    ("suspended", "suspended"),
                    ("retired", "retired"),
                ],
                default="draft",
                max_length=10,
                verbose_name="state",
            ),
        ),
    ]
