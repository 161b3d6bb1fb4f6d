import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

# What was merged before its name was kept: the kept ones are found by it from now on.
NAMES_OF_MERGED = r"""
UPDATE accounts_organisation AS kept SET former_names = merged.names FROM (
    SELECT main.id, string_agg(DISTINCT old.name, E'\n' ORDER BY old.name) AS names
    FROM accounts_organisation AS old JOIN accounts_organisation AS main ON main.id = old.merged_into_id
    WHERE lower(old.name) <> lower(main.name) GROUP BY main.id
) AS merged WHERE kept.id = merged.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_directory'),
    ]

    operations = [
        migrations.CreateModel(
            name='KnownPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
            ],
            options={
                'verbose_name': 'pair that is two',
                'verbose_name_plural': 'pairs that are two',
                'ordering': ['-pk'],
            },
        ),
        migrations.RemoveIndex(
            model_name='organisation',
            name='organisation_search_en',
        ),
        migrations.RemoveIndex(
            model_name='organisation',
            name='organisation_search_fr',
        ),
        migrations.AddField(
            model_name='organisation',
            name='former_names',
            field=models.TextField(blank=True, db_default='', default='', help_text='One a line; it is found by them', verbose_name='former names'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='other_names',
            field=models.TextField(blank=True, db_default='', default='', help_text='One a line; it is found by them', verbose_name='other names and acronyms'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Lower(models.F('summary_en')), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Lower(models.F('summary_en')), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), models.Func(django.db.models.functions.text.Lower(models.F('name')), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), models.Func(django.db.models.functions.text.Lower(models.F('city')), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), models.Func(django.db.models.functions.text.Lower(models.F('former_names')), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), models.Func(django.db.models.functions.text.Lower(models.F('other_names')), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), config='simple', weight='A'), django.contrib.postgres.search.SearchConfig('english')), name='organisation_search_en'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Lower(django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(models.F('summary_fr'), models.Value('')), models.F('summary_en'))), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), config='french', weight='A'), '||', django.contrib.postgres.search.SearchVector(models.Func(django.db.models.functions.text.Lower(django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(models.F('summary_fr'), models.Value('')), models.F('summary_en'))), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), models.Func(django.db.models.functions.text.Lower(models.F('name')), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), models.Func(django.db.models.functions.text.Lower(models.F('city')), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), models.Func(django.db.models.functions.text.Lower(models.F('former_names')), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), models.Func(django.db.models.functions.text.Lower(models.F('other_names')), models.Value('àáâãäåāçćčèéêëēğìíîïīłñńòóôõöōśşšùúûüūýÿž'), models.Value('aaaaaaaccceeeeegiiiiilnnoooooosssuuuuuyyz'), function='translate', output_field=models.TextField()), config='simple', weight='A'), django.contrib.postgres.search.SearchConfig('french')), name='organisation_search_fr'),
        ),
        migrations.AddField(
            model_name='knownpair',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organisation', verbose_name='organisation'),
        ),
        migrations.AddField(
            model_name='knownpair',
            name='said_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='said by'),
        ),
        migrations.AddField(
            model_name='knownpair',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organisation', verbose_name='the other one'),
        ),
        migrations.AddConstraint(
            model_name='knownpair',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='known_pair_said_once'),
        ),
        migrations.AddConstraint(
            model_name='knownpair',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='known_pair_in_order'),
        ),
        migrations.RunSQL(NAMES_OF_MERGED, migrations.RunSQL.noop),
    ]
