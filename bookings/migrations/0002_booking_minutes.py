from django.db import migrations, models

# What the ledger still holds for a booking; where that is nothing any more, the time it took.
DEBITED = """
UPDATE bookings_booking AS booking
SET minutes = greatest(1, coalesce(
    nullif((SELECT -sum(entry.minutes) FROM calls_ledgerentry AS entry WHERE entry.booking = booking.ref), 0),
    extract(epoch FROM upper(booking.period) - lower(booking.period)) / 60
))
WHERE minutes IS NULL
"""


class Migration(migrations.Migration):
    atomic = False  # a table with waiting constraint checks cannot be altered in the transaction that filled it

    dependencies = [
        ('bookings', '0001_initial'),
        ('calls', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='minutes',
            field=models.PositiveIntegerField(null=True, verbose_name='minutes debited'),
        ),
        migrations.RunSQL(DEBITED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='booking',
            name='minutes',
            field=models.PositiveIntegerField(verbose_name='minutes debited'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gt', 0)), name='booking_debits_minutes'),
        ),
    ]
